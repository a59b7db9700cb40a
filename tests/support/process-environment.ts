/** Which processes carry a mark in their environment: what a test's engine started, also when it was re-parented. Linux alone. */
import { readdirSync, readFileSync } from 'node:fs';

/** Zombies are left out: they run nothing. */
export function processesWithEnvironment(name: string, value: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && carries(pid, `${name}=${value}`));
}

function carries(pid: number, entry: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(entry);
  } catch {
    return false;
  }
}
