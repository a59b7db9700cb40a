/** Follows what other programs hold of the card, while a limit is set: then, and only then, the card is measured for this. */
import type { GpuMonitor } from '../gpu/monitor.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import { followReading, NO_FOREIGN_VRAM } from './foreign-vram.ts';

export interface VramWatch {
  isTooMuch(): boolean;
  /** The limit of the settings may be another. */
  look(): void;
  close(): void;
}

export interface VramWatchDeps {
  readonly limitBytes: () => number;
  readonly gpu: Pick<GpuMonitor, 'onReading' | 'watch' | 'snapshot'>;
  readonly supervisor: Pick<Supervisor, 'state'>;
  readonly onChange: () => void;
}

export function createVramWatch({ limitBytes, gpu, supervisor, onChange }: VramWatchDeps): VramWatch {
  let foreign = NO_FOREIGN_VRAM;
  let measuredAt = gpu.snapshot().at;
  let letGo: (() => void) | null = null;

  function take(next: typeof foreign): void {
    const changed = next.isTooMuch !== foreign.isTooMuch;
    foreign = next;
    if (changed) onChange();
  }

  function look(): void {
    if (limitBytes() > 0) letGo ??= gpu.watch();
    else {
      letGo?.();
      letGo = null;
      take(NO_FOREIGN_VRAM);
    }
  }

  const stopFollowing = gpu.onReading(({ at, gpus }) => {
    const isNew = at !== measuredAt;
    measuredAt = at;
    const { kind } = supervisor.state();
    // While it comes or goes, nobody can tell whose memory is whose.
    const isClear = kind === 'running' || kind === 'stopped' || kind === 'failed';
    if (isNew && isClear) take(followReading(foreign, gpus, limitBytes(), kind === 'running'));
  });

  look();
  return {
    isTooMuch: () => foreign.isTooMuch,
    look,
    close() {
      stopFollowing();
      letGo?.();
    },
  };
}
