/** The other forms in which /view gives a stored PNG: a compressed preview, its colours, its alpha, a new alpha from a mask. Pure. */
import { encodeJpeg } from './jpeg.ts';
import { decodePng, encodePng, encodeRgba, splitAlpha } from './png.ts';
import { encodeWebp } from './webp.ts';

/** WebP is written without loss, so `quality` counts for JPEG only. */
export function preview(file: Uint8Array, format: 'webp' | 'jpeg', quality: number, dropAlpha: boolean): Uint8Array {
  const decoded = decodePng(file);
  const { width, height, rgba, hasAlpha } = decoded;
  if (format === 'jpeg') return encodeJpeg(width, height, splitAlpha(decoded).image.pixels, quality);
  return encodeWebp(width, height, rgba, hasAlpha && !dropAlpha);
}

/** `rgb` without alpha, or `a` as the alpha of a black picture. */
export function channel(file: Uint8Array, wanted: 'rgb' | 'a'): Uint8Array {
  const decoded = decodePng(file);
  if (wanted === 'rgb') return encodePng(splitAlpha(decoded).image, 0);
  const rgba = new Uint8Array(decoded.rgba.length);
  for (let at = 3; at < rgba.length; at += 4) rgba[at] = decoded.rgba[at] ?? 255;
  return encodeRgba(decoded.width, decoded.height, rgba);
}

/** The original with the mask's alpha, keeping its text. Throws when the sizes differ. */
export function applyMask(original: Uint8Array, mask: Uint8Array): Uint8Array {
  const picture = decodePng(original);
  const cover = decodePng(mask);
  if (picture.width !== cover.width || picture.height !== cover.height) throw new Error('images do not match');
  const rgba = Uint8Array.from(picture.rgba);
  for (let at = 3; at < rgba.length; at += 4) rgba[at] = cover.rgba[at] ?? 255;
  return encodeRgba(picture.width, picture.height, rgba, picture.text);
}
