import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeWebp } from '../../../../../simulator/comfyui/images/webp.ts';
import { LsbBitWriter, prefixCode } from '../../../../../simulator/comfyui/images/webp-prefix-codes.ts';

describe('a WebP file', () => {
  const file = Buffer.from(encodeWebp(3, 2, new Uint8Array(24).fill(255), true));

  it('is a RIFF container of one lossless picture, of even length', () => {
    expect([file.toString('latin1', 0, 4), file.toString('latin1', 8, 16)]).toEqual(['RIFF', 'WEBPVP8L']);
    expect([file.readUInt32LE(4), file.length % 2]).toEqual([file.length - 8, 0]);
  });

  it('names its size and whether alpha counts', () => {
    const head = file.readUInt32LE(21);
    expect([file[20], (head & 0x3fff) + 1, ((head >> 14) & 0x3fff) + 1, (head >> 28) & 1]).toEqual([0x2f, 3, 2, 1]);
  });

  it('of a plain picture does not grow with it', () => {
    const plain = (side: number) => encodeWebp(side, side, new Uint8Array(side * side * 4).fill(9), false).length;
    expect(plain(512)).toBeLessThan(plain(16) + 200);
  });
});

describe('prefix codes', () => {
  const counts = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1e6 })), { minLength: 2, maxLength: 280 });

  it('fill the space of codes exactly, within fifteen bits', () => {
    fc.assert(
      fc.property(counts, (numbers) => {
        const { lengths, used } = prefixCode(numbers);
        fc.pre(used.length > 1);
        expect(Math.max(...lengths)).toBeLessThanOrEqual(15);
        expect(lengths.reduce((sum, length) => sum + (length > 0 ? 2 ** -length : 0), 0)).toBe(1);
        expect(used.every((symbol) => (lengths[symbol] ?? 0) > 0)).toBe(true);
      }),
    );
  });

  it('stay within fifteen bits for counts that would make a chain', () => {
    const fibonacci = [1, 1];
    while (fibonacci.length < 40) fibonacci.push((fibonacci.at(-1) ?? 0) + (fibonacci.at(-2) ?? 0));
    expect(Math.max(...prefixCode(fibonacci).lengths)).toBeLessThanOrEqual(15);
  });

  it('of a single symbol take no bits', () => {
    const writer = new LsbBitWriter();
    prefixCode([0, 5, 0]).write(writer, 1);
    expect(writer.finish()).toHaveLength(0);
  });
});

describe('bits', () => {
  it('are written lowest first', () => {
    const writer = new LsbBitWriter();
    writer.write(0b1, 1);
    writer.write(0b10, 2);
    writer.write(0x1ff, 9);
    expect([...writer.finish()]).toEqual([0b11111101, 0b1111]);
  });
});
