/** The life of the event stream as a pure machine: connect, listen, notice silence, wait longer after each failure, try again. */
import { assertNever } from './assert-never.ts';

/** `closed`: refused or cut; `silent`: no heartbeat; `broken`: answers something that is no event stream of ours. */
export type ConnectionProblem = 'closed' | 'silent' | 'broken';

export type ConnectionState =
  /** `lastHeardAt`: when a good stream last said anything, null before the first. Epoch milliseconds everywhere. */
  | {
      readonly kind: 'connecting';
      readonly attempt: number;
      readonly since: number;
      readonly lastHeardAt: number | null;
    }
  | { readonly kind: 'open'; readonly lastHeardAt: number }
  | {
      readonly kind: 'waiting';
      readonly attempt: number;
      readonly lastHeardAt: number | null;
      readonly retryAt: number;
      readonly problem: ConnectionProblem;
    }
  /** Stoker answers, but wants a token: trying again alone does not help. */
  | { readonly kind: 'locked' };

export type ConnectionEvent =
  | { readonly kind: 'opened' }
  /** Anything arrived, a heartbeat included. */
  | { readonly kind: 'heard' }
  | { readonly kind: 'lost'; readonly problem: ConnectionProblem }
  | { readonly kind: 'refused' }
  /** The clock: retries when due, and notices silence. */
  | { readonly kind: 'tick' }
  /** The person asked, the network came back, or the page became visible. */
  | { readonly kind: 'retry' };

export type ConnectionEffect = 'dial' | 'hangUp';

export interface ConnectionStep {
  readonly state: ConnectionState;
  readonly effects: readonly ConnectionEffect[];
}

/** The engine sends a heartbeat every 15 s; two missed ones and some grace mean the line is dead. */
export const SILENCE_LIMIT_MS = 40_000;
/** A machine that is gone swallows the call without a word. */
export const DIAL_LIMIT_MS = 10_000;
const RETRY_DELAYS_MS = [500, 1000, 2000, 4000, 8000, 15_000] as const;

export function firstConnection(now: number): ConnectionState {
  return { kind: 'connecting', attempt: 1, since: now, lastHeardAt: null };
}

export function retryDelayMs(attempt: number): number {
  return RETRY_DELAYS_MS[Math.min(attempt, RETRY_DELAYS_MS.length) - 1] ?? RETRY_DELAYS_MS[0];
}

/** @param now epoch milliseconds */
export function transition(state: ConnectionState, event: ConnectionEvent, now: number): ConnectionStep {
  switch (event.kind) {
    case 'opened':
      return { state: { kind: 'open', lastHeardAt: now }, effects: [] };
    case 'heard':
      return { state: state.kind === 'open' ? { kind: 'open', lastHeardAt: now } : state, effects: [] };
    case 'lost':
      return lost(state, event.problem, now);
    case 'refused':
      return { state: { kind: 'locked' }, effects: ['hangUp'] };
    case 'tick':
      if (state.kind === 'waiting' && now >= state.retryAt) return redial(state, now);
      if (state.kind === 'open' && now - state.lastHeardAt > SILENCE_LIMIT_MS) return lost(state, 'silent', now);
      if (state.kind === 'connecting' && now - state.since > DIAL_LIMIT_MS) return lost(state, 'silent', now);
      return { state, effects: [] };
    case 'retry':
      return state.kind === 'waiting' || state.kind === 'locked' ? redial(state, now) : { state, effects: [] };
    default:
      return assertNever(event);
  }
}

function lost(state: ConnectionState, problem: ConnectionProblem, now: number): ConnectionStep {
  if (state.kind === 'waiting' || state.kind === 'locked') return { state, effects: ['hangUp'] };
  // A line that was good starts the back-off anew: its first retry is quick.
  const attempt = state.kind === 'open' ? 1 : state.attempt;
  const retryAt = now + retryDelayMs(attempt);
  return {
    state: { kind: 'waiting', attempt, lastHeardAt: state.lastHeardAt, retryAt, problem },
    effects: ['hangUp'],
  };
}

function redial(state: Extract<ConnectionState, { kind: 'waiting' | 'locked' }>, now: number): ConnectionStep {
  const [attempt, lastHeardAt] = state.kind === 'waiting' ? [state.attempt + 1, state.lastHeardAt] : [1, null];
  return { state: { kind: 'connecting', attempt, since: now, lastHeardAt }, effects: ['dial'] };
}
