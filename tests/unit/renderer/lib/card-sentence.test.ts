import { describe, expect, test } from 'vitest';
import { cardSentence } from '../../../../renderer/lib/card-sentence.ts';
import { gpuReading } from '../../../support/dashboard-fixtures.ts';

const GB = 2 ** 30;

describe('can I use my card now?', () => {
  const reading = (used: number, comfy: number | null) =>
    gpuReading({
      vramTotalBytes: 24 * GB,
      vramUsedBytes: used * GB,
      vramComfyBytes: comfy === null ? null : comfy * GB,
    });

  test.each([
    ['the desktop alone uses it', [reading(1.1, 0)], false, 'Your card is free: 22.9 of 24.0 GB.'],
    ['a game uses it', [reading(13, 0)], false, 'Other programs hold 13.0 GB; 11.0 of 24.0 GB are free.'],
    ['ComfyUI runs', [reading(19.3, 18.2)], true, 'ComfyUI holds 18.2 GB; 4.7 of 24.0 GB are free.'],
    ['nobody tells whose it is', [reading(13, null)], true, '13.0 GB of 24.0 GB are in use.'],
    ['two cards', [reading(1, 0), reading(1, 0)], false, 'Your 2 cards are free: 46.0 of 48.0 GB.'],
    ['no card', [], true, null],
  ])('%s', (_name, gpus, running, sentence) => expect(cardSentence(gpus, running)).toBe(sentence));
});
