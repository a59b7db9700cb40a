import { describe, expect, it } from 'vitest';
import { isSameCatalogue } from '../../../../engine/page-store/catalogue.ts';

const same = (a: unknown, b: unknown): boolean =>
  isSameCatalogue(Buffer.from(JSON.stringify(a)), Buffer.from(JSON.stringify(b)));
const node = (input: unknown, more = {}) => ({
  Load: { input: { required: { it: input } }, output: ['IMAGE'], ...more },
});

describe('two catalogues', () => {
  it.each([
    ['in another order', { A: {}, B: {} }, { B: {}, A: {} }, true],
    [
      'with a new picture to load',
      node([['a.png'], { image_upload: true }]),
      node([['a.png', 'b.png'], { image_upload: true }]),
      true,
    ],
    [
      'with a new video to load, as newer ComfyUI writes it',
      node(['COMBO', { options: ['a.mp4'], video_upload: true }]),
      node(['COMBO', { options: [], video_upload: true }]),
      true,
    ],
    ['with a new model', node([['a.safetensors']]), node([['a.safetensors', 'b.safetensors']]), false],
    ['with a new node', { A: {} }, { A: {}, B: {} }, false],
    ['with another output', node(['INT', {}]), node(['INT', {}], { output: ['MASK'] }), false],
    ['with another default', node(['INT', { default: 1 }]), node(['INT', { default: 2 }]), false],
  ])('%s', (_name, before, after, expected) => {
    expect(same(before, after)).toBe(expected);
  });

  it('that cannot be read are others', () => {
    expect(isSameCatalogue(Buffer.from('{'), Buffer.from('{}'))).toBe(false);
    expect(isSameCatalogue(Buffer.from('{'), Buffer.from('{'))).toBe(true);
  });
});
