import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { fill } from '../../../../../simulator/comfyui/images/image-operations.ts';
import { applyMask, channel } from '../../../../../simulator/comfyui/images/picture-forms.ts';
import { decodePng, encodePng, encodeRgba, readText, splitAlpha } from '../../../../../simulator/comfyui/images/png.ts';

const rgba = Uint8Array.from([10, 20, 30, 255, 40, 50, 60, 0]);

describe('a PNG file', () => {
  it('of a batch holds the one picture asked for', () => {
    const batch = fill(2, 2, 2, 0);
    batch.pixels.fill(200, 12);
    expect([...new Set(decodePng(encodePng(batch, 1)).rgba)]).toEqual([200, 255]);
  });

  it('carries text that other readers find, and stays readable', () => {
    const file = encodePng(fill(1, 1, 1, 0xffffff), 0, { prompt: '{"1": {}}', workflow: 'ü' });
    expect(readText(file)).toEqual({ prompt: '{"1": {}}', workflow: 'ü' });
    expect(PNG.sync.read(file).width).toBe(1);
  });

  it('of one channel is grey', () => {
    const { mask } = splitAlpha(decodePng(encodeRgba(2, 1, rgba)));
    expect([encodePng(mask, 0)[25], [...mask.pixels]]).toEqual([0, [0, 255]]);
  });

  it('that is none throws', () => {
    expect(() => decodePng(Buffer.from('plain text, long enough to look like a file'))).toThrow();
  });
});

describe('alpha', () => {
  it('without an alpha channel is a mask of nothing', () => {
    const { image, mask } = splitAlpha(decodePng(encodePng(fill(1, 1, 1, 0x010203), 0)));
    expect([[...image.pixels], [...mask.pixels]]).toEqual([[1, 2, 3], [0]]);
  });

  it('is left out of the rgb channel and is all there is of the a channel', () => {
    const file = encodeRgba(2, 1, rgba);
    expect([...decodePng(channel(file, 'rgb')).rgba]).toEqual([10, 20, 30, 255, 40, 50, 60, 255]);
    expect([...decodePng(channel(file, 'a')).rgba]).toEqual([0, 0, 0, 255, 0, 0, 0, 0]);
  });

  it('of a mask replaces that of the picture, whose text stays', () => {
    const original = encodePng(fill(2, 1, 1, 0x070809), 0, { prompt: 'p' });
    const masked = decodePng(applyMask(original, encodeRgba(2, 1, rgba)));
    expect([[...masked.rgba], masked.text]).toEqual([[7, 8, 9, 255, 7, 8, 9, 0], { prompt: 'p' }]);
  });

  it('of another size is refused', () => {
    expect(() => applyMask(encodePng(fill(1, 1, 1, 0), 0), encodeRgba(2, 1, rgba))).toThrow('do not match');
  });
});
