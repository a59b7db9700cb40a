/** The work that can be asked of the image worker: one name, its arguments and its result. Pure but for the time it takes. */
import { blur, fill, invert } from './image-operations.ts';
import { encodeJpeg } from './jpeg.ts';
import { applyMask, channel, preview } from './picture-forms.ts';
import { decodePng, encodePng, splitAlpha } from './png.ts';
import { frame, type Raster } from './raster.ts';
import { scale } from './resample.ts';

export const imageTasks = {
  fill,
  invert,
  blur,
  scale,
  preview,
  channel,
  applyMask,
  encodePng: (...parameters: Parameters<typeof encodePng>): Uint8Array => encodePng(...parameters),
  encodeJpeg: (raster: Raster, index: number, quality: number): Uint8Array =>
    encodeJpeg(raster.width, raster.height, frame(raster, index), quality),
  loadPng: (file: Uint8Array) => splitAlpha(decodePng(file)),
} as const;

export type ImageTasks = typeof imageTasks;
export type ImageTaskName = keyof ImageTasks;
