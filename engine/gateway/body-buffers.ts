/** Copies of body chunks on their way to a client: large ones in buffers that are used again, so that a big download makes no garbage. */

export interface BodyBuffers {
  /** A copy of `chunk`; give it back with `release` once it is written. */
  copy(chunk: Buffer): Buffer;
  release(copy: Buffer): void;
}

/** Below this a fresh buffer costs less than keeping one. */
const SMALL_BYTES = 32 * 1024;
/** Kept for the next download; more are left to the garbage collector. */
const MOST_KEPT = 8;

/** @param largestBytes no chunk is longer */
export function createBodyBuffers(largestBytes: number): BodyBuffers {
  const kept: Buffer[] = [];
  return {
    copy(chunk) {
      if (chunk.length <= SMALL_BYTES) return Buffer.from(chunk);
      const buffer = kept.pop() ?? Buffer.allocUnsafeSlow(largestBytes);
      chunk.copy(buffer);
      return buffer.subarray(0, chunk.length);
    },
    release(copy) {
      const memory = copy.buffer;
      if (memory.byteLength !== largestBytes || kept.length >= MOST_KEPT) return;
      kept.push(Buffer.from(memory, 0, largestBytes));
    },
  };
}
