/**
 * The life of a job as one pure function: what happened goes in, the next state comes out, or null when that event changes nothing.
 * A job that may have run elsewhere for money is never started a second time by itself: it fails as `outcome_unknown` and says so.
 */
import type { JobError, JobState, RunPhase } from '../../contract/jobs.ts';
import { assertNever } from '../platform/assert-never.ts';

export type JobEvent =
  /** The scheduler gives it to a target. */
  | { readonly kind: 'claimed'; readonly target: string }
  /** The target has taken it and knows it by `remoteId`. */
  | { readonly kind: 'accepted'; readonly remoteId: string }
  /** Where the run is; never back to `submitting`. */
  | { readonly kind: 'advanced'; readonly phase: Exclude<RunPhase, 'submitting'> }
  /** The target cannot take it now and has certainly not started it: it goes back with the same attempt. */
  | { readonly kind: 'returned'; readonly runAt: number }
  /** All results are on disk. */
  | { readonly kind: 'completed' }
  /** `again`: it is safe and sensible to try once more at `runAt`, if attempts are left. */
  | { readonly kind: 'failed'; readonly error: JobError; readonly again: { readonly runAt: number } | null }
  | { readonly kind: 'cancelWanted' }
  /** The target says that it was cancelled or interrupted. */
  | { readonly kind: 'cancelled' }
  /** The user wants it once more. */
  | { readonly kind: 'retryWanted' };

export interface JobRules {
  readonly maxAttempts: number;
}

/** @param now epoch milliseconds */
export function transition(state: JobState, event: JobEvent, rules: JobRules, now: number): JobState | null {
  switch (state.kind) {
    case 'queued':
      return whileQueued(state, event, now);
    case 'running':
      return whileRunning(state, event, rules, now);
    case 'completed':
      return null;
    case 'failed':
    case 'cancelled':
      return event.kind === 'retryWanted' ? { kind: 'queued', runAt: now, attempt: 1 } : null;
    default:
      return assertNever(state);
  }
}

type Queued = Extract<JobState, { kind: 'queued' }>;
type Running = Extract<JobState, { kind: 'running' }>;

function whileQueued(state: Queued, event: JobEvent, now: number): JobState | null {
  switch (event.kind) {
    case 'claimed':
      return {
        kind: 'running',
        target: event.target,
        remoteId: null,
        phase: 'submitting',
        since: now,
        attempt: state.attempt,
      };
    case 'failed':
      return { kind: 'failed', error: event.error, endedAt: now, attempt: state.attempt };
    case 'cancelWanted':
      return { kind: 'cancelled', endedAt: now };
    case 'accepted':
    case 'advanced':
    case 'returned':
    case 'completed':
    case 'cancelled':
    case 'retryWanted':
      return null;
    default:
      return assertNever(event);
  }
}

function whileRunning(state: Running, event: JobEvent, rules: JobRules, now: number): JobState | null {
  switch (event.kind) {
    case 'accepted':
      return state.remoteId === null
        ? { ...state, remoteId: event.remoteId, phase: state.phase === 'submitting' ? 'waiting' : state.phase }
        : null;
    case 'advanced':
      // Only the end leaves `cancelling`.
      return state.phase === event.phase || state.phase === 'cancelling' ? null : { ...state, phase: event.phase };
    case 'returned':
      return state.phase === 'cancelling'
        ? { kind: 'cancelled', endedAt: now }
        : { kind: 'queued', runAt: event.runAt, attempt: state.attempt };
    case 'completed':
      // Also while it was being cancelled: the work is done, and paid.
      return { kind: 'completed', target: state.target, endedAt: now };
    case 'failed':
      if (state.phase === 'cancelling') return { kind: 'cancelled', endedAt: now };
      return event.again !== null && state.attempt < rules.maxAttempts
        ? { kind: 'queued', runAt: event.again.runAt, attempt: state.attempt + 1 }
        : { kind: 'failed', error: event.error, endedAt: now, attempt: state.attempt };
    case 'cancelWanted':
      return state.phase === 'cancelling' ? null : { ...state, phase: 'cancelling' };
    case 'cancelled':
      return { kind: 'cancelled', endedAt: now };
    case 'claimed':
    case 'retryWanted':
      return null;
    default:
      return assertNever(event);
  }
}
