/**
 * The life of the graphics card as Stoker lends it: nobody has it but ComfyUI, it is being freed, or it is away.
 * Pure; who wants it is policy.ts, what is done about it courtesy.ts, and docs/state-machines.md draws it.
 */
import type { YieldCause } from '../../contract/courtesy.ts';
import { assertNever } from '../platform/assert-never.ts';

/** `since` is epoch milliseconds: when the card began to be freed, or was free. */
export type CourtesyState =
  | { readonly kind: 'none' }
  /** The running prompt is finished first; what waits is set aside. */
  | { readonly kind: 'draining'; readonly cause: YieldCause; readonly since: number }
  | { readonly kind: 'yielded'; readonly cause: YieldCause; readonly since: number };

export type CourtesyEvent =
  /** What the policy says now. */
  | { readonly kind: 'wanted'; readonly cause: YieldCause }
  | { readonly kind: 'unwanted' }
  /** Nothing of ComfyUI is left on the card. */
  | { readonly kind: 'freed' };

/** @returns the same state when nothing changes */
export function transition(state: CourtesyState, event: CourtesyEvent, now: number): CourtesyState {
  switch (event.kind) {
    case 'wanted':
      if (state.kind === 'none') return { kind: 'draining', cause: event.cause, since: now };
      return state.cause === event.cause ? state : { ...state, cause: event.cause };
    case 'unwanted':
      return state.kind === 'none' ? state : { kind: 'none' };
    case 'freed':
      return state.kind === 'draining' ? { kind: 'yielded', cause: state.cause, since: now } : state;
    default:
      return assertNever(event);
  }
}
