/** Chooses the source of GPU readings and measures only while somebody looks or a job runs. */
import type { GpuSnapshot } from '../../contract/gpu.ts';
import type { Unsubscribe } from '../platform/listeners.ts';

export interface GpuMonitor {
  /** The newest reading; may be old when nobody looks (see `at`). */
  snapshot(): GpuSnapshot;
  /** Measures while at least one watcher holds on; the returned function lets go (twice is fine). */
  watch(): () => void;
  /** One reading now, by a short command when no loop runs. */
  readOnce(): Promise<GpuSnapshot>;
  onReading(listener: (snapshot: GpuSnapshot) => void): Unsubscribe;
  close(): Promise<void>;
}
