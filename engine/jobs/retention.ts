/** Forgets jobs some days after their end, with their results, a few at a time so that nobody waits for it. */
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Idempotency } from './idempotency.ts';
import type { JobQueue } from './queue.ts';
import type { JobStore } from './store.ts';

export interface RetentionDeps {
  readonly store: Pick<JobStore, 'endedBefore'>;
  readonly queue: Pick<JobQueue, 'remove'>;
  readonly idempotency: Pick<Idempotency, 'prune'>;
  /** 0 keeps everything. */
  readonly keptDays: () => number;
  readonly clock: Clock;
  readonly log: Log;
}

const EVERY_MS = 10 * 60 * 1000;
const AT_ONCE = 200;
const DAY_MS = 24 * 3600 * 1000;

export function createRetention({ store, queue, idempotency, keptDays, clock, log }: RetentionDeps): { close(): void } {
  let closed = false;
  let cancelTimer: CancelTimer = clock.after(EVERY_MS, () => void round());

  async function round(): Promise<void> {
    try {
      idempotency.prune();
      const days = keptDays();
      const old = days === 0 ? [] : store.endedBefore(clock.now() - days * DAY_MS, AT_ONCE);
      for (const id of old) if (!closed) await queue.remove(id);
      if (old.length > 0) log.info({ jobs: old.length }, 'old jobs were forgotten');
    } catch (error) {
      log.error({ err: error }, 'old jobs could not be forgotten');
    }
    if (!closed) cancelTimer = clock.after(EVERY_MS, () => void round());
  }

  return {
    close() {
      closed = true;
      cancelTimer();
    },
  };
}
