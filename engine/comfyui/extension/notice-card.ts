/** A card that tells something, and what can be done about it. */
import { make } from './dom.ts';
import { WORDS } from './words.ts';

export interface Notice {
  readonly tone: 'busy' | 'good' | 'bad';
  readonly headline: string;
  /** Empty ones are left out. */
  readonly lines: readonly string[];
  readonly actions?: readonly HTMLElement[];
}

export function createNoticeCard({ tone, headline, lines, actions = [] }: Notice, close: () => void): HTMLElement {
  return make(
    'article',
    { class: 'card', 'data-tone': tone },
    make(
      'header',
      {},
      make('h2', {}, headline),
      make('button', { class: 'close', type: 'button', 'aria-label': WORDS.close, onclick: close }, '×'),
    ),
    ...lines.filter((line) => line !== '').map((line) => make('p', { class: 'quiet' }, line)),
    make('div', { class: 'actions' }, ...actions),
  );
}

/** @param href a page of Stoker */
export const stokerLink = (href: string): HTMLElement =>
  make('a', { class: 'button', href, target: '_blank', rel: 'noopener' }, WORDS.openStoker);
