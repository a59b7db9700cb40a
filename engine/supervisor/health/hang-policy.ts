/**
 * Tells a hung ComfyUI from a busy one. Seen from outside both answer nothing: a node that holds Python's lock for a minute
 * freezes the whole server. What tells them apart is a sign of life: processor time, or a printed line. Pure.
 */

/** One check that got no answer. */
export interface SilentCheck {
  /** Somebody knows of a prompt that runs. */
  readonly busy: boolean;
  /** Processor time of the whole tree so far, in seconds; null when the system does not tell. */
  readonly cpuSeconds: number | null;
  /** Sequence of the last line printed. */
  readonly lastLine: number;
  /** Monotonic milliseconds. */
  readonly at: number;
}

/** Silence since the first check without an answer. */
export interface Silence {
  readonly since: number;
  readonly lastSignAt: number;
  /** Checks in a row without any sign of life, the newest included. */
  readonly quietChecks: number;
  readonly newest: SilentCheck;
}

export type SilenceVerdict = 'spare' | 'hung';

/** With a check every 5 s, each waiting 5 s for an answer, an idle process is found hung 25 s after it froze at the latest. */
export const QUIET_CHECKS_TO_HANG = 4;
/** The longest that one without any sign is spared because it is busy, or one that only burns processor time is spared while idle. */
export const LONGEST_SPARING_MS = 15 * 60_000;
/** Of one core. A frozen Python uses none; timers of a sleeping one some tenths of a percent. */
const WORKING_SHARE = 0.05;

export function judgeSilence(
  silence: Silence | null,
  check: SilentCheck,
): { readonly silence: Silence; readonly verdict: SilenceVerdict } {
  if (silence === null) {
    const begun = { since: check.at, lastSignAt: check.at, quietChecks: 1, newest: check };
    return { silence: begun, verdict: 'spare' };
  }
  const sign = showsLife(silence.newest, check);
  const now: Silence = {
    since: silence.since,
    lastSignAt: sign ? check.at : silence.lastSignAt,
    quietChecks: sign ? 0 : silence.quietChecks + 1,
    newest: check,
  };
  const quietForMs = check.at - now.lastSignAt;
  const silentForMs = check.at - now.since;
  const hung = check.busy
    ? quietForMs >= LONGEST_SPARING_MS
    : now.quietChecks >= QUIET_CHECKS_TO_HANG || silentForMs >= LONGEST_SPARING_MS;
  return { silence: now, verdict: hung ? 'hung' : 'spare' };
}

function showsLife(before: SilentCheck, check: SilentCheck): boolean {
  if (check.lastLine > before.lastLine) return true;
  if (check.cpuSeconds === null || before.cpuSeconds === null) return false;
  const elapsedSeconds = (check.at - before.at) / 1000;
  // Less than before: a process of the tree has ended, and its time with it.
  return Math.abs(check.cpuSeconds - before.cpuSeconds) > elapsedSeconds * WORKING_SHARE;
}
