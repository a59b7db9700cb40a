/** A card that only tells something: what went wrong or is missing, and where to go. */
import { make } from './dom.ts';
import { STOKER_PAGE } from './stoker-api.ts';
import { WORDS } from './words.ts';

export interface Notice {
  readonly headline: string;
  readonly lines: readonly string[];
  readonly withLink: boolean;
}

export function createNoticeCard({ headline, lines, withLink }: Notice, close: () => void): HTMLElement {
  const link = make('a', { class: 'button', href: STOKER_PAGE, target: '_blank', rel: 'noopener' }, WORDS.openStoker);
  return make(
    'article',
    { class: 'card', 'data-tone': 'bad' },
    make(
      'header',
      {},
      make('h2', {}, headline),
      make('button', { class: 'close', type: 'button', 'aria-label': WORDS.close, onclick: close }, '×'),
    ),
    ...lines.filter((line) => line !== '').map((line) => make('p', { class: 'quiet' }, line)),
    make('div', { class: 'actions' }, ...(withLink ? [link] : [])),
  );
}
