import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { asciiJson, withTexts } from '../../../../engine/comfyui/png-metadata.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Every chunk of a PNG; throws when one is not as it should be. */
function chunksOf(png: Buffer): { type: string; data: Buffer }[] {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const named = png.subarray(at + 4, at + 8 + length);
    if (crc32(named) !== png.readUInt32BE(at + 8 + length)) throw new Error('a chunk has a wrong checksum');
    chunks.push({ type: named.toString('latin1', 0, 4), data: named.subarray(4) });
    at += 12 + length;
  }
  return chunks;
}
const changed = (png: Buffer, texts: Record<string, string>): Buffer => {
  const change = withTexts(png, texts);
  if (change === null) throw new Error('not changed');
  return Buffer.concat([change.head, png.subarray(change.replacedBytes)]);
};
const textsIn = (png: Buffer): string[] =>
  chunksOf(png).flatMap(({ type, data }) => (type === 'tEXt' ? [data.toString('latin1').replace('\0', '=')] : []));

describe('texts in a PNG', () => {
  it('stand before the pixels, and the pixels stay what they were', () => {
    const png = changed(PNG, { prompt: '{"1":1}', workflow: '{}' });
    expect(chunksOf(png).map(({ type }) => type)).toEqual(['IHDR', 'tEXt', 'tEXt', 'IDAT', 'IEND']);
    expect(textsIn(png)).toEqual(['prompt={"1":1}', 'workflow={}']);
    expect(chunksOf(png).find(({ type }) => type === 'IDAT')).toEqual(
      chunksOf(PNG).find(({ type }) => type === 'IDAT'),
    );
  });

  it('replace those of the same name, and leave others', () => {
    const before = changed(PNG, { prompt: 'of the worker', author: 'me' });
    expect(textsIn(changed(before, { prompt: 'ours' }))).toEqual(['author=me', 'prompt=ours']);
  });

  it('are not put into what is no whole PNG', () => {
    for (const bytes of [Buffer.from('GIF89a'), Buffer.alloc(0), PNG.subarray(0, 30)]) {
      expect(withTexts(bytes, { prompt: 'x' })).toBeNull();
    }
    const lying = Buffer.from(PNG);
    lying.writeUInt32BE(0xffffffff, 8);
    expect(withTexts(lying, { prompt: 'x' })).toBeNull();
  });

  it('are ASCII, as ComfyUI writes them', () => {
    expect(asciiJson({ text: 'größe 😀' })).toBe('{"text":"gr\\u00f6\\u00dfe \\ud83d\\ude00"}');
    expect(JSON.parse(asciiJson({ text: 'größe 😀' }))).toEqual({ text: 'größe 😀' });
  });
});
