/** Waits for a condition that no event announces. */

/** Resolves when `condition` holds; rejects when it does not within the limit. */
export async function until(condition: () => boolean, limitMs = 40_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`did not come true in ${limitMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Asks again and again until the answer is not null; rejects when it still is at the limit. `what` is said then. */
export async function untilFound<Found>(
  ask: () => Promise<Found | null>,
  what: string,
  limitMs = 40_000,
): Promise<Found> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = await ask();
    if (found !== null) return found;
    if (performance.now() > deadline) throw new Error(`not found in ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
