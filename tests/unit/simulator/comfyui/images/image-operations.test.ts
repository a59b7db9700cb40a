import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blur, fill, invert } from '../../../../../simulator/comfyui/images/image-operations.ts';
import { emptyRaster, frame, type Raster } from '../../../../../simulator/comfyui/images/raster.ts';

/** A picture of one channel, row by row. */
function grey(width: number, values: number[]): Raster {
  const raster = emptyRaster(width, values.length / width, 1, 1);
  raster.pixels.set(values);
  return raster;
}

const pixels = (raster: Raster) => [...raster.pixels];
const pictures = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([width, height]) =>
    fc
      .array(fc.integer({ min: 0, max: 255 }), { minLength: width * height, maxLength: width * height })
      .map((values) => grey(width, values)),
  );

describe('fill', () => {
  it('makes as many pictures of the colour as asked for', () => {
    const raster = fill(2, 1, 2, 0x0a141e);
    expect(pixels(raster)).toEqual([10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30]);
    expect(frame(raster, 1)).toHaveLength(6);
  });
});

describe('invert', () => {
  it('done twice gives the picture back', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        expect(pixels(invert(invert(picture)))).toEqual(pixels(picture));
      }),
    );
  });
});

describe('blur', () => {
  it('leaves a plain picture as it is, whatever the radius', () => {
    expect(new Set(blur(fill(5, 3, 1, 0x7f7f7f), 31, 10).pixels)).toEqual(new Set([127]));
  });

  it('spreads a point evenly to all sides', () => {
    const point = grey(5, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const values = pixels(blur(point, 1, 10));
    expect([values[6], values[7], values[11], values[13], values[17], values[18]]).toEqual([28, 28, 28, 28, 28, 28]);
    expect(values[0]).toBe(0);
  });

  it('mirrors at the edge without doubling the outermost pixel', () => {
    expect(pixels(blur(grey(3, [0, 90, 0]), 1, 100))).toEqual([60, 30, 60]);
  });

  it('stays between the darkest and the lightest pixel', () => {
    fc.assert(
      fc.property(
        pictures,
        fc.integer({ min: 1, max: 31 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (picture, radius, sigma) => {
          const values = pixels(blur(picture, radius, sigma));
          expect(Math.min(...values)).toBeGreaterThanOrEqual(Math.min(...picture.pixels));
          expect(Math.max(...values)).toBeLessThanOrEqual(Math.max(...picture.pixels));
        },
      ),
    );
  });
});
