/** Tells that the page is older than ComfyUI, once for each change. Never reloads by itself: the work in the page is the user's. */
import { make } from '../dom.ts';
import { createNoticeCard } from '../notice-card.ts';
import type { Overlay } from '../overlay.ts';
import { remembered } from '../remembered.ts';
import { WORDS } from '../words.ts';
import type { SeenStatus } from './live-status.ts';
import { changeToTell } from './page-change.ts';

export interface ChangeNotice {
  show(seen: SeenStatus | null): void;
}

export function createChangeNotice(overlay: Overlay): ChangeNotice {
  let shown: HTMLElement | null = null;
  return {
    show(seen) {
      const change = seen && changeToTell(seen.status.page, performance.timeOrigin, remembered.change());
      if (change === null) return;
      remembered.setChange(change.at);
      if (shown !== null) overlay.remove(shown);
      const reload = make('button', { type: 'button', onclick: () => location.reload() }, WORDS.changed.reload);
      const card = createNoticeCard(
        { tone: 'busy', headline: WORDS.changed[change.what], lines: [WORDS.changed.detail], actions: [reload] },
        () => overlay.remove(card),
      );
      shown = card;
      overlay.add(card);
      overlay.say(WORDS.changed[change.what]);
    },
  };
}
