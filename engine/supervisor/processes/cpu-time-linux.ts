/** Processor time on Linux, from /proc without starting a process. */
import { readFileSync } from 'node:fs';

/** USER_HZ is 100 on every architecture that Linux shows to programs. */
const TICKS_PER_SECOND = 100;

/** User and system time of /proc/<pid>/stat in seconds; null when it is not one. */
export function parseCpuSeconds(stat: string): number | null {
  // Fields are counted after the name, which may hold spaces and parentheses: the first one is field 3 of proc(5).
  const fields = stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  const ticks = Number(fields[14 - 3]) + Number(fields[15 - 3]);
  return Number.isFinite(ticks) ? ticks / TICKS_PER_SECOND : null;
}

export async function readLinuxCpuSeconds(pids: readonly number[]): Promise<number | null> {
  const known = pids.map(readOne).filter((seconds) => seconds !== null);
  return known.length === 0 ? null : known.reduce((sum, seconds) => sum + seconds, 0);
}

function readOne(pid: number): number | null {
  try {
    return parseCpuSeconds(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}
