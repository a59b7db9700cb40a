/** Processor time on macOS and other systems with a BSD `ps`. */
import type { ReadCpuSeconds } from './cpu-time.ts';
import type { RunCommand } from './run-command.ts';

const TIMEOUT_MS = 3_000;

/** Sum of `ps -o time=` lines: `[[days-]hours:]minutes:seconds[.hundredths]`, one process each; null when there is none. */
export function parsePsTimes(output: string): number | null {
  const times = output.split('\n').map((line) => /^\s*(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\s*$/.exec(line));
  const known = times.filter((time) => time !== null);
  if (known.length === 0) return null;
  return known.reduce((sum, [, days = '0', hours = '0', minutes = '0', seconds = '0']) => {
    return sum + ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  }, 0);
}

export function createMacosCpuTime(run: RunCommand): ReadCpuSeconds {
  return async (pids) => {
    if (pids.length === 0) return null;
    const outcome = await run('ps', ['-o', 'time=', '-p', pids.join(',')], { timeoutMs: TIMEOUT_MS });
    // ps exits 1 when one of them is gone, and still prints the others.
    return outcome.kind === 'exited' ? parsePsTimes(outcome.stdout) : null;
  };
}
