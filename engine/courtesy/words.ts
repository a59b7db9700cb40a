/** What the courtesy says to people: who has the card and until when, and what became of it. Pure. */
import type { YieldCause } from '../../contract/courtesy.ts';
import type { StoredLease } from './courtesy-store.ts';

export interface CauseFacts {
  readonly cause: YieldCause;
  readonly leases: readonly StoredLease[];
  readonly programs: readonly string[];
  readonly limitGigabytes: number;
  /** Epoch milliseconds; null when it is not known. */
  readonly until: number | null;
}

/** Who has the card: "ollama until 14:05". */
export function holderWords({ cause, leases, programs, until }: CauseFacts): string {
  const end = until === null ? '' : ` until ${clockTime(until)}`;
  switch (cause) {
    case 'paused':
      return 'you';
    case 'lease':
      return `${[...new Set(leases.map(({ owner }) => owner))].join(' and ')}${end}`;
    case 'program':
      return programs.length === 0 ? `a listed program${end}` : programs.join(' and ');
    case 'foreignVram':
      return `other programs${end}`;
  }
}

/** A sentence for the status. */
export function reasonWords(facts: CauseFacts): string {
  const { cause, leases, programs, limitGigabytes, until } = facts;
  switch (cause) {
    case 'paused':
      return 'ComfyUI is paused: you freed the card.';
    case 'lease': {
      const why = leases.find(({ reason }) => reason !== '')?.reason;
      return `The card is lent to ${holderWords(facts)}${why === undefined ? '' : ` (${why})`}.`;
    }
    case 'program':
      return programs.length === 0
        ? `The listed program has ended; ComfyUI may come back at ${clockTime(until ?? 0)}.`
        : `The card is left to ${programs.join(' and ')}, as the settings say.`;
    case 'foreignVram':
      return until === null
        ? `Other programs hold more than ${limitGigabytes} GB of the card.`
        : `Other programs have let go of the card; ComfyUI may come back at ${clockTime(until)}.`;
  }
}

export const promptsKept = (count: number): string =>
  count === 0 ? '' : count === 1 ? '; 1 prompt is kept' : `; ${count} prompts are kept`;

export const promptsGoOn = (count: number): string =>
  count === 0 ? '' : count === 1 ? '; 1 prompt goes on' : `; ${count} prompts go on`;

/** Hours and minutes of this computer. */
function clockTime(epochMs: number): string {
  const at = new Date(epochMs);
  return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
}
