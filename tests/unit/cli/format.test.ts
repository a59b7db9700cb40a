import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, formatGigabytes, formatMoment, parseDuration, tomorrowMorning } from '../../../cli/format.ts';

describe('parseDuration', () => {
  test.each([
    ['45s', 45],
    ['90m', 5400],
    ['1h30m', 5400],
    ['2D', 172_800],
    ['7d', 604_800],
  ])('%s is %i seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  test.each(['', '90', 'h', '1.5h', '-1h', '0s', '7d1s', 'an hour', '1h 30m'])('"%s" is none', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  test('is what the API takes, or nothing', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.constantFrom('s', 'm', 'h', 'd'), (noise, count, unit) => {
        for (const seconds of [parseDuration(noise), parseDuration(`${count}${unit}`)]) {
          expect(seconds === null || (Number.isInteger(seconds) && seconds >= 1 && seconds <= 604_800)).toBe(true);
        }
      }),
    );
  });
});

test.each([
  [-3, '0 s'],
  [0.4, '0 s'],
  [59.6, '1 min'],
  [245, '4 min 5 s'],
  [3600, '1 h'],
  [3605, '1 h'],
  [11_400, '3 h 10 min'],
  [187_200, '2 d 4 h'],
])('formatDuration(%d) is %s', (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});

test('a 24 GB card reads 24.0', () => {
  expect(formatGigabytes(24 * 2 ** 30)).toBe('24.0');
});

test('a moment of today is a time, another one has its day', () => {
  const now = new Date(2026, 10, 21, 12, 0).getTime();
  expect(formatMoment(new Date(2026, 10, 21, 18, 5).toISOString(), now)).toBe('18:05');
  expect(formatMoment(new Date(2026, 10, 22, 7, 0).toISOString(), now)).toBe('Sun Nov 22 07:00');
});

test.each([
  ['an evening', new Date(2026, 10, 21, 22, 30), new Date(2026, 10, 22, 7)],
  ['two at night', new Date(2026, 10, 22, 2, 0), new Date(2026, 10, 22, 7)],
  ['the last day of a month', new Date(2026, 10, 30, 9, 0), new Date(2026, 11, 1, 7)],
])('tomorrow, said on %s, is the next morning', (_, now, morning) => {
  expect(new Date(tomorrowMorning(now.getTime()))).toEqual(morning);
});
