/**
 * The vocabulary of the machine that supervises ComfyUI: its states, the events it takes, the effects it asks for.
 * transition.ts says how they hang together, docs/state-machines.md draws it. Pure.
 */
import type { Failure, StartReason, StopReason, SupervisorState } from '../../contract/supervisor-state.ts';
import { assertNever } from '../platform/assert-never.ts';

/** One variant of the public state. */
export type Public<Kind extends SupervisorState['kind']> = Extract<SupervisorState, { kind: Kind }>;

/** What happens once nothing is left of the process that is being ended. */
export type Next =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'start'; readonly reason: StartReason; readonly withoutCustomNodes: boolean }
  | { readonly kind: 'failure'; readonly failure: Failure; readonly recovering: boolean };

/** The public states with what only the machine needs. `generation` names one run of ComfyUI; events of another are stale. */
export type Life =
  | Public<'stopped'>
  /** `recovering`: it ran before, so a failure is tried again; a first start that fails is not. */
  | (Public<'starting'> & {
      readonly generation: number;
      readonly withoutCustomNodes: boolean;
      readonly recovering: boolean;
    })
  | (Public<'running'> & { readonly generation: number })
  | (Public<'stopping'> & { readonly generation: number; readonly withoutCustomNodes: boolean; readonly next: Next })
  | (Public<'backingOff'> & { readonly withoutCustomNodes: boolean })
  /** `processLeft`: the operating system refused to end it; it is ended before anything else starts. */
  | (Public<'failed'> & { readonly processLeft: boolean });

export type LifeOf<Kind extends Life['kind']> = Extract<Life, { kind: Kind }>;

export interface Machine {
  readonly life: Life;
  /** Of the newest run; grows with every start. */
  readonly generation: number;
  /** Crashes since ComfyUI last ran stable: they lengthen the back-off. */
  readonly crashesInARow: number;
  /** Epoch milliseconds of crashes inside the window in which too many make the supervisor give up. */
  readonly crashTimes: readonly number[];
}

export type SupervisorEvent =
  | { readonly kind: 'startWanted'; readonly reason: StartReason; readonly withoutCustomNodes: boolean }
  | { readonly kind: 'stopWanted'; readonly reason: StopReason }
  | { readonly kind: 'restartWanted'; readonly withoutCustomNodes: boolean }
  /** A process of an earlier engine, proven ours. */
  | {
      readonly kind: 'found';
      readonly generation: number;
      readonly pid: number;
      readonly port: number;
      readonly withoutCustomNodes: boolean;
      readonly answering: boolean;
      /** For one that does not answer yet: what is left of its start limit. */
      readonly limitMs: number;
    }
  | {
      readonly kind: 'bootProgressed';
      readonly generation: number;
      readonly phase: Public<'starting'>['phase'];
      readonly detail: string | null;
    }
  | { readonly kind: 'answered'; readonly generation: number; readonly pid: number; readonly port: number }
  /** Nothing was spawned. */
  | {
      readonly kind: 'launchRefused';
      readonly generation: number;
      readonly failure: Failure;
      readonly permanent: boolean;
    }
  | { readonly kind: 'startLimitReached'; readonly generation: number; readonly failure: Failure }
  /** The process and all it started are gone, unasked; `failure` is null when it ended of its own will (Ctrl-C in its terminal). */
  | {
      readonly kind: 'exited';
      readonly generation: number;
      readonly failure: Failure | null;
      readonly permanent: boolean;
    }
  | { readonly kind: 'hung'; readonly generation: number; readonly failure: Failure }
  /** ComfyUI replaces itself (os.execv): the server is gone, the process or its successor is not. */
  | { readonly kind: 'restartSeen'; readonly generation: number }
  /** What `end` asked for is done: nothing is left. */
  | { readonly kind: 'ended'; readonly generation: number }
  | { readonly kind: 'endFailed'; readonly generation: number; readonly failure: Failure }
  | { readonly kind: 'backOffOver' }
  | { readonly kind: 'stable'; readonly generation: number };

export type EventOf<Kind extends SupervisorEvent['kind']> = Extract<SupervisorEvent, { kind: Kind }>;

export type Effect =
  | {
      readonly kind: 'launch';
      readonly generation: number;
      readonly withoutCustomNodes: boolean;
      readonly limitMs: number;
    }
  /** Wait until the process that is there answers. */
  | { readonly kind: 'awaitAnswer'; readonly generation: number; readonly limitMs: number }
  /** Health and stability of a running one. */
  | { readonly kind: 'watch'; readonly generation: number }
  /** Also calls off a launch in progress. */
  | { readonly kind: 'end'; readonly generation: number; readonly graceMs: number }
  | { readonly kind: 'backOff'; readonly delayMs: number }
  | { readonly kind: 'cancelBackOff' }
  | { readonly kind: 'rememberStart'; readonly seconds: number };

export interface Policy {
  readonly startTimeoutMs: number;
  readonly stopGraceMs: number;
  readonly restartAfterCrash: boolean;
  readonly maxCrashes: number;
  readonly crashWindowMs: number;
}

export interface Context {
  /** Epoch milliseconds. */
  readonly now: number;
  /** 0 ≤ random < 1, for the jitter of the back-off. */
  readonly random: number;
  readonly policy: Policy;
}

export interface Step {
  readonly machine: Machine;
  readonly effects: readonly Effect[];
}

export function initialMachine(now: number): Machine {
  return {
    life: { kind: 'stopped', since: now, reason: 'neverStarted' },
    generation: 0,
    crashesInARow: 0,
    crashTimes: [],
  };
}

/** The state as the world sees it. */
export function publicState(life: Life): SupervisorState {
  switch (life.kind) {
    case 'stopped':
      return life;
    case 'starting': {
      const { generation: _generation, withoutCustomNodes: _without, recovering: _recovering, ...state } = life;
      return state;
    }
    case 'running': {
      const { generation: _generation, ...state } = life;
      return state;
    }
    case 'stopping': {
      const { generation: _generation, withoutCustomNodes: _without, next: _next, ...state } = life;
      return state;
    }
    case 'backingOff': {
      const { withoutCustomNodes: _without, ...state } = life;
      return state;
    }
    case 'failed': {
      const { processLeft: _left, ...state } = life;
      return state;
    }
    default:
      return assertNever(life);
  }
}
