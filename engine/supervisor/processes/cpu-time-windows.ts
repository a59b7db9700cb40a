/** Processor time on Windows, by one short PowerShell command. */
import type { ReadCpuSeconds } from './cpu-time.ts';
import type { RunCommand } from './run-command.ts';

/** PowerShell alone takes a second to start, more under load. */
const TIMEOUT_MS = 10_000;

/** The 100-nanosecond ticks that the command below prints, as seconds: whole numbers, so no locale's decimal comma. */
export function parseTicks(output: string): number | null {
  const text = output.trim();
  return /^\d+$/.test(text) ? Number(text) / 10_000_000 : null;
}

export function createWindowsCpuTime(run: RunCommand): ReadCpuSeconds {
  return async (pids) => {
    if (pids.length === 0) return null;
    const command = `$t = 0; Get-Process -Id ${pids.join(',')} -ErrorAction SilentlyContinue | ForEach-Object { $t += $_.TotalProcessorTime.Ticks }; $t`;
    const outcome = await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', command], {
      timeoutMs: TIMEOUT_MS,
    });
    return outcome.kind === 'exited' ? parseTicks(outcome.stdout) : null;
  };
}
