import { describe, expect, it } from 'vitest';
import { fill } from '../../../../../simulator/comfyui/images/image-operations.ts';
import { encodeJpeg } from '../../../../../simulator/comfyui/images/jpeg.ts';
import { BitWriter, discreteCosine } from '../../../../../simulator/comfyui/images/jpeg-blocks.ts';
import {
  acTables,
  dcTables,
  huffmanCodes,
  quantisation,
  zigzag,
} from '../../../../../simulator/comfyui/images/jpeg-tables.ts';

/** Marker bytes of the segments, in order. */
function markers(file: Uint8Array): string[] {
  const found: string[] = [];
  for (let at = 2; at < file.length; ) {
    const marker = file[at + 1] ?? 0;
    found.push(marker.toString(16));
    if (marker === 0xda) return found;
    at += 2 + ((file[at + 2] ?? 0) << 8) + (file[at + 3] ?? 0);
  }
  return found;
}

describe('a JPEG file', () => {
  const file = encodeJpeg(17, 9, fill(17, 9, 1, 0x3366cc).pixels, 90);

  it('has its segments, from start to end', () => {
    expect([...file.subarray(0, 2), ...file.subarray(-2)]).toEqual([0xff, 0xd8, 0xff, 0xd9]);
    expect(markers(file)).toEqual(['e0', 'db', 'db', 'c0', 'c4', 'c4', 'c4', 'c4', 'da']);
  });

  it('names its size, also where it is no multiple of a block', () => {
    const at = Buffer.from(file).indexOf(Buffer.from([0xff, 0xc0]));
    expect([...file.subarray(at + 5, at + 9)]).toEqual([0, 9, 0, 17]);
  });

  it('is smaller at a lower quality', () => {
    const noise = Uint8Array.from({ length: 32 * 32 * 3 }, (_, index) => (index * 7919) % 256);
    expect(encodeJpeg(32, 32, noise, 20).length).toBeLessThan(encodeJpeg(32, 32, noise, 95).length);
  });
});

describe('the tables', () => {
  it('visit every place of a block once, along its diagonals', () => {
    expect([...zigzag].sort((left, right) => left - right)).toEqual(Array.from({ length: 64 }, (_, index) => index));
    expect(zigzag.slice(0, 10)).toEqual([0, 1, 8, 16, 9, 2, 3, 10, 17, 24]);
  });

  it.each([...dcTables, ...acTables])('give every symbol a code that begins no other (%#)', (table) => {
    const codes = [...huffmanCodes(table).values()].map(({ code, length }) => code.toString(2).padStart(length, '0'));
    expect(codes).toHaveLength(table.symbols.length);
    for (const code of codes) expect(codes.filter((other) => other.startsWith(code))).toEqual([code]);
  });

  it('are all ones at full quality', () => {
    expect(new Set(quantisation(100).flat())).toEqual(new Set([1]));
  });
});

describe('the transform', () => {
  it('puts a plain block into its first coefficient', () => {
    const [first = 0, ...rest] = discreteCosine(new Float32Array(64).fill(10));
    expect(first).toBeCloseTo(80, 3);
    expect(Math.max(...rest.map(Math.abs))).toBeLessThan(1e-3);
  });
});

describe('bits', () => {
  it('are written highest first, filled with ones, with a zero behind 0xff', () => {
    const writer = new BitWriter();
    writer.write(0xff, 8);
    writer.write(0b101, 3);
    expect([...writer.finish()]).toEqual([0xff, 0, 0b10111111]);
  });
});
