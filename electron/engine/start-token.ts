/**
 * Proof that a pid still names the process that wrote a lock: the same opaque token that the engine puts into `engine.lock`
 * (engine/supervisor/processes, which the shell may not import; a test holds both equal). Reads only.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** null when no living process has that pid; a zombie does not live. */
export type StartTokenOf = (pid: number) => Promise<string | null>;

export interface StartTokenSources {
  /** Text of a file, null when it cannot be read. */
  readonly read: (path: string) => string | null;
  /** Standard output, null when the program could not be run. An exit code is an answer too. */
  readonly run: (
    command: string,
    args: readonly string[],
    environment: Record<string, string>,
  ) => Promise<string | null>;
}

const systemSources: StartTokenSources = {
  read(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return null;
    }
  },
  run: (command, args, environment) =>
    new Promise((resolve) => {
      const options = { timeout: 15_000, windowsHide: true, env: { ...process.env, ...environment } };
      execFile(command, [...args], options, (error, stdout) => {
        const ran = error === null || typeof error.code === 'number';
        resolve(ran ? stdout : null);
      });
    }),
};

export function createStartTokenOf(
  platform: NodeJS.Platform,
  sources: StartTokenSources = systemSources,
): StartTokenOf {
  switch (platform) {
    case 'win32':
      return (pid) => windowsToken(pid, sources);
    case 'darwin':
      return (pid) => macosToken(pid, sources);
    default:
      return async (pid) => linuxToken(pid, sources);
  }
}

function linuxToken(pid: number, { read }: StartTokenSources): string | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in parentheses may hold anything; fields are counted from its end, the first after it is number 3 of proc(5).
  const fields = stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  const field = (number: number) => fields[number - 3];
  const [state, threads, startTicks] = [field(3), Number(field(20)), field(22)];
  const gone = state === undefined || state === 'X' || (state === 'Z' && threads <= 1);
  if (gone || startTicks === undefined) return null;
  const bootId = read('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown-boot';
  return `${bootId}/${startTicks}/${pid}`;
}

async function macosToken(pid: number, { run }: StartTokenSources): Promise<string | null> {
  // One language and one time zone, so that the token is the same after the user travels.
  const environment = { LC_ALL: '', LC_TIME: 'C', LC_CTYPE: 'en_US.UTF-8', TZ: 'UTC' };
  const line = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], environment);
  const [state, ...started] = (line ?? '').trim().split(/\s+/);
  return !state || state.startsWith('Z') ? null : `${started.join(' ')}/${pid}`;
}

async function windowsToken(pid: number, { run }: StartTokenSources): Promise<string | null> {
  const script = `(Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}').CreationDate.ToFileTimeUtc().ToString()`;
  const args = ['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-Command', script];
  const started = (await run('powershell.exe', args, {}))?.trim() ?? '';
  return /^\d+$/.test(started) ? `${started}/${pid}` : null;
}
