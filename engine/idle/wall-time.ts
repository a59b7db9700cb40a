/** Tells a time of the monotonic clock as a time of day, and a time told twice the same way twice. */
import type { Clock } from '../platform/clock.ts';

/** The two clocks drift by fractions of a millisecond; by more than this, the wall clock was set or the computer slept. */
const CLOCK_SET_MS = 1000;

/** @returns what makes an ISO 8601 time of a monotonic one, and null of null */
export function createWallTime(clock: Clock): (monotonicMs: number | null) => string | null {
  let offset = clock.now() - clock.monotonic();
  return (monotonicMs) => {
    if (monotonicMs === null) return null;
    const current = clock.now() - clock.monotonic();
    if (Math.abs(current - offset) > CLOCK_SET_MS) offset = current;
    return new Date(monotonicMs + offset).toISOString();
  };
}
