/**
 * Tells each prompt's end exactly once, whoever queued it. ComfyUI tells the end to the submitting client alone, so what left
 * the queue is looked up in the history; a history read for other reasons tells the prompts that were too quick to be seen.
 */
import type { PromptEnd } from '../../contract/events.ts';
import type { Clock } from '../platform/clock.ts';
import { createListeners, type Unsubscribe } from '../platform/listeners.ts';
import type { Log } from '../platform/log.ts';
import type { ComfyClient } from './client.ts';
import { type Fields, fieldsOf } from './json-fields.ts';
import { readPromptEnd } from './prompt-end.ts';

export interface PromptEnds {
  /** Another ComfyUI runs, or none. An `adopted` one worked before this engine did: its first history is old. */
  startOver(run: 'none' | 'fresh' | 'adopted'): void;
  /** @param promptIds of everything that runs or waits now */
  followQueue(promptIds: ReadonlySet<string>): void;
  /** `GET /history` was answered, whoever asked. */
  readHistory(answer: unknown): void;
  /** ComfyUI ended while this prompt ran: its history will never tell. */
  lose(promptId: string, loss: Pick<PromptEnd, 'outcome' | 'title' | 'message'>): void;
  onEnd(listener: (end: PromptEnd) => void): Unsubscribe;
  close(): void;
}

export interface PromptEndsDeps {
  readonly client: Pick<ComfyClient, 'historyOf'>;
  /** What an earlier engine knew. */
  readonly earlier: Fields;
  readonly clock: Clock;
  readonly log: Log;
}

/** Far more than one answer of the history holds. */
const REMEMBERED = 2000;

export function createPromptEnds({ client, earlier, clock, log }: PromptEndsDeps): PromptEnds {
  const ended = createListeners<PromptEnd>((error) => log.error({ err: error }, 'a listener of prompt ends failed'));
  const told = new Set(Object.keys(earlier));
  let queued: ReadonlySet<string> = new Set();
  /** Left the queue; whether it ran or was taken out, the history says. */
  const gone = new Set<string>();
  let historyIsOld = false;
  let asking = false;
  let closed = false;
  /** Grows with every ComfyUI: what an earlier one was asked says nothing about this one. */
  let run = 0;

  function tell(end: PromptEnd): void {
    gone.delete(end.promptId);
    if (closed || told.has(end.promptId)) return;
    remember(end.promptId);
    ended.notify(end);
  }

  function remember(promptId: string): void {
    told.add(promptId);
    for (const oldest of told) {
      if (told.size <= REMEMBERED) break;
      told.delete(oldest);
    }
  }

  function read(promptId: string, entry: unknown): void {
    if (!told.has(promptId)) tell(readPromptEnd(promptId, entry, clock.now()));
  }

  async function askForGone(): Promise<void> {
    if (asking) return;
    asking = true;
    for (const promptId of gone) {
      const asked = run;
      try {
        const entry = fieldsOf(await client.historyOf(promptId))[promptId];
        if (asked !== run) continue;
        gone.delete(promptId);
        // Taken out of the queue before it ran: nothing ended.
        if (entry !== undefined) read(promptId, entry);
      } catch (error) {
        gone.delete(promptId);
        log.debug({ promptId, error: String(error) }, 'how a prompt ended could not be asked');
      }
    }
    asking = false;
  }

  return {
    startOver(kind) {
      run += 1;
      queued = new Set();
      gone.clear();
      historyIsOld = kind === 'adopted';
    },
    followQueue(promptIds) {
      for (const promptId of queued) if (!promptIds.has(promptId) && !told.has(promptId)) gone.add(promptId);
      queued = promptIds;
      void askForGone();
    },
    readHistory(answer) {
      for (const [promptId, entry] of Object.entries(fieldsOf(answer))) {
        if (historyIsOld && !gone.has(promptId) && !queued.has(promptId)) remember(promptId);
        else read(promptId, entry);
      }
      historyIsOld = false;
    },
    lose(promptId, loss) {
      tell({ promptId, at: clock.now(), seconds: null, images: [], ...loss });
    },
    onEnd: (listener) => ended.add(listener),
    close() {
      closed = true;
    },
  };
}
