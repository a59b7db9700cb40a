import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardAnswer, splitVram } from '../../../../renderer/lib/vram.ts';
import { fourGpus } from '../../../support/dashboard-fixtures.ts';

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

test('one card that does not tell does not silence those that do', () => {
  expect(cardAnswer(fourGpus())?.comfyBytes).toBe(40.6 * GB);
});
