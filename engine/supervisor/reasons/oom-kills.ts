/** How many processes the Linux kernel has killed for want of memory: a rise while ComfyUI ran explains a SIGKILL that nobody sent. */
import { readFileSync } from 'node:fs';

/** The counter `oom_kill` of /proc/vmstat (since Linux 4.13); null when it is not there. */
export function parseOomKills(vmstat: string): number | null {
  const count = /^oom_kill (\d+)$/m.exec(vmstat)?.[1];
  return count === undefined ? null : Number(count);
}

/** null on other systems. */
export function readOomKills(): number | null {
  try {
    return parseOomKills(readFileSync('/proc/vmstat', 'utf8'));
  } catch {
    return null;
  }
}
