/**
 * A baseline JPEG writer: 8 bits, no subsampling, the example tables of the standard (ITU-T T.81, annex K).
 * For preview frames and /view?preview=jpeg; reading JPEG is out of scope. Pure.
 */
import { BitWriter, colourBlocks, discreteCosine } from './jpeg-blocks.ts';
import { acTables, dcTables, type HuffmanTable, huffmanCodes, quantisation, zigzag } from './jpeg-tables.ts';

/** `rgb` has three bytes a pixel; quality is 1–100 as libjpeg counts it. */
export function encodeJpeg(width: number, height: number, rgb: Uint8Array, quality: number): Uint8Array {
  const tables = quantisation(quality);
  const writer = new BitWriter();
  const codes = { dc: dcTables.map(huffmanCodes), ac: acTables.map(huffmanCodes) };
  const lastDc = [0, 0, 0];
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      colourBlocks(rgb, width, height, left, top).forEach((block, component) => {
        // One pair of tables for brightness, one for both colours.
        const kind = component === 0 ? 0 : 1;
        const values = quantise(discreteCosine(block), tables[kind]);
        writeBlock(writer, values, lastDc[component] ?? 0, codes.dc[kind], codes.ac[kind]);
        lastDc[component] = values[0] ?? 0;
      });
    }
  }
  return Buffer.concat([header(width, height, tables), writer.finish(), Buffer.from([0xff, 0xd9])]);
}

function quantise(block: Float32Array, table: readonly number[] = []): Int32Array {
  const values = new Int32Array(64);
  for (let at = 0; at < 64; at += 1) {
    const place = zigzag[at] ?? 0;
    values[at] = Math.round((block[place] ?? 0) / (table[place] ?? 1));
  }
  return values;
}

type Codes = Map<number, { code: number; length: number }> | undefined;

function writeBlock(writer: BitWriter, values: Int32Array, lastDc: number, dc: Codes, ac: Codes): void {
  const write = (codes: Codes, symbol: number) => {
    const found = codes?.get(symbol);
    if (!found) throw new Error(`no JPEG code for ${symbol}`);
    writer.write(found.code, found.length);
  };
  const writeAmplitude = (value: number, size: number) =>
    writer.write(value < 0 ? value + (1 << size) - 1 : value, size);
  const difference = (values[0] ?? 0) - lastDc;
  write(dc, bitSize(difference));
  writeAmplitude(difference, bitSize(difference));
  let zeros = 0;
  for (let at = 1; at < 64; at += 1) {
    const value = values[at] ?? 0;
    if (value === 0) {
      zeros += 1;
      continue;
    }
    for (; zeros > 15; zeros -= 16) write(ac, 0xf0);
    write(ac, (zeros << 4) | bitSize(value));
    writeAmplitude(value, bitSize(value));
    zeros = 0;
  }
  if (zeros > 0) write(ac, 0);
}

const bitSize = (value: number): number => (value === 0 ? 0 : 32 - Math.clz32(Math.abs(value)));

function header(width: number, height: number, tables: readonly (readonly number[])[]): Buffer {
  const segment = (marker: number, ...data: number[]): number[] => {
    const length = data.length + 2;
    return [0xff, marker, length >> 8, length & 255, ...data];
  };
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  const huffman = (table: HuffmanTable, place: number) => segment(0xc4, place, ...table.counts, ...table.symbols);
  return Buffer.from([
    0xff,
    0xd8,
    ...segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0),
    ...tables.flatMap((table, place) => segment(0xdb, place, ...zigzag.map((at) => table[at] ?? 1))),
    ...segment(0xc0, 8, ...size, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1),
    ...dcTables.flatMap((table, place) => huffman(table, place)),
    ...acTables.flatMap((table, place) => huffman(table, 0x10 | place)),
    ...segment(0xda, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0),
  ]);
}
