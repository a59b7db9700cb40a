/**
 * The process table of Windows, from CIM through PowerShell and from netstat. A look costs about half a second, so
 * callers look rarely. The environment of another process cannot be read without native code: it is always null here.
 * A look that failed throws: an empty table would read as "everything has ended".
 */
import { z } from 'zod';
import { AppError } from '../../platform/app-error.ts';
import type { ProcessInfo, SearchableProcessTable } from './process-table.ts';
import type { RunCommand } from './run-command.ts';

/** PowerShell takes seconds on a machine that is busy loading a model. */
const TIMEOUT_MS = 15_000;

const RowSchema = z.object({
  pid: z.number().int(),
  parentPid: z.number().int(),
  /** 100 ns since 1601, as text: as a JSON number it would lose its last digits. */
  started: z.string(),
  command: z.string(),
});

/**
 * Reads what `listScript` prints; one process comes as an object, several as a list, none as nothing.
 * A parent's pid outlives the parent and is given to another program: a parent that is younger than its child is no parent.
 */
export function parseCimProcesses(output: string): ProcessInfo[] {
  const text = output.replace(/^\uFEFF/, '').trim();
  if (text === '') return [];
  const parsed: unknown = JSON.parse(text);
  const rows = (Array.isArray(parsed) ? parsed : [parsed])
    .map((row) => RowSchema.safeParse(row).data)
    .filter((row) => row !== undefined)
    // The idle process has no start time: who it is cannot be proven, nor need be.
    .filter((row) => /^\d+$/.test(row.started));
  const startedAt = new Map(rows.map((row) => [row.pid, BigInt(row.started)]));
  return rows.map((row) => ({
    pid: row.pid,
    parentPid: (startedAt.get(row.parentPid) ?? 0n) > BigInt(row.started) ? 0 : row.parentPid,
    groupId: null,
    startToken: `${row.started}/${row.pid}`,
    command: row.command.trim(),
  }));
}

/** Pid that listens on `port` at a loopback or wildcard address in `netstat -ano`; the word for "listening" is translated, so it is not read. */
export function parseNetstatListener(output: string, port: number): number | null {
  for (const line of output.split(/\r?\n/)) {
    const [protocol, local, remote, ...rest] = line.trim().split(/\s+/);
    if (protocol !== 'TCP' || local === undefined || !/^(0\.0\.0\.0|\[::\]):0$/.test(remote ?? '')) continue;
    const match = /^(0\.0\.0\.0|127\.\d+\.\d+\.\d+|\[::1?\]):(\d+)$/.exec(local);
    const pid = Number(rest.at(-1));
    if (match !== null && Number(match[2]) === port && Number.isInteger(pid)) return pid;
  }
  return null;
}

/** The PowerShell that prints one process, or all when `pid` is null. */
export function listScript(pid: number | null): string {
  const filter = pid === null ? '' : ` -Filter 'ProcessId=${pid}'`;
  const row = [
    'pid=[int]$_.ProcessId',
    'parentPid=[int]$_.ParentProcessId',
    "started=$(if($_.CreationDate){$_.CreationDate.ToFileTimeUtc().ToString()}else{''})",
    'command=$(if($_.CommandLine){$_.CommandLine}elseif($_.ExecutablePath){$_.ExecutablePath}else{$_.Name})',
  ].join('; ');
  return [
    "$ErrorActionPreference='Stop'",
    // Without this, PowerShell 5 prints in the code page of the console and spoils every path that is not ASCII.
    '[Console]::OutputEncoding=[Text.UTF8Encoding]::new($false)',
    `Get-CimInstance Win32_Process${filter} | ForEach-Object { [pscustomobject]@{ ${row} } } | ConvertTo-Json -Compress`,
  ].join('; ');
}

export function createWindowsProcessTable(deps: { readonly run: RunCommand }): SearchableProcessTable {
  const systemFolder = `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32`;

  async function query(pid: number | null): Promise<ProcessInfo[]> {
    const outcome = await deps.run(
      `${systemFolder}\\WindowsPowerShell\\v1.0\\powershell.exe`,
      ['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-Command', listScript(pid)],
      { timeoutMs: TIMEOUT_MS },
    );
    if (outcome.kind === 'exited' && outcome.exitCode === 0) return parseCimProcesses(outcome.stdout);
    throw new AppError('internal', 'Windows did not tell which processes run: PowerShell failed.', {
      details: { outcome: outcome.kind === 'exited' ? outcome.stderr.trim() : outcome.kind },
    });
  }

  async function find(pid: number): Promise<ProcessInfo | null> {
    if (!Number.isInteger(pid) || pid < 1) return null;
    return (await query(pid)).find((process) => process.pid === pid) ?? null;
  }

  return {
    list: () => query(null),
    find,
    environmentOf: async () => null,
    pidsWithEnvironment: async () => new Set(),
    async listenerOf(port) {
      const outcome = await deps.run(`${systemFolder}\\netstat.exe`, ['-ano'], { timeoutMs: TIMEOUT_MS });
      const pid = outcome.kind === 'exited' ? parseNetstatListener(outcome.stdout, port) : null;
      return pid === null ? null : find(pid);
    },
  };
}
