import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMib, parseSmiNumber } from '../../../../engine/gpu/smi-number.ts';

test.each([
  ['433.78', 433.78],
  ['0', 0],
  [' 53 ', 53],
  ['39,32', 39.32],
  ['819 MiB', 819],
  ['84.24 W', 84.24],
  ['-1', -1],
])('%j is the number %d', (text, value) => {
  expect(parseSmiNumber(text)).toBe(value);
});

test.each([
  '[N/A]',
  'N/A',
  '[Not Supported]',
  '[Unknown Error]',
  '[Insufficient Permissions]',
  '[Requested functionality has been deprecated]',
  '[GPU is lost]',
  'ERR!',
  '',
  '-',
  '12abc',
  '1e400',
  'Infinity',
])('%j is not told', (text) => {
  expect(parseSmiNumber(text)).toBeNull();
});

test('MiB are told in bytes, and no memory is negative', () => {
  expect(parseMib('24564')).toBe(24_564 * 1024 * 1024);
  expect(parseMib('-1')).toBeNull();
});

test('any text is a finite number or not told', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const value = parseSmiNumber(text);
      return value === null || Number.isFinite(value);
    }),
  );
});
