import { expect, test } from 'vitest';
import { clockSkewMs } from '../../../../renderer/lib/clock-skew.ts';

const received = Date.parse('2026-11-21T12:00:00.400Z');

test('a clock that is right needs no correction, though the header has whole seconds only', () => {
  expect(clockSkewMs('Sat, 21 Nov 2026 12:00:00 GMT', received)).toBe(0);
});

test('a phone that is three minutes behind counts on the engine’s clock', () => {
  expect(clockSkewMs('Sat, 21 Nov 2026 12:03:00 GMT', received)).toBe(180_100);
});

test.each([null, '', 'yesterday'])('%j is no time: nothing is corrected', (header) => {
  expect(clockSkewMs(header, received)).toBe(0);
});
