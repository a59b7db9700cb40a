/** A place GPU readings come from. Each kind (nvidia-smi, the kernel's files, ComfyUI itself) is one; monitor.ts chooses among them. */
import type { GpuReading, GpuSnapshot } from '../../contract/gpu.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';

export type SourceReport =
  | {
      readonly kind: 'readings';
      readonly source: GpuSnapshot['source'];
      readonly gpus: GpuReading[];
      readonly note: string | null;
    }
  /** Nothing could be measured just now; the source goes on trying. */
  | { readonly kind: 'trouble'; readonly message: string }
  /** This source has nothing to tell on this machine, and has stopped trying. */
  | { readonly kind: 'unusable'; readonly message: string };

export interface GpuSource {
  /**
   * Reports about every `periodMs` until the returned function is called;
   * that one resolves when nothing the source started runs any more.
   */
  start(periodMs: number, report: (report: SourceReport) => void): () => Promise<void>;
}

export interface PolledSourceOptions {
  readonly clock: Clock;
  /** Reads at most this often, for a reading that costs more than a moment. */
  readonly leastPeriodMs?: number;
  /** Ends by itself within seconds; a rejection is reported as trouble. */
  read(): Promise<SourceReport>;
}

/** A source that is asked again and again, never twice at the same time. */
export function createPolledSource({ clock, leastPeriodMs = 0, read }: PolledSourceOptions): GpuSource {
  return {
    start(periodMs, report) {
      let stopped = false;
      let cancelNext: CancelTimer = () => undefined;
      let reading: Promise<void> = Promise.resolve();

      async function readAndGoOn(): Promise<void> {
        const found = await read().catch(
          (error: unknown): SourceReport => ({ kind: 'trouble', message: messageOf(error) }),
        );
        if (stopped) return;
        if (found.kind !== 'unusable') {
          cancelNext = clock.after(Math.max(periodMs, leastPeriodMs), () => {
            reading = readAndGoOn();
          });
        }
        report(found);
      }

      reading = readAndGoOn();
      return async () => {
        stopped = true;
        cancelNext();
        await reading;
      };
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
