import { deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import { embeddedWorkflow } from '../../../../engine/gallery/embedded-workflow.ts';

/** A seed that a number of JavaScript cannot hold. */
const WORKFLOW = '{"nodes":[{"widgets_values":[18446744073709551615]}]}';
const PROMPT = '{"3":{"class_type":"KSampler","inputs":{"seed":18446744073709551615}}}';

const reading = (file: Buffer) => embeddedWorkflow(async (at, length) => file.subarray(at, at + length));

function chunk(kind: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length, 0);
  head.write(kind, 4, 'latin1');
  return Buffer.concat([head, body, Buffer.alloc(4)]);
}

/** Chunks between the head of a PNG and its picture, as ComfyUI's SaveImage puts them. */
function png(...chunks: Buffer[]): Buffer {
  const plain = PNG.sync.write(new PNG({ width: 2, height: 2 }));
  return Buffer.concat([plain.subarray(0, 33), ...chunks, plain.subarray(33)]);
}

const text = (name: string, value: string): Buffer => Buffer.from(`${name}\0${value}`, 'latin1');

describe('the workflow inside a PNG', () => {
  test('is the text as it was written, seeds included', async () => {
    const file = png(chunk('tEXt', text('prompt', PROMPT)), chunk('tEXt', text('workflow', WORKFLOW)));
    expect(await reading(file)).toEqual({ workflow: WORKFLOW, prompt: PROMPT });
  });

  test('is found in compressed and in international text', async () => {
    const packed = Buffer.concat([Buffer.from('prompt\0\0', 'latin1'), deflateSync(PROMPT)]);
    const international = Buffer.concat([
      Buffer.from('workflow\0\0\0de\0Ablauf\0', 'latin1'),
      Buffer.from('{"a":"ü"}'),
    ]);
    expect(await reading(png(chunk('zTXt', packed), chunk('iTXt', international)))).toEqual({
      workflow: '{"a":"ü"}',
      prompt: PROMPT,
    });
  });

  test('is found where SaveAnimatedPNG writes it', async () => {
    expect(await reading(png(chunk('comf', text('workflow', WORKFLOW))))).toEqual({ workflow: WORKFLOW, prompt: null });
  });

  test('is none in a picture of another program', async () => {
    expect(await reading(png(chunk('tEXt', text('Software', 'Krita'))))).toBeNull();
  });

  test.each(['zTXt', 'iTXt', 'tEXt'])('a broken %s is none, and no crash', async (kind) => {
    for (const body of ['workflow', 'workflow\0', 'workflow\0\0broken', 'workflow\0\x01\0\0']) {
      await expect(reading(png(chunk(kind, Buffer.from(body, 'latin1'))))).resolves.toSatisfy(
        (found) => found === null || typeof found === 'object',
      );
    }
  });

  test('a file that ends in the middle, or lies about a length, ends the search', async () => {
    const file = png(chunk('tEXt', text('prompt', PROMPT)));
    for (let length = 0; length < file.length; length += 7) await reading(file.subarray(0, length));
    const lying = Buffer.from(file);
    lying.writeUInt32BE(0xffffffff, 33);
    expect(await reading(lying)).toBeNull();
  });
});

describe('the workflow inside a WebP', () => {
  function webp(order: 'II' | 'MM', prefix = ''): Buffer {
    const values = [`prompt:${PROMPT}\0`, `workflow:${WORKFLOW}\0`].map((value) => Buffer.from(value));
    const tiff = Buffer.alloc(8 + 2 + 24 + 4);
    const short = (value: number, at: number) =>
      order === 'II' ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
    const long = (value: number, at: number) =>
      order === 'II' ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at);
    tiff.write(order, 0);
    short(42, 2);
    long(8, 4);
    short(2, 8);
    let at = tiff.length;
    for (const [n, value] of values.entries()) {
      short(0x010f + n, 10 + n * 12);
      short(2, 12 + n * 12);
      long(value.length, 14 + n * 12);
      long(at, 18 + n * 12);
      at += value.length;
    }
    const exif = Buffer.concat([Buffer.from(prefix, 'latin1'), tiff, ...values]);
    const head = Buffer.alloc(8);
    head.write('EXIF');
    head.writeUInt32LE(exif.length, 4);
    // A chunk of odd length before it: one byte fills it up.
    const odd = Buffer.from('56503820030000000102030000', 'hex').subarray(0, 12);
    return Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP', 'latin1'), odd, head, exif]);
  }

  test.each([
    ['II', ''],
    ['MM', ''],
    ['MM', 'Exif\0\0'],
  ] as const)('is read in byte order %s, prefix %j', async (order, prefix) => {
    expect(await reading(webp(order, prefix))).toEqual({ workflow: WORKFLOW, prompt: PROMPT });
  });

  test('with offsets that lead nowhere is none', async () => {
    const file = webp('II');
    file.writeUInt32LE(0x7fffffff, file.indexOf('II') + 4);
    expect(await reading(file)).toBeNull();
  });
});

test('a text file with the name of a picture holds none', async () => {
  expect(await reading(Buffer.from('prompt:{"a":1}'))).toBeNull();
});
