import { describe, expect, test } from 'vitest';
import { FITTED, fitScale, moved, toggled, zoomed } from '../../../../renderer/lib/zoom.ts';

const picture = { width: 2000, height: 1000 };
const frame = { width: 1000, height: 1000 };

describe('zooming', () => {
  test('begins with the whole picture, and a small one is not blown up', () => {
    expect(fitScale(picture, frame)).toBe(0.5);
    expect(fitScale({ width: 10, height: 10 }, frame)).toBe(1);
  });

  test('keeps what is under the pointer where it is', () => {
    const point = { x: 200, y: 0 };
    const view = zoomed(FITTED, 4, picture, frame, point);
    // The place of the picture that was at 200 is at 200 again.
    expect(view.x + 200 * view.scale).toBeCloseTo(point.x);
  });

  test('never shows less than the whole, nor more than sixteen times', () => {
    expect(zoomed(FITTED, 0.1, picture, frame)).toEqual(FITTED);
    expect(zoomed(FITTED, 1000, picture, frame).scale).toBe(16);
  });

  test('back to the whole puts it back into the middle', () => {
    const view = moved(zoomed(FITTED, 4, picture, frame), picture, frame, { x: 300, y: 50 });
    expect(zoomed(view, 0.01, picture, frame)).toEqual(FITTED);
  });

  test('a double click shows its own pixels, and again the whole', () => {
    const own = toggled(FITTED, picture, frame);
    expect(own.scale * fitScale(picture, frame)).toBe(1);
    expect(toggled(own, picture, frame)).toEqual(FITTED);
  });
});

test('a picture is never dragged out of its frame', () => {
  const view = moved({ scale: 4, x: 0, y: 0 }, picture, frame, { x: 99_999, y: 99_999 });
  // Drawn 4000 × 2000 in a frame of 1000: its left edge is at the frame's.
  expect(view).toEqual({ scale: 4, x: 1500, y: 500 });
  expect(moved(FITTED, picture, frame, { x: 50, y: 50 })).toEqual(FITTED);
});
