import { expect, test } from 'vitest';
import { byteRange } from '../../../../engine/gallery/byte-range.ts';

const whole = { kind: 'whole' };
const none = { kind: 'unsatisfiable' };
const part = (start: number, end: number) => ({ kind: 'part', start, end });

test.each([
  [undefined, 100, whole],
  ['bytes=0-', 100, part(0, 99)],
  ['bytes=10-19', 100, part(10, 19)],
  ['bytes=90-400', 100, part(90, 99)],
  ['bytes=-5', 100, part(95, 99)],
  ['bytes=-500', 100, part(0, 99)],
  ['bytes=100-', 100, none],
  ['bytes=-0', 100, none],
  ['bytes=0-', 0, none],
  // Not understood, or no range: the standard says to answer with all of it.
  ['bytes=20-10', 100, whole],
  ['bytes=0-1,5-6', 100, whole],
  ['bytes=-', 100, whole],
  ['lines=1-2', 100, whole],
])('%s of %i bytes', (header, bytes, range) => {
  expect(byteRange(header, bytes)).toEqual(range);
});
