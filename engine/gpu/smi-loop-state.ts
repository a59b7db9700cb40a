/**
 * When a looping command (`nvidia-smi -lms …`) is started, given up on and started again. Pure: smi-loop.ts runs the effects.
 * One process at a time: a process that will not end is never joined by a second one.
 */
import { assertNever } from '../platform/assert-never.ts';

export type LoopState =
  | { readonly kind: 'stopped' }
  /** `since` in monotonic milliseconds. `failures`: how often it ended by itself or hung without a stable stretch in between. */
  | { readonly kind: 'running'; readonly since: number; readonly failures: number }
  /** Told to end, not gone yet. */
  | { readonly kind: 'ending'; readonly afterwards: 'stop' | 'wait' | 'start'; readonly failures: number }
  | { readonly kind: 'waiting'; readonly failures: number };

export type LoopEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'stop' }
  /** It printed something that was understood. */
  | { readonly kind: 'line' }
  | { readonly kind: 'silenceOver' }
  | { readonly kind: 'exited' }
  | { readonly kind: 'waitOver' };

export type LoopEffect =
  | { readonly kind: 'spawn' }
  | { readonly kind: 'end' }
  /** Raises `silenceOver`, `wait` raises `waitOver`; each effect with a timer replaces the timer before it. */
  | { readonly kind: 'expectLine'; readonly withinMs: number }
  | { readonly kind: 'wait'; readonly delayMs: number }
  | { readonly kind: 'forgetTimers' }
  | { readonly kind: 'reportHang' }
  | { readonly kind: 'reportExit' };

export interface LoopLimits {
  /** Silence that means a hang; null for a query that prints nothing when there is nothing to tell. */
  readonly silenceMs: number | null;
  /** The same for the first line: without persistence mode the driver is loaded first, which takes seconds per card. */
  readonly firstLineMs: number;
}

export interface LoopStep {
  readonly state: LoopState;
  readonly effects: readonly LoopEffect[];
}

export const STOPPED: LoopState = { kind: 'stopped' };

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** A process that lived this long has shown that it can: the next failure counts as the first again. */
const STABLE_MS = 60_000;

/** 1 s, 2 s, 4 s … 60 s. */
export const waitAfter = (failures: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1), LONGEST_WAIT_MS);

export function transition(state: LoopState, event: LoopEvent, limits: LoopLimits, now: number): LoopStep {
  const unchanged: LoopStep = { state, effects: [] };
  switch (event.kind) {
    case 'start':
      if (state.kind === 'stopped') return begin(0, limits, now);
      if (state.kind === 'ending') return { state: { ...state, afterwards: 'start' }, effects: [] };
      return unchanged;
    case 'stop':
      if (state.kind === 'running') return end('stop', state.failures);
      if (state.kind === 'ending') return { state: { ...state, afterwards: 'stop' }, effects: [] };
      if (state.kind === 'waiting') return { state: STOPPED, effects: [{ kind: 'forgetTimers' }] };
      return unchanged;
    case 'line':
      if (state.kind !== 'running' || limits.silenceMs === null) return unchanged;
      return { state, effects: [{ kind: 'expectLine', withinMs: limits.silenceMs }] };
    case 'silenceOver': {
      if (state.kind !== 'running') return unchanged;
      const ended = end('wait', failuresOf(state, now));
      return { ...ended, effects: [...ended.effects, { kind: 'reportHang' }] };
    }
    case 'exited':
      return exited(state, limits, now);
    case 'waitOver':
      return state.kind === 'waiting' ? begin(state.failures, limits, now) : unchanged;
    default:
      return assertNever(event);
  }
}

function exited(state: LoopState, limits: LoopLimits, now: number): LoopStep {
  switch (state.kind) {
    case 'running': {
      const waiting = wait(failuresOf(state, now));
      return { ...waiting, effects: [...waiting.effects, { kind: 'reportExit' }] };
    }
    case 'ending':
      if (state.afterwards === 'start') return begin(0, limits, now);
      return state.afterwards === 'wait' ? wait(state.failures) : { state: STOPPED, effects: [] };
    case 'waiting':
    case 'stopped':
      return { state, effects: [] };
    default:
      return assertNever(state);
  }
}

function begin(failures: number, limits: LoopLimits, now: number): LoopStep {
  const expectation: LoopEffect[] =
    limits.silenceMs === null ? [] : [{ kind: 'expectLine', withinMs: limits.firstLineMs }];
  return { state: { kind: 'running', since: now, failures }, effects: [{ kind: 'spawn' }, ...expectation] };
}

const end = (afterwards: 'stop' | 'wait', failures: number): LoopStep => ({
  state: { kind: 'ending', afterwards, failures },
  effects: [{ kind: 'forgetTimers' }, { kind: 'end' }],
});

const wait = (failures: number): LoopStep => ({
  state: { kind: 'waiting', failures },
  effects: [{ kind: 'wait', delayMs: waitAfter(failures) }],
});

const failuresOf = (state: Extract<LoopState, { kind: 'running' }>, now: number): number =>
  now - state.since >= STABLE_MS ? 1 : state.failures + 1;
