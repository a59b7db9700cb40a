/** Pictures as they pass between nodes: several of one size, 8 bits a channel, shared with the image worker without copies. */

export interface Raster {
  width: number;
  height: number;
  /** How many pictures lie behind each other. */
  count: number;
  channels: 1 | 3;
  pixels: Uint8Array<SharedArrayBuffer>;
}

export function emptyRaster(width: number, height: number, count: number, channels: 1 | 3): Raster {
  return {
    width,
    height,
    count,
    channels,
    pixels: new Uint8Array(new SharedArrayBuffer(width * height * count * channels)),
  };
}

/** The pixels of one picture of the batch. */
export function frame(raster: Raster, index: number): Uint8Array {
  const length = raster.width * raster.height * raster.channels;
  return raster.pixels.subarray(index * length, (index + 1) * length);
}
