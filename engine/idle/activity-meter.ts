/** Counts what is in flight and remembers when something last counted as activity. Decides nothing: policy.ts does. */
import type { Clock } from '../platform/clock.ts';
import { createListeners, type Unsubscribe } from '../platform/listeners.ts';

/** `held`: waits for ComfyUI to wake. `upload`, `download`: a body longer than a moment. `request`: any other that counts. */
export type ActivityKind = 'request' | 'held' | 'upload' | 'download';

export interface ActivitySnapshot {
  /** Epoch milliseconds of the last thing that counted; also the end of anything that was in flight. */
  readonly lastActivityAt: number;
  readonly inFlight: Readonly<Record<ActivityKind, number>>;
}

export interface ActivityMeter {
  /** Something happened that counts and is over already. */
  touch(): void;
  /** Something that counts has begun; the returned function ends it (twice is fine). */
  begin(kind: ActivityKind): () => void;
  snapshot(): ActivitySnapshot;
  onChange(listener: () => void): Unsubscribe;
}

export function createActivityMeter(clock: Clock): ActivityMeter {
  const changed = createListeners<void>();
  const inFlight: Record<ActivityKind, number> = { request: 0, held: 0, upload: 0, download: 0 };
  let lastActivityAt = clock.now();

  function touch(): void {
    lastActivityAt = clock.now();
    changed.notify();
  }

  return {
    touch,
    begin(kind) {
      inFlight[kind] += 1;
      touch();
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        inFlight[kind] -= 1;
        touch();
      };
    },
    snapshot: () => ({ lastActivityAt, inFlight: { ...inFlight } }),
    onChange: (listener) => changed.add(listener),
  };
}
