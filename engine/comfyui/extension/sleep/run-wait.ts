/**
 * A card while a pressed *Run* waits for ComfyUI: with what it waits for, gone when the prompt was accepted, in words when Stoker refused it.
 * Looks on; the prompt goes its own way.
 */
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

const isOfStoker = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'source' in answer && answer.source === 'stoker';

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
    // Awake, ComfyUI answers at once or is busy; both is told by the page.
    if (waiting === 0 || seen === null || seen.status.state === 'running') return;
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

  /** ComfyUI's own refusals are shown by its page; Stoker's have a next step that the page does not know. */
  function refused(error: unknown): void {
    const answer = (error as { readonly response?: unknown } | null)?.response;
    if (answer !== undefined && !isOfStoker(answer)) {
      overlay.remove(card);
      return;
    }
    const { message, next: advice } = troubleOf(null, answer);
    card.dataset.tone = 'bad';
    bar.hidden = true;
    setText(headline, WORDS.run.failed);
    setText(phase, message);
    setText(next, advice);
    if (!card.isConnected) overlay.add(card);
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
        refused(error);
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
