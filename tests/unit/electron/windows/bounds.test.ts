/** A window must never open where nobody can see or grab it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeWindow, type Rectangle } from '../../../../electron/windows/bounds.ts';

const WISHES = { preferred: { width: 1440, height: 900 }, least: { width: 480, height: 360 } };
const LAPTOP: Rectangle = { x: 0, y: 27, width: 1366, height: 741 };
const LARGE: Rectangle = { x: 0, y: 0, width: 2560, height: 1400 };
const LEFT_OF_IT: Rectangle = { x: -1920, y: 0, width: 1920, height: 1080 };

interface Case {
  readonly title: string;
  readonly saved: Rectangle | null;
  readonly areas: readonly Rectangle[];
  readonly expected: Rectangle;
}

const CASES: readonly Case[] = [
  {
    title: 'the first time it stands in the middle in its preferred size',
    saved: null,
    areas: [LARGE],
    expected: { x: 560, y: 250, width: 1440, height: 900 },
  },
  {
    title: 'the first time on a small screen it leaves a tenth free',
    saved: null,
    areas: [LAPTOP],
    expected: { x: 69, y: 65, width: 1229, height: 666 },
  },
  {
    title: 'a saved place is kept to the pixel',
    saved: { x: 101, y: 52, width: 900, height: 600 },
    areas: [LARGE],
    expected: { x: 101, y: 52, width: 900, height: 600 },
  },
  {
    title: 'a place on a second screen with negative coordinates is kept',
    saved: { x: -1800, y: 40, width: 900, height: 600 },
    areas: [LARGE, LEFT_OF_IT],
    expected: { x: -1800, y: 40, width: 900, height: 600 },
  },
  {
    title: 'the second screen was unplugged: the middle of the first',
    saved: { x: -1800, y: 40, width: 900, height: 600 },
    areas: [LARGE],
    expected: { x: 830, y: 400, width: 900, height: 600 },
  },
  {
    title: 'the screen has become smaller: as large as fits',
    saved: { x: 0, y: 0, width: 2560, height: 1400 },
    areas: [LAPTOP],
    expected: { x: 0, y: 27, width: 1366, height: 741 },
  },
  {
    title: 'the title bar above the screen is pulled down',
    saved: { x: 200, y: -300, width: 900, height: 600 },
    areas: [LARGE],
    expected: { x: 200, y: 0, width: 900, height: 600 },
  },
  {
    title: 'only a sliver at the right edge is visible: pulled in',
    saved: { x: 2500, y: 100, width: 900, height: 600 },
    areas: [LARGE],
    expected: { x: 1660, y: 100, width: 900, height: 600 },
  },
  {
    title: 'the title bar below the screen is pulled up',
    saved: { x: 100, y: 1390, width: 900, height: 600 },
    areas: [LARGE],
    expected: { x: 100, y: 800, width: 900, height: 600 },
  },
  {
    title: 'half out to the side, as people put windows, is kept',
    saved: { x: 2000, y: 100, width: 900, height: 600 },
    areas: [LARGE],
    expected: { x: 2000, y: 100, width: 900, height: 600 },
  },
  {
    title: 'across two screens is kept',
    saved: { x: -300, y: 100, width: 900, height: 600 },
    areas: [LARGE, LEFT_OF_IT],
    expected: { x: -300, y: 100, width: 900, height: 600 },
  },
  {
    title: 'a size below the least one is mended',
    saved: { x: 10, y: 10, width: 3, height: 3 },
    areas: [LARGE],
    expected: { x: 10, y: 10, width: 480, height: 360 },
  },
];

describe('the place of a window', () => {
  test.each(CASES)('$title', ({ saved, areas, expected }) => {
    expect(placeWindow(saved, areas, WISHES)).toEqual(expected);
  });

  test('whatever was saved, the title bar can be grabbed and no side is longer than the screen', () => {
    const coordinate = fc.integer({ min: -6000, max: 6000 });
    const side = fc.integer({ min: 0, max: 6000 });
    const saved = fc.record({ x: coordinate, y: coordinate, width: side, height: side });
    fc.assert(
      fc.property(saved, fc.subarray([LAPTOP, LARGE, LEFT_OF_IT], { minLength: 1 }), (rectangle, areas) => {
        const place = placeWindow(rectangle, areas, WISHES);
        const grabbed = areas.some(
          (area) =>
            Math.min(place.x + place.width, area.x + area.width) - Math.max(place.x, area.x) >= 100 &&
            place.y >= area.y &&
            place.y < area.y + area.height,
        );
        expect(grabbed).toBe(true);
        expect(areas.some((area) => place.width <= area.width && place.height <= area.height)).toBe(true);
      }),
    );
  });
});
