/** Interleaved rounds: everybody is measured once, then everybody again, so that a noisy moment hits all alike. Pure but for what it calls. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** @param fraction 0.99 for the 99th percentile */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}

/** Figures of each contestant, one a round; the first round is thrown away, because it is the one that compiles. */
export async function interleave<Name extends string, Figure>(
  names: readonly Name[],
  rounds: number,
  measure: (name: Name) => Promise<Figure>,
): Promise<Record<Name, Figure[]>> {
  const figures = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Figure[]>;
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const figure = await measure(name).catch((cause: unknown) => {
        throw new Error(`${name} could not be measured`, { cause });
      });
      if (round > 0) figures[name].push(figure);
    }
  }
  return figures;
}

/** Median of the rounds' own ratios: what was a moment apart is compared. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((figure, round) => figure / (theirs[round] ?? Number.NaN)));
}
