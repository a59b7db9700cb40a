/** How a card's memory is shared out, for the bar and for the one sentence about it. "Not told" stays unknown: it is never drawn as zero. */
import type { GpuReading } from '../../contract/gpu.ts';
import type { VramPart } from '../../strings/vocabulary.ts';

type VramReading = Pick<GpuReading, 'vramTotalBytes' | 'vramUsedBytes' | 'vramComfyBytes'>;

export interface VramSplit {
  readonly totalBytes: number;
  readonly parts: readonly { readonly part: VramPart; readonly bytes: number; readonly fraction: number }[];
}

/** Null when the card's size or use is not told. Readings that contradict each other are clamped into the card. */
export function splitVram(gpu: VramReading): VramSplit | null {
  const { vramTotalBytes: totalBytes, vramUsedBytes, vramComfyBytes } = gpu;
  if (totalBytes === null || vramUsedBytes === null || totalBytes <= 0) return null;
  // The driver samples processes and the card at different moments: the sum of processes may exceed the card's own figure.
  const used = clamp(Math.max(vramUsedBytes, vramComfyBytes ?? 0), totalBytes);
  const free = { part: 'free', bytes: totalBytes - used } as const;
  const held =
    vramComfyBytes === null
      ? [{ part: 'used', bytes: used } as const]
      : [
          { part: 'comfy', bytes: clamp(vramComfyBytes, used) } as const,
          { part: 'others', bytes: used - clamp(vramComfyBytes, used) } as const,
        ];
  return { totalBytes, parts: [...held, free].map((part) => ({ ...part, fraction: part.bytes / totalBytes })) };
}

const clamp = (bytes: number, limit: number): number => Math.min(Math.max(0, bytes), limit);

/** What all cards together answer to "can I use my card now?". */
export interface CardAnswer {
  readonly cards: number;
  readonly totalBytes: number;
  readonly freeBytes: number;
  /** On the cards that tell; null when none tells whose memory it is. */
  readonly comfyBytes: number | null;
  readonly othersBytes: number;
}

/** Null when no card tells its memory. Cards that do not tell are left out. */
export function cardAnswer(gpus: readonly VramReading[]): CardAnswer | null {
  const splits = gpus.map(splitVram).filter((split) => split !== null);
  if (splits.length === 0) return null;
  const sum = (wanted: VramPart): number =>
    splits.reduce((bytes, split) => bytes + (split.parts.find(({ part }) => part === wanted)?.bytes ?? 0), 0);
  const someTell = splits.some((split) => split.parts.some(({ part }) => part === 'comfy'));
  return {
    cards: splits.length,
    totalBytes: splits.reduce((bytes, split) => bytes + split.totalBytes, 0),
    freeBytes: sum('free'),
    comfyBytes: someTell ? sum('comfy') : null,
    othersBytes: sum('others'),
  };
}
