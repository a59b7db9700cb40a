/** What sleeping has saved: time asleep, and the power that an idle ComfyUI would have drawn meanwhile. Pure; what was never measured stays unknown. */

/** A mean that follows slow change. */
export interface Learnt {
  readonly watts: number;
  readonly readings: number;
}

export interface SavingsCount {
  readonly since: number;
  readonly asleepMs: number;
  readonly hasCard: boolean;
  readonly idle: Learnt | null;
  readonly asleep: Learnt | null;
}

export type Occupation = 'asleep' | 'idle' | 'other';

export interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Of the moment before. */
  readonly before: number;
  /** What it was doing all the time between the two; `other` when it changed. */
  readonly occupation: Occupation;
  /** Power of all cards, measured just now; null when not. */
  readonly watts: number | null;
  readonly hasCard: boolean;
}

/** A longer step means that the computer slept: nothing would have drawn power then. */
const LONGEST_STEP_MS = 150_000;
const MOST_WEIGHT = 200;

export const nothingSaved = (now: number): SavingsCount => ({
  since: now,
  asleepMs: 0,
  hasCard: false,
  idle: null,
  asleep: null,
});

export function advance(count: SavingsCount, moment: Moment): SavingsCount {
  const { now, before, occupation, watts, hasCard } = moment;
  const step = now - before;
  const counted = occupation === 'asleep' && step > 0 && step <= LONGEST_STEP_MS ? step : 0;
  return {
    ...count,
    asleepMs: count.asleepMs + counted,
    hasCard: count.hasCard || hasCard,
    idle: occupation === 'idle' ? learn(count.idle, watts) : count.idle,
    asleep: occupation === 'asleep' ? learn(count.asleep, watts) : count.asleep,
  };
}

function learn(before: Learnt | null, watts: number | null): Learnt | null {
  if (watts === null) return before;
  if (before === null) return { watts, readings: 1 };
  const readings = Math.min(MOST_WEIGHT, before.readings + 1);
  return { watts: before.watts + (watts - before.watts) / readings, readings };
}

/** @returns null until both were measured; never less than nothing */
export function savedWattHours({ asleepMs, idle, asleep }: SavingsCount): number | null {
  return idle === null || asleep === null ? null : (Math.max(0, idle.watts - asleep.watts) * asleepMs) / 3_600_000;
}
