/** How long a remote run is paid for when the platform does not say. Pure: what was seen of it goes in; never less than it can have run. */

export interface SeenRun {
  /** Epoch milliseconds when that was asked to which the last answer was that it waits, its submission among them; null when none was. */
  readonly waitingAt: number | null;
  /** It was seen running: not before that moment did it begin. */
  readonly beganAfter: number | null;
  /** When money was first held for it. */
  readonly heldAt: number;
  readonly endedAt: number;
}

export interface ToldTimes {
  readonly executionMs: number | null;
  readonly delayMs: number | null;
  readonly cancelled: boolean;
}

export interface PaidTime {
  readonly ms: number;
  /** It is the most it can have been, because nobody told. */
  readonly isGuess: boolean;
}

export function paidTime({ executionMs, delayMs, cancelled }: ToldTimes, seen: SeenRun): PaidTime {
  if (executionMs !== null) return { ms: executionMs, isGuess: false };
  const { waitingAt, beganAfter, heldAt, endedAt } = seen;
  // A job that waited at the last look and was then cancelled was never taken: a worker would have given it a delay.
  if (cancelled && beganAfter === null && waitingAt !== null && delayMs === null) return { ms: 0, isGuess: false };
  return { ms: Math.max(0, endedAt - (beganAfter ?? waitingAt ?? heldAt)), isGuess: true };
}
