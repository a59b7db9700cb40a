/**
 * The life of one client id's connection to ComfyUI, seen from the gateway: events in, next state and effects out. Pure.
 * Two laws: there is never a second connection before the first has ended (ComfyUI forgets the newer of two with one id
 * when the older closes), and none is dialled while ComfyUI does not run.
 */
import { assertNever } from '../platform/assert-never.ts';

export type LinkState =
  /** ComfyUI does not run, or nobody needs a connection. */
  | { readonly kind: 'resting' }
  | { readonly kind: 'dialling'; readonly failures: number }
  /** Connected; ComfyUI's first `status` is still to come. */
  | { readonly kind: 'greeting'; readonly failures: number }
  | { readonly kind: 'live' }
  /** ComfyUI is ending: what it still says is passed on, and it is not dialled again. */
  | { readonly kind: 'leaving' }
  /** Waits for the end of this connection, then dials anew or rests. */
  | { readonly kind: 'closing'; readonly next: 'dial' | 'rest' }
  | { readonly kind: 'backingOff'; readonly failures: number };

export type LinkEvent =
  /** ComfyUI answers. */
  | 'ready'
  /** ComfyUI no longer runs as it did; its last words may still come. */
  | 'going'
  /** Nothing is left of that ComfyUI. */
  | 'gone'
  | 'opened'
  /** The first `status` came. */
  | 'greeted'
  /** The connection ended, or could not be made. */
  | 'lost'
  /** The state's own time is over. */
  | 'overdue'
  /** Another client speaks for this id now: ComfyUI reads feature flags from the first message of a connection alone. */
  | 'renewed'
  /** The last client left. */
  | 'abandoned';

/** `close` says good-bye and waits, `terminate` does not wait and the connection counts as ended. */
export type LinkEffect = 'dial' | 'close' | 'terminate';

export interface LinkStep {
  readonly state: LinkState;
  readonly effects: readonly LinkEffect[];
}

const RESTING: LinkState = { kind: 'resting' };

const to = (state: LinkState, ...effects: LinkEffect[]): LinkStep => ({ state, effects });

export function transition(state: LinkState, event: LinkEvent): LinkStep {
  switch (state.kind) {
    case 'resting':
      return event === 'ready' ? to({ kind: 'dialling', failures: 0 }, 'dial') : to(state);
    case 'dialling':
      return whileDialling(state, event);
    case 'greeting':
    case 'live':
      return whileConnected(state, event);
    case 'leaving':
      switch (event) {
        case 'ready':
          return to({ kind: 'dialling', failures: 0 }, 'terminate', 'dial');
        case 'gone':
        case 'abandoned':
          return to(RESTING, 'terminate');
        case 'lost':
          return to(RESTING);
        default:
          return to(state);
      }
    case 'closing':
      switch (event) {
        case 'lost':
          return state.next === 'dial' ? to({ kind: 'dialling', failures: 0 }, 'dial') : to(RESTING);
        case 'going':
        case 'gone':
          return to(RESTING, 'terminate');
        case 'ready':
        case 'renewed':
          return to({ kind: 'closing', next: 'dial' });
        case 'abandoned':
          return to({ kind: 'closing', next: 'rest' });
        default:
          return to(state);
      }
    case 'backingOff':
      switch (event) {
        case 'overdue':
          return to({ kind: 'dialling', failures: state.failures }, 'dial');
        case 'ready':
        case 'renewed':
          return to({ kind: 'dialling', failures: 0 }, 'dial');
        case 'going':
        case 'gone':
        case 'abandoned':
          return to(RESTING);
        default:
          return to(state);
      }
    default:
      return assertNever(state);
  }
}

type StateOf<Kind extends LinkState['kind']> = Extract<LinkState, { kind: Kind }>;

/** No limit of time here: a node that holds Python's lock delays the handshake, and a second dial would make the trap. */
function whileDialling(state: StateOf<'dialling'>, event: LinkEvent): LinkStep {
  switch (event) {
    case 'opened':
      return to({ kind: 'greeting', failures: state.failures });
    case 'lost':
      return to({ kind: 'backingOff', failures: state.failures + 1 });
    case 'going':
    case 'gone':
      return to(RESTING, 'terminate');
    case 'abandoned':
      return to({ kind: 'closing', next: 'rest' }, 'close');
    default:
      // What a newcomer has to say is said when the connection opens.
      return to(state);
  }
}

function whileConnected(state: StateOf<'greeting'> | StateOf<'live'>, event: LinkEvent): LinkStep {
  switch (event) {
    case 'greeted':
      return to({ kind: 'live' });
    case 'overdue':
      return state.kind === 'greeting' ? to({ kind: 'closing', next: 'dial' }, 'close') : to(state);
    case 'lost':
      return to({ kind: 'backingOff', failures: state.kind === 'greeting' ? state.failures + 1 : 0 });
    case 'going':
      return to({ kind: 'leaving' });
    case 'gone':
      return to(RESTING, 'terminate');
    case 'renewed':
      return to({ kind: 'closing', next: 'dial' }, 'close');
    case 'abandoned':
      return to({ kind: 'closing', next: 'rest' }, 'close');
    default:
      return to(state);
  }
}

/** ComfyUI sends it at once; later than this, the connection was forgotten. */
const GREETING_MS = 10_000;
const REDIAL_FIRST_MS = 50;
const REDIAL_LONGEST_MS = 3000;

/** How long a state lasts before it is `overdue`; null for one that waits for an event. */
export function stateLimitMs(state: LinkState): number | null {
  switch (state.kind) {
    case 'greeting':
      return GREETING_MS;
    case 'backingOff':
      return Math.min(REDIAL_FIRST_MS * 2 ** state.failures, REDIAL_LONGEST_MS);
    case 'resting':
    case 'dialling':
    case 'live':
    case 'leaving':
    case 'closing':
      return null;
    default:
      return assertNever(state);
  }
}

/** False while a held prompt had better wait: the client is about to hear again. */
export const isSettled = (state: LinkState): boolean =>
  state.kind !== 'dialling' &&
  state.kind !== 'greeting' &&
  !(state.kind === 'closing' && state.next === 'dial') &&
  !(state.kind === 'backingOff' && state.failures === 0);
