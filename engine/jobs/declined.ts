/** Which target has just not taken which job, and why: meanwhile another may have it. Forgotten after a while, and with the engine. */
import type { CancelTimer, Clock } from '../platform/clock.ts';

export interface Declined {
  /** The job is not to go there for so long; then `onOver` is called. */
  add(jobId: string, target: string, reason: string, forMs: number): void;
  /** Reasons by target. */
  of(jobId: string): ReadonlyMap<string, string>;
  /** How many jobs there are. */
  count(): number;
  close(): void;
}

export function createDeclined(clock: Clock, onOver: () => void): Declined {
  const byJob = new Map<string, Map<string, string>>();
  const timers = new Set<CancelTimer>();
  const none: ReadonlyMap<string, string> = new Map();
  return {
    add(jobId, target, reason, forMs) {
      const reasons = byJob.get(jobId) ?? new Map<string, string>();
      byJob.set(jobId, reasons.set(target, reason));
      const cancel = clock.after(forMs, () => {
        timers.delete(cancel);
        reasons.delete(target);
        if (reasons.size === 0) byJob.delete(jobId);
        onOver();
      });
      timers.add(cancel);
    },
    of: (jobId) => byJob.get(jobId) ?? none,
    count: () => byJob.size,
    close() {
      for (const cancel of timers) cancel();
    },
  };
}
