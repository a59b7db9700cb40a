/** Chance that can be repeated: the same seed gives the same run of numbers, so that a failure found by luck can be looked at. */

export interface SeededRandom {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [low, high]. */
  between(low: number, high: number): number;
  /** True in `share` of all cases. */
  chance(share: number): boolean;
  pick<Value>(values: readonly [Value, ...Value[]]): Value;
  bytes(length: number): Buffer;
}

/** @param seed any whole number; 0 is as good as another */
export function seededRandom(seed: number): SeededRandom {
  // A 32-bit linear congruential generator (the constants of Numerical Recipes); its low bits are poor, so the high ones are used.
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    chance: (share) => next() < share,
    pick: (values) => values[between(0, values.length - 1)] ?? values[0],
    bytes: (length) => Buffer.from(Uint8Array.from({ length }, () => between(0, 255))),
  };
}

/** `STOKER_SOAK_SEED`, to repeat a failure, or a new one. Put it into the test's name: then a failure tells it. */
export function soakSeed(): number {
  return Number(process.env.STOKER_SOAK_SEED ?? Math.floor(Math.random() * 1e9));
}
