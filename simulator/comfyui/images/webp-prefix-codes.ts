/** Bits and canonical prefix codes as lossless WebP stores them. Pure. */

/** Bits, lowest first. */
export class LsbBitWriter {
  private readonly bytes: number[] = [];
  private bits = 0;
  private held = 0;

  /** At most 24 bits at once. */
  write(value: number, length: number): void {
    this.bits |= value << this.held;
    this.held += length;
    while (this.held >= 8) {
      this.bytes.push(this.bits & 255);
      this.bits >>>= 8;
      this.held -= 8;
    }
  }

  finish(): Uint8Array {
    if (this.held > 0) this.bytes.push(this.bits & 255);
    return Uint8Array.from(this.bytes);
  }
}

export interface PrefixCode {
  /** Bits of each symbol; 0 for one that does not occur. */
  lengths: readonly number[];
  /** The symbols that occur. */
  used: readonly number[];
  write(writer: LsbBitWriter, symbol: number): void;
}

const longestCode = 15;

/** The shortest code for these counts. A code of one symbol takes no bits at all. */
export function prefixCode(counts: ArrayLike<number>): PrefixCode {
  const all = Array.from(counts);
  const used = all.flatMap((count, symbol) => (count > 0 ? [symbol] : []));
  const lengths = used.length > 1 ? codeLengths(all) : all.map(() => 0);
  const codes = canonicalCodes(lengths);
  return {
    lengths,
    used,
    write(writer, symbol) {
      const length = lengths[symbol] ?? 0;
      if (length > 0) writer.write(codes[symbol] ?? 0, length);
    },
  };
}

/** The code itself, in front of the data it was made for. */
export function writePrefixCode(writer: LsbBitWriter, { lengths, used }: PrefixCode): void {
  if (used.length < 2) {
    // Simple form: one symbol of eight bits.
    writer.write(0b101, 3);
    writer.write(used[0] ?? 0, 8);
    return;
  }
  writer.write(0, 1);
  // All lengths are written with four bits each: a code of the sixteen lengths themselves, without repetitions.
  writer.write(19 - 4, 4);
  for (const symbol of [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
    writer.write(symbol < 16 ? 4 : 0, 3);
  writer.write(0, 1);
  for (const length of lengths) writer.write(reversed(length, 4), 4);
}

interface Tree {
  count: number;
  symbols: number[];
}

function codeLengths(counts: readonly number[]): number[] {
  const lengths = counts.map(() => 0);
  let trees: Tree[] = counts.flatMap((count, symbol) => (count > 0 ? [{ count, symbols: [symbol] }] : []));
  while (trees.length > 1) {
    trees.sort((left, right) => right.count - left.count);
    const joined = trees.splice(-2);
    const symbols = joined.flatMap((tree) => tree.symbols);
    for (const symbol of symbols) lengths[symbol] = (lengths[symbol] ?? 0) + 1;
    trees = [...trees, { count: joined.reduce((sum, tree) => sum + tree.count, 0), symbols }];
  }
  // Evener counts make a flatter tree; with equal ones no code is longer than nine bits.
  return Math.max(...lengths) > longestCode ? codeLengths(counts.map((count) => Math.ceil(count / 2))) : lengths;
}

function canonicalCodes(lengths: readonly number[]): number[] {
  const codes = lengths.map(() => 0);
  let code = 0;
  for (let length = 1; length <= longestCode; length += 1) {
    lengths.forEach((own, symbol) => {
      if (own !== length) return;
      codes[symbol] = reversed(code, length);
      code += 1;
    });
    code <<= 1;
  }
  return codes;
}

/** Codes are read from their highest bit, the stream from its lowest. */
function reversed(value: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit += 1) result |= ((value >> bit) & 1) << (length - 1 - bit);
  return result;
}
