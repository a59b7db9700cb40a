/** Time and timers, passed in so that tests decide what time it is. Nothing else in the engine calls Date.now or setTimeout for policy. */

/** Cancels the timer it belongs to; calling it twice is fine. */
export type CancelTimer = () => void;

export interface Clock {
  /** Epoch milliseconds; jumps when the user or NTP sets the clock. For display and storage. */
  now(): number;
  /** Milliseconds that never go back. For measuring spans. */
  monotonic(): number;
  /** Runs `callback` once after `delayMs`; the timer never keeps the process alive. */
  after(delayMs: number, callback: () => void): CancelTimer;
}

/** Longest delay setTimeout takes; a greater one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), MAX_TIMER_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
