/** The badge at the foot of the page: how ComfyUI is, quietly, and the way to Stoker. What it says is decided elsewhere. */
import { make, setText } from '../dom.ts';
import type { Overlay } from '../overlay.ts';
import { STOKER_PAGE } from '../stoker-api.ts';
import { WORDS } from '../words.ts';
import { badgeFace } from './badge-face.ts';
import type { SeenStatus } from './live-status.ts';

export interface Badge {
  show(seen: SeenStatus | null): void;
}

export function createBadge(overlay: Pick<Overlay, 'place' | 'say'>): Badge {
  const text = make('span', { class: 'text' });
  const badge = make(
    'a',
    { class: 'badge', href: STOKER_PAGE, target: '_blank', rel: 'noopener', hidden: true },
    make('span', { class: 'mark', 'aria-hidden': 'true' }),
    text,
    make('span', { class: 'spoken' }, ` ${WORDS.badge.opens}`),
  );
  overlay.place(make('section', { 'aria-label': WORDS.badge.label }, badge));
  let shown: SeenStatus | null | undefined;
  let mark = '';

  function draw(): void {
    if (shown === undefined) return;
    const seconds = shown === null ? 0 : Math.max(0, (Date.now() - shown.at) / 1000);
    const face = badgeFace(shown?.status ?? null, seconds);
    badge.hidden = false;
    badge.dataset.mark = face.mark;
    badge.title = face.more;
    setText(text, face.text);
    // A countdown is nothing to be read out; a change of state is.
    if (mark !== '' && mark !== face.mark) overlay.say(face.text);
    mark = face.mark;
  }

  setInterval(() => {
    if (shown?.status.state === 'starting' && document.visibilityState === 'visible') draw();
  }, 1000);
  return {
    show(seen) {
      shown = seen;
      draw();
    },
  };
}
