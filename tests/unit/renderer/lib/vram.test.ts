import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardSentence } from '../../../../renderer/lib/card-sentence.ts';
import { cardAnswer, splitVram } from '../../../../renderer/lib/vram.ts';
import { fourGpus, gpuReading } from '../../../support/dashboard-fixtures.ts';

const GB = 2 ** 30;
const bytes = fc.option(fc.nat(100 * GB), { nil: null });

describe('the parts of a card', () => {
  test('ComfyUI, others and free', () => {
    const split = splitVram({ vramTotalBytes: 24 * GB, vramUsedBytes: 20 * GB, vramComfyBytes: 18 * GB });
    expect(split?.parts.map(({ part, bytes: size }) => [part, size / GB])).toEqual([
      ['comfy', 18],
      ['others', 2],
      ['free', 4],
    ]);
  });

  test('a driver that does not tell whose memory it is gets no guess', () => {
    const split = splitVram({ vramTotalBytes: 24 * GB, vramUsedBytes: 20 * GB, vramComfyBytes: null });
    expect(split?.parts.map(({ part }) => part)).toEqual(['used', 'free']);
  });

  test('untold use is unknown, not zero', () => {
    expect(splitVram({ vramTotalBytes: 24 * GB, vramUsedBytes: null, vramComfyBytes: null })).toBeNull();
  });

  test('whatever the driver says, the parts fill the card exactly and none is negative', () => {
    fc.assert(
      fc.property(bytes, bytes, bytes, (vramTotalBytes, vramUsedBytes, vramComfyBytes) => {
        const split = splitVram({ vramTotalBytes, vramUsedBytes, vramComfyBytes });
        if (split === null) return;
        expect(split.parts.every((part) => part.bytes >= 0)).toBe(true);
        expect(split.parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(split.totalBytes);
      }),
    );
  });
});

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

  test('one card that does not tell does not silence those that do', () => {
    expect(cardAnswer(fourGpus())?.comfyBytes).toBe(40.6 * GB);
  });
});
