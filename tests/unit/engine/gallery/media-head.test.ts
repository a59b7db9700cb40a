import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import { isWhole, pixelSize, TAIL_BYTES } from '../../../../engine/gallery/media-head.ts';

const png = PNG.sync.write(new PNG({ width: 40, height: 30 }));

function webp(chunk: string, body: Buffer): Buffer {
  const head = Buffer.alloc(20);
  head.write('RIFF', 0);
  head.writeUInt32LE(12 + body.length, 4);
  head.write('WEBP', 8);
  head.write(chunk, 12);
  head.writeUInt32LE(body.length, 16);
  return Buffer.concat([head, body]);
}

describe('the size in pixels', () => {
  test.each([
    ['PNG', png, { width: 40, height: 30 }],
    ['GIF', Buffer.from('47494638396120000a00', 'hex'), { width: 32, height: 10 }],
    // With a table and a comment before the frame, as Pillow writes it.
    [
      'JPEG',
      Buffer.from('ffd8ffe000044a46ffdb0004aabbffc20011080064012c03012200021101031101', 'hex'),
      { width: 300, height: 100 },
    ],
    ['extended WebP', webp('VP8X', Buffer.from('00000000ff0300bf0200', 'hex')), { width: 1024, height: 704 }],
    ['lossless WebP', webp('VP8L', Buffer.from('2fff00190000000000000000', 'hex')), { width: 256, height: 101 }],
    ['lossy WebP', webp('VP8 ', Buffer.from('0000009d012a80023801', 'hex')), { width: 640, height: 312 }],
  ])('of a %s', (_, head, size) => {
    expect(pixelSize(head)).toEqual(size);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('this is no picture, whatever its name says')],
    ['a cut PNG', png.subarray(0, 20)],
    ['a JPEG without a frame', Buffer.from('ffd8ffe000044a46ffda', 'hex')],
  ])('of %s is not told', (_, head) => {
    expect(pixelSize(head)).toBeNull();
  });
});

describe('whether all of it was written', () => {
  const tail = (file: Buffer): Buffer => file.subarray(-TAIL_BYTES);

  test('a PNG cut anywhere is not whole', () => {
    expect(isWhole(png, tail(png), png.length)).toBe(true);
    for (let length = 20; length < png.length; length += 1) {
      const part = png.subarray(0, length);
      expect(isWhole(part, tail(part), length)).toBe(false);
    }
  });

  test('a WebP is as long as it says', () => {
    const file = webp('VP8X', Buffer.alloc(10));
    expect([isWhole(file, tail(file), file.length), isWhole(file, tail(file), file.length - 1)]).toEqual([true, false]);
  });

  test('a video does not tell', () => {
    const file = Buffer.from('0000001c66747970697365640000020069736f6d', 'hex');
    expect(isWhole(file, tail(file), file.length)).toBeNull();
  });
});
