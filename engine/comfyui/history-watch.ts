/**
 * Keeps the history ComfyUI last told, so that it can be read while ComfyUI sleeps: asks when prompts have ended, and
 * no oftener than an answer that may measure megabytes is worth.
 */
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { ComfyClient } from './client.ts';
import { createCoalescedTask } from './coalesced-task.ts';
import { type History, type HistoryStore, keepHistory } from './history-store.ts';

export interface HistoryWatch {
  lastKnown(): History;
  /** Another ComfyUI runs, or none: one that has just started has nothing to tell. */
  startOver(running: boolean): void;
  /** Something passed that may change the history. */
  expectChange(): void;
  /** The queue was read: whether prompts have left it since, and whether it is empty. */
  followQueue(seen: { readonly finished: boolean; readonly empty: boolean }): void;
  /** Resolves when what is due was asked and saved; a failure is logged. */
  flush(): Promise<void>;
  close(): void;
}

export interface HistoryWatchDeps {
  readonly client: Pick<ComfyClient, 'history'>;
  readonly store: HistoryStore;
  /** Hears every answer as ComfyUI gave it. */
  readonly onAnswer: (answer: unknown) => void;
  readonly clock: Clock;
  readonly log: Log;
}

const ITEMS = 64;
/** While prompts go on finishing, what a crash could take from the history is at most this old. */
const MOST_AGE_MS = 20_000;
const GAP_MS = 1000;
const GAP_PER_DURATION = 4;

export function createHistoryWatch({ client, store, onAnswer, clock, log }: HistoryWatchDeps): HistoryWatch {
  let history = store.load();
  let running = false;
  let stale = false;
  /** This ComfyUI was given something to do, so that even an empty history is news. */
  let begun = false;
  let askedAt = Number.NEGATIVE_INFINITY;

  const logFailure = (error: unknown): void => log.warn({ error: String(error) }, 'the history could not be asked for');
  const task = createCoalescedTask({
    clock,
    run: ask,
    minimumGapMs: GAP_MS,
    gapPerDuration: GAP_PER_DURATION,
    onError: logFailure,
  });

  async function ask(): Promise<void> {
    if (!running || !stale) return;
    stale = false;
    askedAt = clock.monotonic();
    try {
      const answer = await client.history(ITEMS);
      onAnswer(answer);
      const told = keepHistory(answer);
      if (Object.keys(told).length === 0 && !begun) return;
      history = told;
    } catch (error) {
      stale = true;
      throw error;
    }
    await store.save(history);
  }

  return {
    lastKnown: () => history,
    startOver(nowRunning) {
      running = nowRunning;
      stale = nowRunning;
      begun = false;
    },
    expectChange() {
      stale = true;
      begun = true;
    },
    followQueue({ finished, empty }) {
      if (finished) {
        stale = true;
        begun = true;
      }
      const old = clock.monotonic() - askedAt >= MOST_AGE_MS;
      if (stale && (empty || (finished && old))) task.request();
    },
    flush: () => task.runNow().catch(logFailure),
    close: () => task.close(),
  };
}
