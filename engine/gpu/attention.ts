/**
 * Has the card measured while ComfyUI is awake, so that the status (and with it the tray) tells its memory without anybody looking,
 * and tells a reading only when it says something new: a status goes to every client.
 */
import type { GpuReading } from '../../contract/gpu.ts';
import type { GpuMonitor } from './monitor.ts';

export interface GpuAttention {
  /** @param awake ComfyUI runs */
  follow(awake: boolean): void;
  close(): void;
}

export interface GpuAttentionDeps {
  readonly gpu: Pick<GpuMonitor, 'watch' | 'onReading'>;
  /** The readings of the status have changed noticeably. */
  readonly tell: () => void;
}

/** A fiftieth of the card: what a person could see in a tooltip. */
const NOTICEABLE_SHARE = 0.02;

export function createGpuAttention({ gpu, tell }: GpuAttentionDeps): GpuAttention {
  let letRest: (() => void) | null = null;
  let told: readonly GpuReading[] = [];

  const stopFollowing = gpu.onReading(({ gpus }) => {
    if (letRest === null || !isNews(told, gpus)) return;
    told = gpus;
    tell();
  });

  function rest(): void {
    letRest?.();
    letRest = null;
  }

  return {
    follow(awake) {
      if (awake) letRest ??= gpu.watch();
      else rest();
    },
    close() {
      stopFollowing();
      rest();
    },
  };
}

function isNews(before: readonly GpuReading[], now: readonly GpuReading[]): boolean {
  return (
    before.length !== now.length ||
    now.some((card) => {
      const earlier = before.find(({ id }) => id === card.id);
      if (earlier === undefined || (earlier.vramUsedBytes === null) !== (card.vramUsedBytes === null)) return true;
      const change = Math.abs((card.vramUsedBytes ?? 0) - (earlier.vramUsedBytes ?? 0));
      return change > (card.vramTotalBytes ?? 0) * NOTICEABLE_SHARE;
    })
  );
}
