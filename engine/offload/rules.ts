/** When Stoker moves waiting jobs by itself, or offers to. Pure: the user's rule and what waits go in, what to do comes out. */
import type { OffloadRule } from '../../contract/offload.ts';

export interface OffloadWishes {
  readonly offload: OffloadRule;
  /** Null: the only target there is. */
  readonly offloadTarget: string | null;
  readonly offloadLongerThan: number;
}

/** A job that would run on this computer and has not begun. */
export interface Candidate {
  /** How many of them come before it. */
  readonly ahead: number;
  /** A workflow like it ran out of memory here. */
  readonly isTooLarge: boolean;
}

/** Whether that job goes elsewhere unasked. */
export function goesElsewhere({ offload, offloadLongerThan }: OffloadWishes, job: Candidate): boolean {
  switch (offload) {
    case 'always':
      return true;
    case 'queueLonger':
      return job.ahead >= offloadLongerThan;
    case 'vramTooSmall':
      return job.isTooLarge;
    case 'never':
    case 'ask':
      return false;
  }
}

/** @param names of what there is to move to @returns null when it is not clear where to */
export function offloadTarget({ offloadTarget: wanted }: OffloadWishes, names: readonly string[]): string | null {
  if (wanted !== null) return names.includes(wanted) ? wanted : null;
  return names.length === 1 ? (names[0] ?? null) : null;
}

/** One occasion: from when too many wait until nothing waits. */
export type Occasion = 'none' | 'offered';

/** @param waiting jobs that could be moved @returns whether it is offered now, and what to remember */
export function offer(
  { offload, offloadLongerThan }: OffloadWishes,
  waiting: number,
  before: Occasion,
): { readonly offers: boolean; readonly occasion: Occasion } {
  if (offload !== 'ask' || waiting === 0) return { offers: false, occasion: 'none' };
  const offers = before === 'none' && waiting > offloadLongerThan;
  return { offers, occasion: offers ? 'offered' : before };
}
