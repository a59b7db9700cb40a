/**
 * The process table of macOS, from `ps` and `lsof`: there is no /proc, and no way to ask the kernel without native code.
 * A look that failed throws: an empty table would read as "everything has ended".
 */
import { AppError } from '../../platform/app-error.ts';
import type { ProcessInfo, SearchableProcessTable } from './process-table.ts';
import type { RunCommand } from './run-command.ts';

const COLUMNS = 'pid=,ppid=,pgid=,stat=,lstart=,command=';
const TIMEOUT_MS = 5_000;

/** Start times in one language and one time zone, so that they compare equal after the user travels; text stays UTF-8. */
const ENVIRONMENT = { LC_ALL: '', LC_TIME: 'C', LC_CTYPE: 'en_US.UTF-8', TZ: 'UTC' };

/** Reads `ps -o pid=,ppid=,pgid=,stat=,lstart=,command=`. Lines that are something else are left out. */
export function parsePs(output: string): ProcessInfo[] {
  const processes: ProcessInfo[] = [];
  for (const line of output.split(/\r?\n/)) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+\d+:\d+:\d+\s+\d{4})\s?(.*)$/.exec(line);
    if (match === null) continue;
    const [, pid, parentPid, groupId, state = '', started = '', command = ''] = match;
    if (state.startsWith('Z')) continue;
    processes.push({
      pid: Number(pid),
      parentPid: Number(parentPid),
      groupId: Number(groupId),
      // To the second, and padded ("Nov  5"): two processes share one, and one must read the same from every ps.
      startToken: `${started.replaceAll(/\s+/g, ' ')}/${pid}`,
      command: command.trim(),
    });
  }
  return processes;
}

/**
 * Value of one variable from `ps -E -o command=`, which prints the environment after the command line.
 * `commandLine` is the same without -E: what stands in the command line itself is no proof.
 */
export function parseEnvironmentValue(withEnvironment: string, commandLine: string, name: string): string | null {
  const whole = withEnvironment.trimEnd();
  const command = commandLine.trimEnd();
  if (!whole.startsWith(command)) return null;
  const environment = whole.slice(command.length);
  const start = environment.indexOf(` ${name}=`);
  if (start < 0) return null;
  const value = environment.slice(start + name.length + 2);
  // Values may hold spaces: a value ends where the next NAME= begins.
  return value.split(/ (?=[A-Za-z_][A-Za-z0-9_]*=)/, 1)[0] ?? null;
}

/** Pids whose line in `ps -axE -o pid=,command=` sets the variable to exactly this value (without spaces). */
export function parsePidsWithEnvironment(output: string, name: string, value: string): Set<number> {
  const pids = new Set<number>();
  const entry = ` ${name}=${value}`;
  for (const line of output.split(/\r?\n/)) {
    const pid = /^\s*(\d+)\s/.exec(line)?.[1];
    if (pid !== undefined && `${line} `.includes(`${entry} `)) pids.add(Number(pid));
  }
  return pids;
}

/** First pid in `lsof -F pn` whose socket answers on loopback. */
export function parseLsofListener(output: string): number | null {
  let pid: number | null = null;
  for (const line of output.split(/\r?\n/)) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    else if (pid !== null && /^n(\*|127\.\d+\.\d+\.\d+|\[::1?\]|localhost):\d+$/.test(line)) return pid;
  }
  return null;
}

export function createMacosProcessTable(deps: { readonly run: RunCommand }): SearchableProcessTable {
  async function output(command: string, args: readonly string[]): Promise<string> {
    const outcome = await deps.run(command, args, { timeoutMs: TIMEOUT_MS, environment: ENVIRONMENT });
    // ps and lsof exit 1 when nothing matched: an answer too.
    if (outcome.kind === 'exited') return outcome.stdout;
    throw new AppError('internal', `The system did not tell which processes run: ${command} failed.`, {
      details: { outcome: outcome.kind },
    });
  }

  async function find(pid: number): Promise<ProcessInfo | null> {
    if (!Number.isInteger(pid) || pid < 1) return null;
    const processes = parsePs(await output('ps', ['-ww', '-o', COLUMNS, '-p', String(pid)]));
    return processes.find((process) => process.pid === pid) ?? null;
  }

  return {
    async list() {
      return parsePs(await output('ps', ['-axww', '-o', COLUMNS]));
    },

    find,

    async environmentOf(pid, name) {
      const [withEnvironment, commandLine] = await Promise.all([
        output('ps', ['-Eww', '-o', 'command=', '-p', String(pid)]),
        output('ps', ['-ww', '-o', 'command=', '-p', String(pid)]),
      ]);
      return commandLine.trim() === '' ? null : parseEnvironmentValue(withEnvironment, commandLine, name);
    },

    async pidsWithEnvironment(name, value) {
      return parsePidsWithEnvironment(await output('ps', ['-axEww', '-o', 'pid=,command=']), name, value);
    },

    async listenerOf(port) {
      // lsof lives in a folder that is not on the PATH of programs started from the Dock.
      const listing = await output('/usr/sbin/lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-F', 'pn']);
      const pid = parseLsofListener(listing);
      return pid === null ? null : find(pid);
    },
  };
}
