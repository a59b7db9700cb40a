/** What is true of ComfyUI while it does not run, in its own words: nothing runs, what is queued is kept by Stoker, and the history is the last one known. Pure. */

import type { QueueItemTuple } from '../comfyui/queue-items.ts';
import { jobsPage, wholeJob } from './asleep-jobs.ts';

export interface AsleepAnswer {
  /** JSON, or null for an empty answer. */
  readonly json: unknown;
}

export interface AsleepQuestion {
  readonly method: string;
  /** Path without query, `/comfyui` and `/api`. */
  readonly route: string;
  /** Path and query. */
  readonly target: string;
}

const HISTORY = '/history';
const JOBS = '/jobs';
const EMPTY: AsleepAnswer = { json: null };

/**
 * @param kept prompts that wait here until ComfyUI may run, as items of its queue; asked only where it matters
 * @param history by prompt id, oldest first, as ComfyUI last told it
 * @returns null when only ComfyUI knows the answer
 */
export function asleepAnswer(
  { method, route, target }: AsleepQuestion,
  history: Readonly<Record<string, unknown>>,
  kept: () => readonly QueueItemTuple[],
): AsleepAnswer | null {
  if (method === 'POST') return NOTHING_TO_DO.has(route) ? EMPTY : null;
  if (method !== 'GET') return null;
  if (route === '/queue') return { json: { queue_running: [], queue_pending: kept() } };
  if (route === '/prompt') return { json: { exec_info: { queue_remaining: kept().length } } };
  if (route === HISTORY) return { json: historyPage(target, history) };
  if (route === JOBS) return { json: jobsPage(target, history, kept()) };
  if (route.startsWith(`${JOBS}/`)) {
    const job = wholeJob(decoded(route.slice(JOBS.length + 1)) ?? '', history, kept());
    return job === null ? null : { json: job };
  }
  if (route.startsWith(`${HISTORY}/`)) return { json: historyEntry(route.slice(HISTORY.length + 1), history) };
  return null;
}

/** Nothing runs, nothing waits, nothing holds memory. */
const NOTHING_TO_DO: ReadonlySet<string> = new Set(['/interrupt', '/queue', '/free']);

/** `max_items` and `offset` as ComfyUI reads them: a negative offset with `max_items` means the newest. */
function historyPage(target: string, history: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const queryAt = target.indexOf('?');
  const query = new URLSearchParams(queryAt === -1 ? '' : target.slice(queryAt));
  const entries = Object.entries(history);
  const maxItems = integer(query.get('max_items'));
  const offset = integer(query.get('offset')) ?? -1;
  const start = Math.max(0, offset < 0 && maxItems !== null ? entries.length - maxItems : offset);
  // It looks at the limit after each entry it has added.
  const count = maxItems === null ? entries.length : Math.max(1, maxItems);
  return Object.fromEntries(entries.slice(start, start + count));
}

function historyEntry(encodedId: string, history: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const id = decoded(encodedId);
  return id !== null && Object.hasOwn(history, id) ? { [id]: history[id] } : {};
}

function integer(text: string | null): number | null {
  return text !== null && /^\s*[+-]?\d{1,9}\s*$/.test(text) ? Number(text) : null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
