/** Scaling of pictures, with the filters ImageScale offers. Pure; run in the image worker. */
import { emptyRaster, frame, type Raster } from './raster.ts';

export const scaleMethods = ['nearest-exact', 'bilinear', 'area', 'bicubic', 'lanczos'] as const;
export type ScaleMethod = (typeof scaleMethods)[number];

interface Filter {
  /** Reach on each side, in source pixels, when nothing shrinks. */
  reach: number;
  weight(distance: number): number;
  /** Widens when shrinking, so that every source pixel counts; then places beyond the edge are left out, not repeated. */
  widens: boolean;
}

const cubic = -0.75;
const filters: Record<Exclude<ScaleMethod, 'nearest-exact' | 'area'>, Filter> = {
  bilinear: { reach: 1, widens: false, weight: (x) => Math.max(0, 1 - x) },
  bicubic: {
    reach: 2,
    widens: false,
    weight: (x) =>
      x < 1
        ? (cubic + 2) * x ** 3 - (cubic + 3) * x ** 2 + 1
        : x < 2
          ? cubic * x ** 3 - 5 * cubic * x ** 2 + 8 * cubic * x - 4 * cubic
          : 0,
  },
  lanczos: { reach: 3, widens: true, weight: (x) => (x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** A width or height of 0 follows from the other; `center` cuts the source to the wanted shape first. */
export function scale(
  source: Raster,
  method: ScaleMethod,
  width: number,
  height: number,
  crop: 'disabled' | 'center',
): Raster {
  if (width === 0 && height === 0) return source;
  const toWidth = width || Math.max(1, Math.round((source.width * height) / source.height));
  const toHeight = height || Math.max(1, Math.round((source.height * width) / source.width));
  const cut = crop === 'center' ? cropToShape(source, toWidth / toHeight) : source;
  const across = axisWeights(cut.width, toWidth, method);
  const down = axisWeights(cut.height, toHeight, method);
  const result = emptyRaster(toWidth, toHeight, cut.count, cut.channels);
  const between = new Float32Array(toWidth * cut.height * cut.channels);
  for (let index = 0; index < cut.count; index += 1) {
    resampleLines(frame(cut, index), between, across, {
      lines: cut.height,
      lineFrom: cut.width,
      lineTo: toWidth,
      channels: cut.channels,
    });
    // ComfyUI's lanczos is Pillow's, which keeps bytes between its two passes: overshoot is cut off twice.
    if (method === 'lanczos') between.set(Uint8ClampedArray.from(between));
    resampleRows(between, frame(result, index), down, toWidth * cut.channels);
  }
  return result;
}

function cropToShape(source: Raster, aspect: number): Raster {
  const tooWide = source.width / source.height > aspect;
  const width = tooWide ? Math.max(1, Math.round(source.height * aspect)) : source.width;
  const height = tooWide ? source.height : Math.max(1, Math.round(source.width / aspect));
  const left = (source.width - width) >> 1;
  const top = (source.height - height) >> 1;
  const result = emptyRaster(width, height, source.count, source.channels);
  const row = width * source.channels;
  for (let index = 0; index < source.count; index += 1) {
    const from = frame(source, index);
    const to = frame(result, index);
    for (let y = 0; y < height; y += 1) {
      const start = ((top + y) * source.width + left) * source.channels;
      to.set(from.subarray(start, start + row), y * row);
    }
  }
  return result;
}

interface Tap {
  place: number;
  weight: number;
}

/** For every target place, the source places and their shares, which add up to 1. */
function axisWeights(from: number, to: number, method: ScaleMethod): Tap[][] {
  const ratio = from / to;
  return Array.from({ length: to }, (_, target) => {
    if (method === 'nearest-exact')
      return [{ place: Math.min(from - 1, Math.floor((target + 0.5) * ratio)), weight: 1 }];
    return even(method === 'area' ? areaTaps(target, ratio) : filterTaps(target, ratio, from, filters[method]));
  });
}

/** All source pixels that the target pixel touches, alike. */
function areaTaps(target: number, ratio: number): Tap[] {
  const first = Math.floor(target * ratio);
  // The slack keeps a whole number from being pushed up by its last bits.
  const end = Math.ceil((target + 1) * ratio - 1e-9);
  return Array.from({ length: end - first }, (_, index) => ({ place: first + index, weight: 1 }));
}

function filterTaps(target: number, ratio: number, from: number, filter: Filter): Tap[] {
  const centre = (target + 0.5) * ratio;
  const stretch = filter.widens ? Math.max(1, ratio) : 1;
  const reach = filter.reach * stretch;
  const taps: Tap[] = [];
  for (let place = Math.floor(centre - reach); place <= Math.ceil(centre + reach); place += 1) {
    const weight = filter.weight(Math.abs(place + 0.5 - centre) / stretch);
    const inside = Math.min(from - 1, Math.max(0, place));
    if (weight !== 0 && (inside === place || !filter.widens)) taps.push({ place: inside, weight });
  }
  return taps;
}

function even(taps: readonly Tap[]): Tap[] {
  const sum = taps.reduce((total, tap) => total + tap.weight, 0);
  return taps.map(({ place, weight }) => ({ place, weight: weight / sum }));
}

interface LineShape {
  lines: number;
  lineFrom: number;
  lineTo: number;
  channels: number;
}

function resampleLines(from: Uint8Array, to: Float32Array, taps: readonly Tap[][], shape: LineShape): void {
  const { lines, lineFrom, lineTo, channels } = shape;
  for (let line = 0; line < lines; line += 1) {
    taps.forEach((places, target) => {
      for (let channel = 0; channel < channels; channel += 1) {
        let sum = 0;
        for (const { place, weight } of places)
          sum += weight * (from[(line * lineFrom + place) * channels + channel] ?? 0);
        to[(line * lineTo + target) * channels + channel] = sum;
      }
    });
  }
}

function resampleRows(from: Float32Array, to: Uint8Array, taps: readonly Tap[][], rowLength: number): void {
  taps.forEach((places, target) => {
    for (let at = 0; at < rowLength; at += 1) {
      let sum = 0.5;
      for (const { place, weight } of places) sum += weight * (from[place * rowLength + at] ?? 0);
      // Filters with negative lobes overshoot at edges.
      to[target * rowLength + at] = Math.min(255, Math.max(0, sum));
    }
  });
}
