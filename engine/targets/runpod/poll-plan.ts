/** How long to wait before asking RunPod again. Pure. Far below its limit (2,000 in 10 s), quick at first, kind to long runs. */

const FIRST_MS = 1000;
const LONGEST_MS = 10_000;
const LONGEST_TROUBLE_MS = 60_000;

/** @param elapsedMs since the job was submitted, or since it began to run, whichever is later */
export const pollDelayMs = (elapsedMs: number): number =>
  Math.min(LONGEST_MS, Math.max(FIRST_MS, Math.round(elapsedMs / 20)));

/**
 * After an answer that was none. A result is kept for 30 minutes: this stays far below.
 * @param failures in a row, from 1
 * @param random 0 to 1, so that many jobs do not ask at once
 */
export const troubleDelayMs = (failures: number, random: number): number =>
  Math.min(LONGEST_TROUBLE_MS, FIRST_MS * 2 ** Math.min(failures, 10)) * (0.75 + random / 4);
