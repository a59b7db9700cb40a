/** Puts pictures into the icon files of Windows (.ico) and macOS (.icns), which are plain lists of pictures. */
import { PNG } from 'pngjs';

/** @param {readonly Buffer[]} pngs square, at most 256 px, in ascending size */
export function icoOf(pngs) {
  const entries = pngs.map((png) => {
    const { width } = PNG.sync.read(png);
    // Windows reads PNG at 256 everywhere; some tools (resource editors, NSIS) want the smaller ones as bitmaps.
    return { width, data: width >= 256 ? png : bitmapOf(png) };
  });
  const head = Buffer.alloc(6 + 16 * entries.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(entries.length, 4);
  let offset = head.length;
  for (const [index, { width, data }] of entries.entries()) {
    const at = 6 + 16 * index;
    head.writeUInt8(width % 256, at);
    head.writeUInt8(width % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(data.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += data.length;
  }
  return Buffer.concat([head, ...entries.map(({ data }) => data)]);
}

/** A 32-bit device independent bitmap: rows from below, BGRA, then the old one-bit mask (empty: alpha decides). */
function bitmapOf(png) {
  const { width, height, data } = PNG.sync.read(png);
  const head = Buffer.alloc(40);
  head.writeUInt32LE(40, 0);
  head.writeInt32LE(width, 4);
  head.writeInt32LE(height * 2, 8);
  head.writeUInt16LE(1, 12);
  head.writeUInt16LE(32, 14);
  const pixels = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (y * width + x) * 4;
      const to = ((height - 1 - y) * width + x) * 4;
      pixels[to] = data[from + 2];
      pixels[to + 1] = data[from + 1];
      pixels[to + 2] = data[from];
      pixels[to + 3] = data[from + 3];
    }
  }
  const maskRowBytes = Math.ceil(width / 32) * 4;
  return Buffer.concat([head, pixels, Buffer.alloc(maskRowBytes * height)]);
}

/** Apple's four letters for a picture of this many pixels. 32 and 64 are the retina forms of 16 and 32. */
const ICNS_TYPES = {
  32: ['ic11'],
  64: ['ic12'],
  128: ['ic07'],
  256: ['ic13', 'ic08'],
  512: ['ic14', 'ic09'],
  1024: ['ic10'],
};
export const ICNS_SIZES = Object.keys(ICNS_TYPES).map(Number);

/** @param {ReadonlyMap<number, Buffer>} pngs by side in pixels: every one of ICNS_SIZES */
export function icnsOf(pngs) {
  const parts = ICNS_SIZES.flatMap((size) =>
    ICNS_TYPES[size].map((type) => {
      const png = pngs.get(size);
      const head = Buffer.alloc(8);
      head.write(type, 'ascii');
      head.writeUInt32BE(png.length + 8, 4);
      return Buffer.concat([head, png]);
    }),
  );
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.write('icns', 'ascii');
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}
