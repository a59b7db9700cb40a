/** *Sleep now* and *Keep awake 1 h* of the page: what they do, what they ask first, and the words that follow. */
import { make } from '../dom.ts';
import { createNoticeCard } from '../notice-card.ts';
import type { Overlay } from '../overlay.ts';
import { stoker, Trouble } from '../stoker-api.ts';
import { clockOf, WORDS } from '../words.ts';

const AWAKE_SECONDS = 3600;
const SAID_SECONDS = 6;

export interface SleepCommands {
  sleepNow(): Promise<void>;
  keepAwake(): Promise<void>;
}

export function createSleepCommands(overlay: Overlay): SleepCommands {
  /** The one card of both: a newer one takes its place. */
  let shown: HTMLElement | null = null;
  function put(card: HTMLElement): void {
    if (shown !== null) overlay.remove(shown);
    shown = card;
    overlay.add(card);
  }

  function said(words: string, ...actions: HTMLElement[]): void {
    const card = createNoticeCard({ tone: 'good', headline: words, lines: [], actions }, () => overlay.remove(card));
    put(card);
    overlay.say(words);
    overlay.fade(card, SAID_SECONDS, () => undefined);
  }

  /** @param headline what did not happen */
  function refused(headline: string, error: unknown): void {
    const lines = error instanceof Trouble ? [error.message, error.next] : [String(error)];
    const card = createNoticeCard({ tone: 'bad', headline, lines }, () => overlay.remove(card));
    put(card);
    overlay.say([headline, ...lines].join(' '));
  }

  async function attempt(headline: string, action: () => Promise<void>): Promise<void> {
    await action().catch((error: unknown) => refused(headline, error));
  }

  async function sleep(force: boolean): Promise<void> {
    const before = (await stoker.status()).state;
    if (before === 'stopped') return said(WORDS.sleepsAlready);
    const work = await stoker.sleep(force);
    if (work === null) said(WORDS.slept);
    else ask(work.running, work.pending);
  }

  function ask(running: number, waiting: number): void {
    const { title, detail, whenDone, lose, keep } = WORDS.loseWork;
    const done = (): void => overlay.remove(card);
    const choice = (words: string, act: () => Promise<void>): HTMLElement =>
      make(
        'button',
        {
          type: 'button',
          onclick: () => {
            done();
            void attempt(WORDS.refusedTitle.sleep, act);
          },
        },
        words,
      );
    const first = choice(whenDone, async () => {
      await stoker.sleepWhenDone();
      said(WORDS.sleepsWhenDone);
    });
    const card = createNoticeCard(
      {
        tone: 'busy',
        headline: title,
        lines: [detail(running, waiting)],
        actions: [first, choice(lose, () => sleep(true)), make('button', { type: 'button', onclick: done }, keep)],
      },
      done,
    );
    card.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') done();
    });
    put(card);
    overlay.say(`${title} ${detail(running, waiting)}`);
    first.focus();
  }

  async function letSleep(): Promise<void> {
    await stoker.keepAwake(null);
    said(WORDS.sleepsAgain);
  }

  return {
    sleepNow: () => attempt(WORDS.refusedTitle.sleep, () => sleep(false)),
    keepAwake: () =>
      attempt(WORDS.refusedTitle.awake, async () => {
        const { state, idle } = await stoker.keepAwake(AWAKE_SECONDS);
        const until = clockOf(idle.keepAwakeUntil ?? new Date(Date.now() + AWAKE_SECONDS * 1000).toISOString());
        const undo = make(
          'button',
          { type: 'button', onclick: () => void attempt(WORDS.refusedTitle.awake, letSleep) },
          WORDS.letSleep,
        );
        said(state === 'stopped' ? WORDS.awakeOnceWoken(until) : WORDS.keptAwakeUntil(until), undo);
      }),
  };
}
