/** PNG files: written with text chunks as ComfyUI does, read whatever their colour type. Pure; run in the image worker. */
import { crc32 } from 'node:zlib';
import { PNG } from 'pngjs';
import { emptyRaster, frame, type Raster } from './raster.ts';

const colourTypeGrey = 0;
const colourTypeRgb = 2;
const colourTypeRgba = 6;
/** Signature and IHDR: text goes right behind, where readers of metadata look first. */
const headerLength = 8 + 25;

/** One picture of the batch as a file; `text` becomes tEXt chunks. */
export function encodePng(raster: Raster, index: number, text: Record<string, string> = {}, compressLevel = 4): Buffer {
  const { width, height, channels } = raster;
  const colorType = channels === 1 ? colourTypeGrey : colourTypeRgb;
  const picture = new PNG({ width, height });
  picture.data = Buffer.from(frame(raster, index));
  const options = { colorType, inputColorType: colorType, inputHasAlpha: false, deflateLevel: compressLevel } as const;
  return insertText(PNG.sync.write(picture, options), text);
}

/** Encodes RGBA bytes. */
export function encodeRgba(width: number, height: number, rgba: Uint8Array, text: Record<string, string> = {}): Buffer {
  const picture = new PNG({ width, height });
  picture.data = Buffer.from(rgba);
  return insertText(PNG.sync.write(picture, { colorType: colourTypeRgba }), text);
}

export interface DecodedPng {
  width: number;
  height: number;
  hasAlpha: boolean;
  /** Four bytes a pixel. */
  rgba: Uint8Array;
  text: Record<string, string>;
}

/** Throws when the bytes are no PNG. */
export function decodePng(file: Uint8Array): DecodedPng {
  const bytes = Buffer.from(file);
  const { width, height, data } = PNG.sync.read(bytes);
  const colourType = bytes[25] ?? 0;
  const hasAlpha = colourType === 4 || colourType === 6 || chunks(bytes).some(({ name }) => name === 'tRNS');
  return { width, height, hasAlpha, rgba: data, text: readText(bytes) };
}

/** The colours without alpha, and the mask LoadImage gives with them: 255 where the picture is transparent. */
export function splitAlpha(decoded: DecodedPng): { image: Raster; mask: Raster } {
  const { width, height, rgba, hasAlpha } = decoded;
  const image = emptyRaster(width, height, 1, 3);
  const mask = emptyRaster(width, height, 1, 1);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) image.pixels[pixel * 3 + channel] = rgba[pixel * 4 + channel] ?? 0;
    mask.pixels[pixel] = hasAlpha ? 255 - (rgba[pixel * 4 + 3] ?? 255) : 0;
  }
  return { image, mask };
}

/** Puts tEXt chunks behind the header of a PNG file. */
export function insertText(file: Buffer, text: Record<string, string>): Buffer {
  const added = Object.entries(text).map(([keyword, value]) =>
    chunk('tEXt', Buffer.concat([Buffer.from(keyword, 'latin1'), Buffer.from([0]), Buffer.from(value, 'latin1')])),
  );
  return Buffer.concat([file.subarray(0, headerLength), ...added, file.subarray(headerLength)]);
}

export function readText(file: Buffer): Record<string, string> {
  const text: Record<string, string> = {};
  for (const { name, data } of chunks(file)) {
    const end = data.indexOf(0);
    if (name === 'tEXt' && end > 0)
      text[data.subarray(0, end).toString('latin1')] = data.subarray(end + 1).toString('latin1');
  }
  return text;
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

function chunks(file: Buffer): { name: string; data: Buffer }[] {
  const found: { name: string; data: Buffer }[] = [];
  for (let at = 8; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    found.push({ name: file.toString('latin1', at + 4, at + 8), data: file.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return found;
}
