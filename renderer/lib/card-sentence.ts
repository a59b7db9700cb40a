/** The one sentence that answers "can I use my card now?". */
import type { GpuReading } from '../../contract/gpu.ts';
import { words } from '../words.ts';
import { formatVram } from './format.ts';
import { cardAnswer } from './vram.ts';

/** Less than this is the desktop itself: to a person the card is free. */
const DESKTOP_BYTES = 2 * 2 ** 30;

/**
 * Null when no card tells its memory.
 * @param running whether a ComfyUI process exists
 */
export function cardSentence(gpus: readonly GpuReading[], running: boolean): string | null {
  const answer = cardAnswer(gpus);
  if (answer === null) return null;
  const [free, total] = [formatVram(answer.freeBytes, { unit: false }), formatVram(answer.totalBytes)];
  if (answer.comfyBytes === null) return words.card.inUse(formatVram(answer.totalBytes - answer.freeBytes), total);
  if (running) return words.card.comfyHolds(formatVram(answer.comfyBytes), free, total);
  return answer.othersBytes > DESKTOP_BYTES * answer.cards
    ? words.card.othersHold(formatVram(answer.othersBytes), free, total)
    : words.card.free(answer.cards, free, total);
}
