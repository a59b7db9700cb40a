/** The arithmetic of the image nodes, on whole batches. Pure; run in the image worker, because large pictures take seconds. */
import { emptyRaster, frame, type Raster } from './raster.ts';

/** `colour` is 0xRRGGBB. */
export function fill(width: number, height: number, count: number, colour: number): Raster {
  const raster = emptyRaster(width, height, count, 3);
  const [red, green, blue] = [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255];
  for (let at = 0; at < raster.pixels.length; at += 3) {
    raster.pixels[at] = red;
    raster.pixels[at + 1] = green;
    raster.pixels[at + 2] = blue;
  }
  return raster;
}

export function invert(source: Raster): Raster {
  const result = emptyRaster(source.width, source.height, source.count, source.channels);
  for (let at = 0; at < source.pixels.length; at += 1) result.pixels[at] = 255 - (source.pixels[at] ?? 0);
  return result;
}

/** Gaussian blur; the edge is mirrored without repeating the outermost pixel. */
export function blur(source: Raster, radius: number, sigma: number): Raster {
  const weights = gaussianWeights(radius, sigma);
  const result = emptyRaster(source.width, source.height, source.count, source.channels);
  const { width, height, channels } = source;
  const between = new Float32Array(width * height * channels);
  for (let index = 0; index < source.count; index += 1) {
    convolve(
      frame(source, index),
      between,
      { outer: height, length: width, outerStep: width * channels, step: channels, channels },
      weights,
    );
    convolve(
      between,
      frame(result, index),
      { outer: width, length: height, outerStep: channels, step: width * channels, channels },
      weights,
    );
  }
  return result;
}

function gaussianWeights(radius: number, sigma: number): Float32Array {
  const weights = new Float32Array(2 * radius + 1);
  // The kernel spans [-1, 1] whatever its radius, so sigma is measured in radii.
  for (let at = 0; at < weights.length; at += 1)
    weights[at] = Math.exp(-(((at - radius) / radius) ** 2) / (2 * sigma * sigma));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

interface Lines {
  outer: number;
  length: number;
  outerStep: number;
  step: number;
  channels: number;
}

function convolve(
  from: Uint8Array | Float32Array,
  to: Uint8Array | Float32Array,
  lines: Lines,
  weights: Float32Array,
): void {
  const radius = (weights.length - 1) / 2;
  const { outer, length, outerStep, step, channels } = lines;
  const rounded = to instanceof Uint8Array ? 0.5 : 0;
  const places = mirroredPlaces(length, radius, step);
  for (let line = 0; line < outer; line += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      const start = line * outerStep + channel;
      for (let at = 0; at < length; at += 1) {
        let sum = 0;
        for (let tap = 0; tap < weights.length; tap += 1) {
          sum += (weights[tap] ?? 0) * (from[start + (places[at + tap] ?? 0)] ?? 0);
        }
        to[start + at * step] = sum + rounded;
      }
    }
  }
}

/** Offsets of the places -radius … length-1+radius of a line, mirrored at its ends. */
function mirroredPlaces(length: number, radius: number, step: number): Int32Array {
  const places = new Int32Array(length + 2 * radius);
  const period = Math.max(1, 2 * (length - 1));
  for (let at = 0; at < places.length; at += 1) {
    const folded = (((at - radius) % period) + period) % period;
    places[at] = (folded < length ? folded : period - folded) * step;
  }
  return places;
}
