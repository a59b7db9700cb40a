import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatCountdown,
  formatDuration,
  formatExactDuration,
  formatMoment,
  formatVram,
} from '../../../../renderer/lib/format.ts';

describe('VRAM', () => {
  test('a 24 GB card reads 24.0 GB, as on its box', () => {
    expect(formatVram(24_564 * 2 ** 20)).toBe('24.0 GB');
  });

  test.each([
    [0, '0 GB'],
    [146 * 2 ** 20, '0.1 GB'],
    [99.9 * 2 ** 30, '99.9 GB'],
    [99.96 * 2 ** 30, '100 GB'],
    [148.4 * 2 ** 30, '148 GB'],
  ])('%d bytes read %s', (bytes, text) => expect(formatVram(bytes)).toBe(text));

  test('the unit can be left out', () => expect(formatVram(18.2 * 2 ** 30, { unit: false })).toBe('18.2'));
});

describe('spans', () => {
  test.each([
    [-3, '0 s'],
    [8.4, '8 s'],
    [60, '1 min'],
    [779, '12 min'],
    [3600, '1 h'],
    [7500, '2 h 5 min'],
    [86_400, '1 d'],
    [100_800, '1 d 4 h'],
  ])('%d s reads %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  test.each([
    [0, '0 s'],
    [90, '1 min 30 s'],
    [5400, '1 h 30 min'],
    [604_800, '7 d'],
  ])('%d s is exactly %s', (seconds, text) => expect(formatExactDuration(seconds)).toBe(text));

  test('an exact span can be counted back to its seconds', () => {
    const sizes: Readonly<Record<string, number>> = { d: 86_400, h: 3600, min: 60, s: 1 };
    fc.assert(
      fc.property(fc.nat(10_000_000), (seconds) => {
        const words = formatExactDuration(seconds).split(' ');
        const back = words.reduce(
          (sum, word, index) => (index % 2 === 0 ? sum + Number(word) * (sizes[words[index + 1] ?? ''] ?? 0) : sum),
          0,
        );
        expect(back).toBe(seconds);
      }),
    );
  });
});

describe('countdowns', () => {
  test.each([
    [272, '4:32'],
    [6.2, '0:07'],
    [3909, '1:05:09'],
    [-1, '0:00'],
  ])('%d s left reads %s', (seconds, text) => expect(formatCountdown(seconds)).toBe(text));

  test('reads 0:00 only when nothing is left', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e6, noNaN: true }), (seconds) => {
        expect(formatCountdown(seconds)).not.toBe('0:00');
      }),
    );
  });
});

describe('moments', () => {
  const now = new Date(2026, 10, 21, 22, 30).getTime();
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 0).getTime();

  test.each([
    ['today', at(21, 23), /^\d/],
    ['tomorrow', at(22, 7), /^tomorrow /],
    ['yesterday', at(20, 7), /^yesterday /],
    ['this week', at(24, 7), /^Tue /],
    ['long ago', at(2, 7), /Nov/],
  ])('%s', (_name, moment, shown) => expect(formatMoment(moment, now)).toMatch(shown));
});
