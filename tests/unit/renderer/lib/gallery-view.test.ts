import { describe, expect, test } from 'vitest';
import { chosenWith, gridShape, mediaAddress, stepOf } from '../../../../renderer/lib/gallery-view.ts';

test('another version of a file has another address, so that no browser shows the old one', () => {
  const item = { id: 'a', bytes: 5, modifiedAt: 7 };
  expect(mediaAddress(item, 'file')).not.toBe(mediaAddress({ ...item, modifiedAt: 8 }, 'file'));
});

test.each([
  [320, 2],
  [1192, 6],
  [100, 2],
])('a grid of %i pixels has %i columns that fill it', (width, columns) => {
  const shape = gridShape(width);
  expect(shape.columns).toBe(columns);
  expect(shape.columns * shape.tile + 12 * (columns - 1)).toBeLessThanOrEqual(width);
});

describe('a key leads', () => {
  test.each([
    ['ArrowRight', 0, 1],
    ['ArrowLeft', 0, null],
    ['ArrowDown', 1, 5],
    ['ArrowUp', 1, null],
    // 10 pictures in rows of 4: below the last of the second row there is nothing, but there is a third row.
    ['ArrowDown', 7, 9],
    ['ArrowDown', 9, null],
    ['Home', 6, 0],
    ['End', 0, 9],
    ['PageDown', 0, 9],
    ['PageUp', 9, 1],
    ['a', 0, null],
  ])('%s from %i to %s', (key, at, to) => {
    expect(stepOf(key, at, 4, 10)).toBe(to);
  });
});

test('two are chosen to compare: pressed again one is let go, a third takes the place of the first', () => {
  expect([chosenWith([], 'a'), chosenWith(['a'], 'a'), chosenWith(['a', 'b'], 'c')]).toEqual([['a'], [], ['b', 'c']]);
});
