/**
 * The supervised ComfyUI as a target: a job wakes it, and one more waits in its queue so that it never idles between two.
 * A prompt is lost with the process that held it, and then safe to run again.
 */

import { urlHost } from '../comfyui/client.ts';
import { AppError } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { Unsubscribe } from '../platform/listeners.ts';
import type { ComfyAddress, Supervisor } from '../supervisor/supervisor.ts';
import type { PromptApi } from './comfyui/prompt-api.ts';
import { RECALLED, runPrompt } from './comfyui/prompt-run.ts';
import { jobError } from './job-error.ts';
import type { RunEnd, Target, TargetTask } from './target.ts';

export const LOCAL = 'local';

export interface LocalTargetDeps {
  readonly supervisor: Pick<Supervisor, 'address' | 'ensureRunning' | 'onTransition' | 'state'>;
  /** Why the card is not to be had now, in words; null when it is. */
  readonly cardLent: () => string | null;
  readonly onCardChange: (listener: () => void) => Unsubscribe;
  /** Its prompt was taken out of ComfyUI's queue before it began, because the card was given away. Told once. */
  readonly wasWithdrawn: (jobId: string) => boolean;
  /** Prompts in ComfyUI's own queue, ours among them. */
  readonly queueLength: () => number;
  readonly api: PromptApi;
  readonly clock: Clock;
}

/** One runs, one waits behind it. */
const MOST = 2;
/** A ComfyUI that does not start is tried again, and meanwhile the reason is shown. */
const RETRY_MS = 30_000;

export function createLocalTarget(deps: LocalTargetDeps): Target {
  const { supervisor, api, clock } = deps;
  let held = 0;

  function offer() {
    const refusal = deps.cardLent();
    return { free: refusal === null ? Math.max(0, MOST - held) : 0, load: Math.max(held, deps.queueLength()), refusal };
  }

  async function addressFor(task: TargetTask): Promise<ComfyAddress | null> {
    // What an earlier engine handed over is only worth asking of the ComfyUI that had it: one that runs already.
    if (task.start.kind === 'resumed') return supervisor.address();
    const stop = new AbortController();
    const abort = () => stop.abort();
    const reasons = [task.cancel, task.recall, task.detach];
    for (const signal of reasons) {
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort);
    }
    try {
      return await supervisor.ensureRunning('request', { signal: stop.signal });
    } finally {
      for (const signal of reasons) signal.removeEventListener('abort', abort);
    }
  }

  async function run(task: TargetTask): Promise<RunEnd> {
    let address: ComfyAddress | null;
    try {
      address = await addressFor(task);
    } catch (error) {
      if (task.detach.aborted) return { kind: 'detached' };
      if (task.cancel.aborted) return { kind: 'cancelled' };
      if (task.recall.aborted) return RECALLED;
      return { kind: 'notStarted', reason: wordsOf(error), retryInMs: RETRY_MS };
    }
    if (address === null) return leftAlone(task);
    const gone = new AbortController();
    const { generation, host, port } = address;
    const look = () => {
      if (supervisor.address()?.generation !== generation) gone.abort();
    };
    const stopFollowing = supervisor.onTransition(look);
    look();
    try {
      const server = { url: `http://${urlHost(host)}:${port}` };
      const end = await runPrompt({ api, clock, server, gone: gone.signal, vanished: 'deleted' }, task);
      return isLoss(end) && deps.wasWithdrawn(task.jobId) && !task.cancel.aborted ? WITHDRAWN : end;
    } finally {
      stopFollowing();
    }
  }

  return {
    name: LOCAL,
    offer,
    onChange(listener) {
      const stop = [supervisor.onTransition(listener), deps.onCardChange(listener)];
      return () => {
        for (const unsubscribe of stop) unsubscribe();
      };
    },
    async run(task) {
      held += 1;
      try {
        return await run(task);
      } finally {
        held -= 1;
      }
    },
  };
}

const WITHDRAWN: RunEnd = { kind: 'notStarted', reason: 'The card was given away before it began.', retryInMs: 0 };

/** ComfyUI no longer has it, and it was not finished. */
const isLoss = (end: RunEnd): boolean =>
  end.kind === 'cancelled' || (end.kind === 'failed' && end.error.code === 'prompt_lost');

/** The ComfyUI that had it is gone. What it certainly never took does not count as an attempt. */
function leftAlone({ start }: TargetTask): RunEnd {
  const reason = 'Stoker and ComfyUI ended while ComfyUI held it.';
  return start.kind === 'resumed' && start.remoteId !== null
    ? { kind: 'failed', error: jobError('prompt_lost', reason), again: true }
    : { kind: 'notStarted', reason, retryInMs: 0 };
}

const wordsOf = (error: unknown): string =>
  error instanceof AppError ? error.message : 'ComfyUI could not be started.';
