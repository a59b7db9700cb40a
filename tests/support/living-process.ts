/** Whether a process lives, and which of this machine's processes bear a word in their command line (Linux). */
import { readdirSync, readFileSync } from 'node:fs';

/** True also for a process of another user; false for a zombie, which has ended. */
export function lives(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Pids of living processes whose command line holds the text; make it a word nobody else uses. */
export function pidsWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return lives(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    });
}
