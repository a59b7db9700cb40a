/** The title of the browser tab: the state first, because a tab shows only the first words. */
import type { Status } from '../../contract/status.ts';
import type { Page } from '../../strings/vocabulary.ts';
import { words } from '../words.ts';
import { formatPercent } from './format.ts';
import { headlineOf } from './headline.ts';
import { moodOf } from './mood.ts';
import { queueProgress } from './queue-progress.ts';

/** @param status undefined while unknown; `locked` when that is because a token is missing */
export function tabTitle(page: Page | null, status: Status | undefined | 'locked'): string {
  const state = stateWords(status);
  return words.titleWith(page === null ? state : words.titleOfPage(page, state));
}

function stateWords(status: Status | undefined | 'locked'): string {
  if (status === 'locked') return words.locked.title;
  if (status === undefined) return words.connection.noAnswer;
  const current = status.queue.current;
  return moodOf(status) === 'working' && current !== null
    ? words.workingTitle(formatPercent(queueProgress(current) * 100))
    : headlineOf(status);
}
