/** What to do with an action that Stoker refused: ask, say it, or stay quiet because the state says it already. */
import { ApiError } from './api-error.ts';

export type ActionOutcome =
  /** Work would be lost: ask once, then repeat with force. */
  | { readonly kind: 'ask'; readonly message: string }
  | { readonly kind: 'tell'; readonly error: ApiError }
  | { readonly kind: 'quiet' };

/** Failures of a start: the page shows them as the state, with log lines and advice; a second message would only repeat that. */
const SHOWN_AS_STATE: ReadonlySet<string> = new Set([
  'not_configured',
  'command_not_found',
  'folder_invalid',
  'python_missing',
  'exited_early',
  'start_timeout',
  'start_cancelled',
  'gave_up',
  'crashed',
  'hung',
  'private_port_taken',
]);

export function outcomeOf(error: unknown): ActionOutcome {
  if (!(error instanceof ApiError)) {
    return { kind: 'tell', error: new ApiError('unexpected', 'unexpected', String(error)) };
  }
  if (error.code === 'work_in_progress') return { kind: 'ask', message: error.message };
  return SHOWN_AS_STATE.has(error.code) ? { kind: 'quiet' } : { kind: 'tell', error };
}
