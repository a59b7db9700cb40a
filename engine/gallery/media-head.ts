/** What the first and last bytes of a picture tell: its size in pixels, and whether all of it was written. Pure. */

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** Enough for every format here but a JPEG with a large embedded preview before its frame. */
export const HEAD_BYTES = 64 * 1024;
/** PNG ends with a chunk of this length; the others need less. */
export const TAIL_BYTES = 12;

/** @param head the first bytes, HEAD_BYTES or the whole file @returns null when they do not tell */
export function pixelSize(head: Buffer): PixelSize | null {
  if (isPng(head)) return sized(head.length >= 24, () => [head.readUInt32BE(16), head.readUInt32BE(20)]);
  if (isGif(head)) return sized(head.length >= 10, () => [head.readUInt16LE(6), head.readUInt16LE(8)]);
  if (isWebp(head)) return webpSize(head);
  return isJpeg(head) ? jpegSize(head) : null;
}

/**
 * Whether the file ends as its format says; a picture that is still being written does not.
 * @param tail the last TAIL_BYTES
 * @returns null when its format does not tell
 */
export function isWhole(head: Buffer, tail: Buffer, bytes: number): boolean | null {
  if (isPng(head)) return tail.subarray(-8, -4).equals(Buffer.from('IEND'));
  if (isGif(head)) return tail.at(-1) === 0x3b;
  // Bytes that fill it up to an even length are not in the sum.
  if (isWebp(head)) return bytes >= head.readUInt32LE(4) + 8;
  return isJpeg(head) ? tail.subarray(-2).equals(Buffer.from([0xff, 0xd9])) : null;
}

const isPng = (head: Buffer): boolean => head.length >= 16 && head.readUInt32BE(0) === 0x89504e47;
const isGif = (head: Buffer): boolean => head.length >= 6 && head.toString('latin1', 0, 4) === 'GIF8';
const isWebp = (head: Buffer): boolean =>
  head.length >= 16 && head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP';
const isJpeg = (head: Buffer): boolean => head.length >= 4 && head.readUInt16BE(0) === 0xffd8;

function sized(isThere: boolean, read: () => [number, number]): PixelSize | null {
  if (!isThere) return null;
  const [width, height] = read();
  return width > 0 && height > 0 ? { width, height } : null;
}

function webpSize(head: Buffer): PixelSize | null {
  if (head.length < 30) return null;
  switch (head.toString('latin1', 12, 16)) {
    case 'VP8X':
      return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
    case 'VP8L': {
      const bits = head.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
    default:
      return null;
  }
}

/** Start of frame, of any coding; C4, C8 and CC are tables and not frames. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

function jpegSize(head: Buffer): PixelSize | null {
  for (let at = 2; at + 9 <= head.length; ) {
    if (head[at] !== 0xff) return null;
    const marker = head[at + 1] ?? 0;
    if (isFrame(marker)) return sized(true, () => [head.readUInt16BE(at + 7), head.readUInt16BE(at + 5)]);
    at += 2 + head.readUInt16BE(at + 2);
  }
  return null;
}
