/** Waits until something happened or some time has passed, and misses nothing that happened while nobody waited. */
import type { Clock } from '../../platform/clock.ts';

export interface Wake {
  ring(): void;
  /** Resolves at once when it rang since the last wait. */
  wait(clock: Clock, atMostMs: number): Promise<void>;
  close(): void;
}

/** @param signals ring when they abort */
export function createWake(signals: readonly AbortSignal[]): Wake {
  let rang = false;
  let wakeUp: (() => void) | null = null;

  function ring(): void {
    rang = true;
    wakeUp?.();
  }

  for (const signal of signals) signal.addEventListener('abort', ring);
  return {
    ring,
    async wait(clock, atMostMs) {
      if (!rang) {
        await new Promise<void>((resolve) => {
          const cancelTimer = clock.after(atMostMs, resolve);
          wakeUp = () => {
            cancelTimer();
            resolve();
          };
        });
      }
      wakeUp = null;
      rang = false;
    },
    close() {
      for (const signal of signals) signal.removeEventListener('abort', ring);
    },
  };
}
