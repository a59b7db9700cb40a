/**
 * Runs one asynchronous task at a time and not too often: many requests make one run, and whoever asks while it runs
 * is served by the run after it. Knows nothing of what the task does.
 */
import type { CancelTimer, Clock } from '../platform/clock.ts';

export interface CoalescedTask<Result> {
  /** The task will run soon, within its rate. */
  request(): void;
  /** Runs as soon as no other run is in progress, whatever the rate; the answer comes from a run that began after this call. */
  runNow(): Promise<Result>;
  /** Runs in progress end by themselves; nothing begins after this. */
  close(): void;
}

export interface CoalescedTaskDeps<Result> {
  readonly clock: Clock;
  readonly run: () => Promise<Result>;
  /** Shortest time between the end of one run and the beginning of a requested one. */
  readonly minimumGapMs: number;
  /** A run that took long is repeated less often: the gap is at least this many times its duration. */
  readonly gapPerDuration: number;
  /** Hears of a requested run that failed; callers of `runNow` get the error themselves. */
  readonly onError: (error: unknown) => void;
}

interface Waiter<Result> {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export function createCoalescedTask<Result>(deps: CoalescedTaskDeps<Result>): CoalescedTask<Result> {
  const { clock } = deps;
  let running = false;
  let requested = false;
  let closed = false;
  let earliestAt = Number.NEGATIVE_INFINITY;
  let cancelTimer: CancelTimer | null = null;
  let waiters: Waiter<Result>[] = [];

  function schedule(): void {
    if (running || closed) return;
    if (waiters.length > 0) void start();
    else if (requested && cancelTimer === null) {
      cancelTimer = clock.after(Math.max(0, earliestAt - clock.monotonic()), () => {
        cancelTimer = null;
        void start();
      });
    }
  }

  async function start(): Promise<void> {
    cancelTimer?.();
    cancelTimer = null;
    const served = waiters;
    waiters = [];
    requested = false;
    running = true;
    const begunAt = clock.monotonic();
    try {
      const result = await deps.run();
      for (const waiter of served) waiter.resolve(result);
    } catch (error) {
      for (const waiter of served) waiter.reject(error);
      if (served.length === 0) deps.onError(error);
    }
    running = false;
    const endedAt = clock.monotonic();
    earliestAt = endedAt + Math.max(deps.minimumGapMs, (endedAt - begunAt) * deps.gapPerDuration);
    schedule();
  }

  return {
    request() {
      requested = true;
      schedule();
    },
    runNow() {
      if (closed) return Promise.reject(new Error('this task is closed'));
      return new Promise((resolve, reject) => {
        waiters.push({ resolve, reject });
        schedule();
      });
    },
    close() {
      closed = true;
      cancelTimer?.();
      cancelTimer = null;
      for (const waiter of waiters) waiter.reject(new Error('this task is closed'));
      waiters = [];
    },
  };
}
