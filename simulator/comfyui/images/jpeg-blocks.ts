/** The parts of the JPEG writer that work on single blocks and bits. Pure. */

/** One 8×8 block of brightness and two of colour, centred on 0; beyond the edge the last pixel is repeated. */
export function colourBlocks(
  rgb: Uint8Array,
  width: number,
  height: number,
  left: number,
  top: number,
): Float32Array[] {
  const blocks = [new Float32Array(64), new Float32Array(64), new Float32Array(64)];
  for (let y = 0; y < 8; y += 1) {
    for (let x = 0; x < 8; x += 1) {
      const at = (Math.min(top + y, height - 1) * width + Math.min(left + x, width - 1)) * 3;
      const [red = 0, green = 0, blue = 0] = [rgb[at], rgb[at + 1], rgb[at + 2]];
      const values = [
        0.299 * red + 0.587 * green + 0.114 * blue - 128,
        -0.168736 * red - 0.331264 * green + 0.5 * blue,
        0.5 * red - 0.418688 * green - 0.081312 * blue,
      ];
      blocks.forEach((block, component) => {
        block[y * 8 + x] = values[component] ?? 0;
      });
    }
  }
  return blocks;
}

/** cosines[u][x], with the factor of the transform already in it. */
const cosines = Array.from({ length: 8 }, (_, u) =>
  Array.from({ length: 8 }, (_, x) => (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16)),
);

export function discreteCosine(block: Float32Array): Float32Array {
  return transformRows(transformRows(block));
}

/** Transforms every row and turns the block over its diagonal, so that doing it twice does rows and columns. */
function transformRows(block: Float32Array): Float32Array {
  const turned = new Float32Array(64);
  for (let row = 0; row < 8; row += 1) {
    for (let u = 0; u < 8; u += 1) {
      let sum = 0;
      for (let x = 0; x < 8; x += 1) sum += (block[row * 8 + x] ?? 0) * (cosines[u]?.[x] ?? 0);
      turned[u * 8 + row] = sum;
    }
  }
  return turned;
}

/** Bits, highest first; a byte of 0xff is followed by 0 so that it is not taken for a marker. */
export class BitWriter {
  private readonly bytes: number[] = [];
  private bits = 0;
  private held = 0;

  write(value: number, length: number): void {
    for (let bit = length - 1; bit >= 0; bit -= 1) {
      this.bits = (this.bits << 1) | ((value >> bit) & 1);
      this.held += 1;
      if (this.held === 8) this.flush();
    }
  }

  /** Fills the last byte with ones. */
  finish(): Uint8Array {
    while (this.held > 0) this.write(1, 1);
    return Uint8Array.from(this.bytes);
  }

  private flush(): void {
    this.bytes.push(this.bits);
    if (this.bits === 0xff) this.bytes.push(0);
    this.bits = 0;
    this.held = 0;
  }
}
