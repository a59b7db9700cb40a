/** The engine's clock seen from this browser: a phone or another computer may be minutes off, and countdowns are the engine's. */

/** The Date header has whole seconds and the answer took a moment: less than this is no difference worth showing. */
const IGNORED_MS = 2500;

/**
 * Milliseconds to add to this browser's clock to get the engine's.
 * @param dateHeader of an answer, null when missing
 */
export function clockSkewMs(dateHeader: string | null, receivedAtMs: number): number {
  const engine = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
  if (Number.isNaN(engine)) return 0;
  // The header was cut to whole seconds: half a second is its mean error.
  const skew = engine + 500 - receivedAtMs;
  return Math.abs(skew) < IGNORED_MS ? 0 : skew;
}
