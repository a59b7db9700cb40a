/** The state in a word or two, and its reason without repeating them. */
import type { Status } from '../../contract/status.ts';
import { words } from '../words.ts';
import { moodOf } from './mood.ts';

export function headlineOf(status: Status): string {
  const mood = moodOf(status);
  if (mood === 'lent' && status.courtesy.cause === 'paused') return words.courtesy.paused;
  return mood === 'failed' ? (words.failed[status.error?.code ?? ''] ?? words.mood.failed) : words.mood[mood];
}

/** The engine's reason stands alone in other places and may begin with the state; under the headline that word is left out. */
export function reasonUnder(headline: string, reason: string): string {
  const prefix = `${headline}: `;
  if (!reason.toLowerCase().startsWith(prefix.toLowerCase())) return reason;
  const rest = reason.slice(prefix.length);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
