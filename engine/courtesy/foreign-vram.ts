/** How much of a card other programs hold, and whether that is too much. Pure: readings in, a verdict out. */
import type { GpuReading } from '../../contract/gpu.ts';

export interface ForeignVram {
  /** Readings in a row above the limit. */
  readonly above: number;
  readonly isTooMuch: boolean;
}

export const NO_FOREIGN_VRAM: ForeignVram = { above: 0, isTooMuch: false };

/** One reading alone may have caught a program that only came by. */
const READINGS = 2;

/**
 * @param limitBytes zero: no rule
 * @param comfyRuns nothing of ours is on the card while it does not
 */
export function followReading(
  before: ForeignVram,
  gpus: readonly GpuReading[],
  limitBytes: number,
  comfyRuns: boolean,
): ForeignVram {
  if (limitBytes === 0) return NO_FOREIGN_VRAM;
  const told = gpus.flatMap((gpu) => foreignBytes(gpu, comfyRuns) ?? []);
  // Nothing is known: nothing changes.
  if (told.length === 0) return before;
  if (Math.max(...told) <= limitBytes) return NO_FOREIGN_VRAM;
  const above = before.above + 1;
  return { above, isTooMuch: above >= READINGS };
}

function foreignBytes({ vramUsedBytes, vramComfyBytes }: GpuReading, comfyRuns: boolean): number | null {
  if (vramUsedBytes === null) return null;
  if (!comfyRuns) return vramUsedBytes;
  return vramComfyBytes === null ? null : vramUsedBytes - vramComfyBytes;
}
