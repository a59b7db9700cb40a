/** The documented limits: so many calls of an operation in any ten seconds. */
import type { Operation } from './faults.ts';

const WINDOW_MS = 10_000;
const MOST: Readonly<Record<Operation, number>> = {
  run: 1000,
  runsync: 2000,
  status: 2000,
  cancel: 100,
  retry: 100,
  'purge-queue': 2,
  health: 2000,
};

/** @returns false when this call is one too many (429) */
export function createRateLimit(): (operation: Operation, now: number) => boolean {
  const calls = new Map<Operation, number[]>();
  return (operation, now) => {
    const recent = (calls.get(operation) ?? []).filter((at) => at > now - WINDOW_MS);
    const allowed = recent.length < MOST[operation];
    if (allowed) recent.push(now);
    calls.set(operation, recent);
    return allowed;
  };
}
