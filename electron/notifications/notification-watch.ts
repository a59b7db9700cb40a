/** Listens to the engine, lets what belongs together become one message, and hands messages on. Decides nothing: decide.ts does. */
import type { JobNotice, PromptEnd } from '../../contract/events.ts';
import type { Status } from '../../contract/status.ts';
import type { NotificationWords } from '../../strings/en/notifications.ts';
import type { EngineLink } from '../engine/engine-link.ts';
import {
  engineMessage,
  isWorthTelling,
  jobsMessage,
  type Message,
  noticeMessage,
  stateMessage,
  tellJobsAt,
  type Wishes,
} from './decide.ts';

export interface NotificationWatchDependencies {
  readonly link: Pick<EngineLink, 'state' | 'status' | 'onChange' | 'onPromptEnd' | 'onJobNotice'>;
  readonly wishes: () => Wishes;
  readonly words: () => NotificationWords;
  readonly comfyuiFocused: () => boolean;
  readonly time: {
    /** Epoch milliseconds. */
    now(): number;
    /** Returns the way to call it off. */
    after(delayMs: number, act: () => void): () => void;
  };
  readonly show: (message: Message) => void;
}

export function createNotificationWatch(dependencies: NotificationWatchDependencies): { dispose(): void } {
  const { link, wishes, words, comfyuiFocused, time, show } = dependencies;
  let engine = link.state();
  let status: Status | null = link.status();
  let crashToldAt: number | null = null;
  let waiting: { readonly end: PromptEnd; readonly at: number }[] = [];
  let callOff: () => void = () => {};

  function noticeChange(): void {
    const nextEngine = link.state();
    const aboutEngine = engineMessage(engine, nextEngine, wishes(), words());
    engine = nextEngine;
    if (aboutEngine !== null) show(aboutEngine);
    noticeStatus(link.status());
    planJobs();
  }

  /** While the engine is away the last status is kept: what it was like before is compared with what it is like after. */
  function noticeStatus(next: Status | null): void {
    if (next === null) return;
    const context = { wishes: wishes(), words: words(), isLooking: comfyuiFocused(), crashToldAt, now: time.now() };
    const message = stateMessage(status, next, context);
    status = next;
    if (message === null) return;
    if (next.state === 'backingOff') crashToldAt = context.now;
    show(message);
  }

  function noticeEnd(end: PromptEnd): void {
    if (!isWorthTelling(end, wishes(), comfyuiFocused())) return;
    waiting.push({ end, at: time.now() });
    planJobs();
  }

  function hearNotice(notice: JobNotice): void {
    const message = noticeMessage(notice, wishes(), words());
    if (message !== null) show(message);
  }

  function planJobs(): void {
    callOff();
    callOff = () => {};
    const [first, last] = [waiting[0], waiting.at(-1)];
    if (first === undefined || last === undefined) return;
    const queue = link.status()?.queue;
    const isQueueEmpty = queue === undefined || queue.running + queue.pending === 0;
    const delayMs = tellJobsAt(first.at, last.at, isQueueEmpty) - time.now();
    callOff = time.after(Math.max(0, delayMs), tellJobs);
  }

  function tellJobs(): void {
    // Wishes and looks may have changed while they waited.
    const ends = waiting.map(({ end }) => end).filter((end) => isWorthTelling(end, wishes(), comfyuiFocused()));
    waiting = [];
    if (ends.length > 0) show(jobsMessage(ends, words()));
  }

  const stopListening = [link.onChange(noticeChange), link.onPromptEnd(noticeEnd), link.onJobNotice(hearNotice)];
  return {
    dispose() {
      for (const stop of stopListening) stop();
      callOff();
    },
  };
}
