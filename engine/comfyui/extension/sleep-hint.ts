/**
 * Tells quietly that ComfyUI sleeps. Asks only while the page is seen, and over no event stream: a browser opens six connections to one
 * address, and this is not worth one of them.
 */
import type { Status } from '../../../contract/status.ts';
import { WORDS } from './words.ts';

const LOOK_MS = 10_000;

/** Null when there is nothing to tell: it runs, or somebody else has the card, which is told elsewhere. */
export function hintOf({ state, courtesy }: Pick<Status, 'state' | 'courtesy'>): string | null {
  if (courtesy.state !== 'none') return null;
  if (state === 'stopped') return WORDS.asleep;
  return state === 'starting' ? WORDS.waking : null;
}

export function keepSleepHint(status: () => Promise<Status>, setHint: (text: string | null) => void): void {
  async function look(): Promise<void> {
    if (document.visibilityState !== 'visible') return;
    const now = await status().catch(() => null);
    setHint(now === null ? null : hintOf(now));
  }
  setInterval(() => void look(), LOOK_MS);
  document.addEventListener('visibilitychange', () => void look());
  void look();
}
