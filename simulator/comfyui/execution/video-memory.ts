/**
 * The memory of the simulated card: a fixed part for the context as soon as work began, and a model that the first prompt
 * loads and /free or the end of the process gives back. With --cpu the total is 0.
 */

export interface VideoMemory {
  totalBytes: number;
  freeBytes(): number;
  /** What the process itself holds for models and pictures, of that total. */
  reservedBytes(): number;
  modelLoaded(): boolean;
  load(): void;
  unload(): void;
}

const gibibyte = 1024 ** 3;
/** A CUDA context stays until the process ends, also after /free. */
const contextBytes = Math.round(0.4 * gibibyte);
const modelBytes = Math.round(6.5 * gibibyte);

export function createVideoMemory(totalBytes: number): VideoMemory {
  let state: 'untouched' | 'empty' | 'loaded' = 'untouched';
  const model = Math.min(modelBytes, Math.max(0, totalBytes - contextBytes));
  const reserved = () => (state === 'loaded' ? model : 0);
  return {
    totalBytes,
    reservedBytes: reserved,
    freeBytes: () => totalBytes - reserved() - (state === 'untouched' ? 0 : Math.min(contextBytes, totalBytes)),
    modelLoaded: () => state === 'loaded',
    load() {
      state = 'loaded';
    },
    unload() {
      if (state === 'loaded') state = 'empty';
    },
  };
}
