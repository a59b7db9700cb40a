/** A clock that stands until told: timers fire in order while time is moved by hand. */
import type { Clock } from '../../engine/platform/clock.ts';

export interface ManualClock extends Clock {
  /** Lets time pass, firing what becomes due on the way, and lets promises settle after each. */
  advance(ms: number): Promise<void>;
  /** The computer sleeps: the wall clock goes on, the monotonic one and timers stand still. */
  suspend(ms: number): void;
  /** Somebody sets the wall clock. */
  setWallClock(epochMs: number): void;
  /** Timers that have not fired. */
  readonly timers: number;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** @param startedAt epoch milliseconds; the monotonic clock starts at 1000 */
export function createManualClock(startedAt = 1_795_000_000_000): ManualClock {
  let monotonic = 1000;
  let offset = startedAt - monotonic;
  const timers = new Set<Timer>();

  const nextDue = (until: number): Timer | undefined =>
    [...timers].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];

  return {
    now: () => monotonic + offset,
    monotonic: () => monotonic,
    after(delayMs, callback) {
      const timer: Timer = { at: monotonic + Math.max(0, delayMs), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const until = monotonic + ms;
      await settle();
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        monotonic = Math.max(monotonic, timer.at);
        timers.delete(timer);
        timer.callback();
        await settle();
      }
      monotonic = until;
    },
    suspend(ms) {
      offset += ms;
    },
    setWallClock(epochMs) {
      offset = epochMs - monotonic;
    },
    get timers() {
      return timers.size;
    },
  };
}

/** Long enough for a chain of awaits between two timers. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
