/**
 * A lossless WebP (VP8L) writer, as RFC 9649 describes the format: prefix codes and runs copied from the left or from
 * above, no transforms. Small for plain pictures, larger than a lossy file for photographs. Pure.
 */
import { LsbBitWriter, type PrefixCode, prefixCode, writePrefixCode } from './webp-prefix-codes.ts';

/** `rgba` has four bytes a pixel; `hasAlpha` tells readers whether the fourth matters. Sides of at most 16384. */
export function encodeWebp(width: number, height: number, rgba: Uint8Array, hasAlpha: boolean): Uint8Array {
  const tokens = findRuns(toPixels(rgba, hasAlpha), width);
  const writer = new LsbBitWriter();
  writer.write(0x2f, 8);
  writer.write(width - 1, 14);
  writer.write(height - 1, 14);
  writer.write(hasAlpha ? 1 : 0, 1);
  // Version, then: no transform, no colour cache, one group of codes for the whole picture.
  writer.write(0, 3);
  writer.write(0, 3);
  writeTokens(writer, tokens);
  return riff(writer.finish());
}

/** 0xAARRGGBB a pixel. */
function toPixels(rgba: Uint8Array, hasAlpha: boolean): Uint32Array {
  const pixels = new Uint32Array(rgba.length / 4);
  for (let pixel = 0; pixel < pixels.length; pixel += 1) {
    const at = pixel * 4;
    const alpha = hasAlpha ? (rgba[at + 3] ?? 255) : 255;
    pixels[pixel] = ((alpha << 24) | ((rgba[at] ?? 0) << 16) | ((rgba[at + 1] ?? 0) << 8) | (rgba[at + 2] ?? 0)) >>> 0;
  }
  return pixels;
}

type Token = { pixel: number } | { length: number; from: 'left' | 'above' };

const shortestRun = 4;
const longestRun = 4096;
/** Distance codes of the two neighbours in the format's table of near places. */
const distanceSymbol = { above: 0, left: 1 } as const;
const lengthSymbols = 256;
const alphabets = { green: 256 + 24, byte: 256, distance: 40 };

function findRuns(pixels: Uint32Array, width: number): Token[] {
  const runFrom = (at: number, distance: number): number => {
    if (at < distance) return 0;
    let length = 0;
    while (length < longestRun && at + length < pixels.length && pixels[at + length] === pixels[at + length - distance])
      length += 1;
    return length;
  };
  const tokens: Token[] = [];
  for (let at = 0; at < pixels.length; ) {
    const left = runFrom(at, 1);
    const above = left < longestRun ? runFrom(at, width) : 0;
    const length = Math.max(left, above);
    if (length >= shortestRun) {
      tokens.push({ length, from: above > left ? 'above' : 'left' });
      at += length;
    } else {
      tokens.push({ pixel: pixels[at] ?? 0 });
      at += 1;
    }
  }
  return tokens;
}

/** A number as its class and the bits within the class. */
function prefixed(value: number): { symbol: number; extra: number; extraBits: number } {
  const rest = value - 1;
  if (rest < 4) return { symbol: rest, extra: 0, extraBits: 0 };
  const highest = 31 - Math.clz32(rest);
  const extraBits = highest - 1;
  return { symbol: 2 * highest + ((rest >> extraBits) & 1), extra: rest & ((1 << extraBits) - 1), extraBits };
}

function writeTokens(writer: LsbBitWriter, tokens: readonly Token[]): void {
  const counts = {
    green: new Uint32Array(alphabets.green),
    red: new Uint32Array(alphabets.byte),
    blue: new Uint32Array(alphabets.byte),
    alpha: new Uint32Array(alphabets.byte),
    distance: new Uint32Array(alphabets.distance),
  };
  const count = (table: Uint32Array, symbol: number) => {
    table[symbol] = (table[symbol] ?? 0) + 1;
  };
  for (const token of tokens) {
    if ('pixel' in token) {
      const { alpha, red, green, blue } = channelsOf(token.pixel);
      count(counts.green, green);
      count(counts.red, red);
      count(counts.blue, blue);
      count(counts.alpha, alpha);
    } else {
      count(counts.green, lengthSymbols + prefixed(token.length).symbol);
      count(counts.distance, distanceSymbol[token.from]);
    }
  }
  const code = (table: Uint32Array): PrefixCode => {
    const built = prefixCode(table);
    writePrefixCode(writer, built);
    return built;
  };
  // The format's order of the five codes.
  const green = code(counts.green);
  const red = code(counts.red);
  const blue = code(counts.blue);
  const alpha = code(counts.alpha);
  const distance = code(counts.distance);
  for (const token of tokens) {
    if ('pixel' in token) {
      const channels = channelsOf(token.pixel);
      green.write(writer, channels.green);
      red.write(writer, channels.red);
      blue.write(writer, channels.blue);
      alpha.write(writer, channels.alpha);
    } else {
      const { symbol, extra, extraBits } = prefixed(token.length);
      green.write(writer, lengthSymbols + symbol);
      writer.write(extra, extraBits);
      distance.write(writer, distanceSymbol[token.from]);
    }
  }
}

function channelsOf(pixel: number) {
  return { alpha: pixel >>> 24, red: (pixel >>> 16) & 255, green: (pixel >>> 8) & 255, blue: pixel & 255 };
}

function riff(data: Uint8Array): Uint8Array {
  const padding = data.length % 2;
  const file = Buffer.alloc(20 + data.length + padding);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(12 + data.length + padding, 4);
  file.write('WEBPVP8L', 8, 'latin1');
  file.writeUInt32LE(data.length, 16);
  file.set(data, 20);
  return file;
}
