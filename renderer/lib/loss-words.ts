/** What to say about a lost connection. */
import { words } from '../words.ts';
import type { ConnectionState } from './connection.ts';
import { formatClock } from './format.ts';

/** Null while all is well, also in the moment of the very first connecting. */
export function lossWords(state: ConnectionState): string | null {
  if (state.kind === 'open' || state.kind === 'locked') return null;
  if (state.kind === 'connecting' && state.attempt === 1) return null;
  if (state.kind === 'waiting' && state.problem === 'broken') return words.connection.broken;
  if (state.lastHeardAt === null) return `${words.connection.never} ${words.connection.neverHint}`;
  const moment = formatClock(state.lastHeardAt);
  return state.kind === 'waiting' && state.problem === 'silent'
    ? words.connection.silent(moment)
    : words.connection.lost(moment);
}
