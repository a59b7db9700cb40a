import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fill } from '../../../../../simulator/comfyui/images/image-operations.ts';
import { emptyRaster } from '../../../../../simulator/comfyui/images/raster.ts';
import { scale, scaleMethods } from '../../../../../simulator/comfyui/images/resample.ts';

function line(...values: number[]) {
  const raster = emptyRaster(values.length, 1, 1, 1);
  raster.pixels.set(values);
  return raster;
}

describe('scaling', () => {
  it.each(scaleMethods)('%s keeps a plain picture plain, at every size', (method) => {
    const sides = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(sides, sides, sides, sides, (width, height, toWidth, toHeight) => {
        const scaled = scale(fill(width, height, 1, 0x3366cc), method, toWidth, toHeight, 'disabled');
        expect([scaled.width, scaled.height]).toEqual([toWidth, toHeight]);
        expect(new Set(scaled.pixels)).toEqual(new Set([0x33, 0x66, 0xcc]));
      }),
      { numRuns: 30 },
    );
  });

  it.each(scaleMethods)('%s to its own size changes nothing', (method) => {
    expect([...scale(line(0, 50, 255, 3), method, 4, 1, 'disabled').pixels]).toEqual([0, 50, 255, 3]);
  });

  it.each([
    ['nearest-exact', [0, 0, 200, 200]],
    ['area', [0, 0, 200, 200]],
    ['bilinear', [0, 50, 150, 200]],
  ] as const)('%s doubles a line', (method, doubled) => {
    expect([...scale(line(0, 200), method, 4, 1, 'disabled').pixels]).toEqual(doubled);
  });

  it('area averages what it shrinks', () => {
    expect([...scale(line(0, 100, 200, 40), 'area', 2, 1, 'disabled').pixels]).toEqual([50, 120]);
  });

  it.each(['bicubic', 'lanczos'] as const)('%s does not overflow at a hard edge', (method) => {
    const values = [...scale(line(0, 0, 0, 255, 255, 255), method, 24, 1, 'disabled').pixels];
    expect([Math.min(...values), Math.max(...values)]).toEqual([0, 255]);
    expect(values[0]).toBe(0);
  });

  it('finds a side of 0 from the other', () => {
    const scaled = scale(fill(40, 20, 1, 0), 'bilinear', 0, 10, 'disabled');
    expect([scaled.width, scaled.height]).toEqual([20, 10]);
  });

  it('gives the picture itself when both sides are 0', () => {
    const picture = fill(4, 2, 1, 0);
    expect(scale(picture, 'area', 0, 0, 'disabled')).toBe(picture);
  });

  it('cuts out the middle when told to crop', () => {
    expect([...scale(line(1, 2, 3, 4), 'nearest-exact', 2, 2, 'center').pixels]).toEqual([2, 2, 2, 2]);
  });

  it('treats every picture of a batch', () => {
    expect(scale(fill(4, 4, 3, 0xffffff), 'area', 2, 2, 'disabled').pixels).toHaveLength(3 * 2 * 2 * 3);
  });
});
