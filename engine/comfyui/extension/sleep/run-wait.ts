/**
 * A card while a pressed *Run* waits for ComfyUI: with what it waits for, gone when the prompt was accepted, in words when it was refused.
 * Looks on; the prompt goes its own way.
 */
import type { Status } from '../../../../contract/status.ts';
import type { PageApi } from '../comfy-page.ts';
import { make, setText } from '../dom.ts';
import type { Overlay } from '../overlay.ts';
import { troubleOf } from '../stoker-api.ts';
import { WORDS } from '../words.ts';
import { badgeFace } from './badge-face.ts';
import type { SeenStatus } from './live-status.ts';

/** A prompt that a ready ComfyUI takes at once is not worth a card. */
const SHOW_AFTER_MS = 400;
const REFUSED_SECONDS = 15;

export interface RunWait {
  show(seen: SeenStatus | null): void;
}

/**
 * Awake, ComfyUI answers for itself; so does the page when it is refused.
 * @returns whether a waiting prompt waits for Stoker to do something
 */
export const waitsForWake = (status: Pick<Status, 'state'>): boolean => status.state !== 'running';

export function watchRuns(api: PageApi | undefined, overlay: Overlay): RunWait {
  const headline = make('h2');
  const phase = make('p', { class: 'quiet' });
  const next = make('p', { class: 'quiet' });
  const bar = make('progress', {});
  const card = make(
    'article',
    { class: 'card', id: 'stoker-run-wait' },
    make('header', {}, headline),
    phase,
    next,
    bar,
  );
  let waiting = 0;
  let seen: SeenStatus | null = null;
  let keep = (): unknown => undefined;

  function draw(): void {
    if (waiting === 0 || seen === null || !waitsForWake(seen.status)) return;
    const { status, at } = seen;
    keep();
    card.classList.remove('leaving');
    card.dataset.tone = 'busy';
    bar.hidden = false;
    setText(headline, WORDS.run.title);
    setText(phase, badgeFace(status, Math.max(0, (Date.now() - at) / 1000)).text);
    setText(next, status.courtesy.state === 'none' ? WORDS.run.waking : WORDS.run.lent);
    if (card.isConnected) return;
    overlay.add(card);
    overlay.say(`${WORDS.run.title}. ${phase.textContent}. ${next.textContent}`);
  }

  function refused(error: unknown): void {
    const { message, next: advice } = troubleOf(0, (error as { response?: unknown } | null)?.response);
    card.dataset.tone = 'bad';
    bar.hidden = true;
    setText(headline, WORDS.run.failed);
    setText(phase, message);
    setText(next, advice);
    overlay.say(`${WORDS.run.failed}. ${message} ${advice}`);
    keep = overlay.fade(card, REFUSED_SECONDS, () => undefined);
  }

  const queue = api?.queuePrompt;
  if (api !== undefined && queue !== undefined) {
    api.queuePrompt = async function queueAndLook(...words) {
      waiting += 1;
      setTimeout(draw, SHOW_AFTER_MS);
      try {
        const answer = await queue.apply(this, [...words]);
        if (waiting === 1) overlay.remove(card);
        return answer;
      } catch (error) {
        if (card.isConnected) refused(error);
        throw error;
      } finally {
        waiting -= 1;
      }
    };
  }
  setInterval(draw, 1000);
  return {
    show(now) {
      seen = now;
      if (card.isConnected) draw();
    },
  };
}
