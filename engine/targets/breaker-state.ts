/**
 * Whether a target is worth asking, as one pure function: after trouble several times in a row nothing is sent there for a while, then one
 * job may try. Trouble is no answer, or an answer that says the target itself is broken; a job that fails is none.
 */
import { assertNever } from '../platform/assert-never.ts';

export type BreakerState =
  | { readonly kind: 'closed'; readonly failures: number }
  /** `until`: monotonic milliseconds. `times`: how often in a row, from 1. */
  | { readonly kind: 'open'; readonly until: number; readonly times: number }
  /** One job may try. */
  | { readonly kind: 'halfOpen'; readonly times: number }
  | { readonly kind: 'trying'; readonly times: number };

export type BreakerEvent =
  | { readonly kind: 'answered' }
  | { readonly kind: 'trouble' }
  /** The time of rest is over. */
  | { readonly kind: 'rested' }
  /** A job begins. */
  | { readonly kind: 'tried' }
  /** That job ended without a word from the target. */
  | { readonly kind: 'letGo' };

export const CLOSED: BreakerState = { kind: 'closed', failures: 0 };

const MOST_FAILURES = 3;
const FIRST_REST_MS = 15_000;
const LONGEST_REST_MS = 300_000;

/** @param now monotonic milliseconds */
export function transition(state: BreakerState, event: BreakerEvent, now: number): BreakerState {
  if (event.kind === 'answered') return state.kind === 'closed' && state.failures === 0 ? state : CLOSED;
  switch (state.kind) {
    case 'closed':
      if (event.kind !== 'trouble') return state;
      return state.failures + 1 < MOST_FAILURES ? { kind: 'closed', failures: state.failures + 1 } : opened(1, now);
    case 'open':
      return event.kind === 'rested' ? { kind: 'halfOpen', times: state.times } : state;
    case 'halfOpen':
      if (event.kind === 'trouble') return opened(state.times + 1, now);
      return event.kind === 'tried' ? { kind: 'trying', times: state.times } : state;
    case 'trying':
      if (event.kind === 'trouble') return opened(state.times + 1, now);
      return event.kind === 'letGo' ? { kind: 'halfOpen', times: state.times } : state;
    default:
      return assertNever(state);
  }
}

const opened = (times: number, now: number): BreakerState => ({
  kind: 'open',
  until: now + Math.min(FIRST_REST_MS * 2 ** (times - 1), LONGEST_REST_MS),
  times,
});

/** How many of the free places it lets through. */
export function passing(state: BreakerState, free: number): number {
  if (state.kind === 'closed') return free;
  return state.kind === 'halfOpen' ? Math.min(1, free) : 0;
}
