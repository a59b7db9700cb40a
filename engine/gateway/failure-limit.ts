/**
 * Slows down guessing without ever locking anybody out: the right token is let in at any time, while wrong ones get a full
 * answer only now and then.
 */
import type { Clock } from '../platform/clock.ts';

export interface FailureLimit {
  /** Counts a failure. @returns false when there were too many lately */
  allows(): boolean;
}

const BURST = 10;
const PER_SECOND = 1;

export function createFailureLimit(clock: Pick<Clock, 'monotonic'>): FailureLimit {
  let left = BURST;
  let countedAt = clock.monotonic();
  return {
    allows() {
      const now = clock.monotonic();
      left = Math.min(BURST, left + ((now - countedAt) / 1000) * PER_SECOND);
      countedAt = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
