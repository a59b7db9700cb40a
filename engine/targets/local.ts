/**
 * The supervised ComfyUI as a target: a job wakes it, and one more waits in its queue so that it never idles between two.
 * A prompt is lost with the process that held it, and then safe to run again.
 */

import { LOCAL_TARGET } from '../../contract/targets.ts';
import { urlHost } from '../comfyui/client.ts';
import { AppError } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import { createListeners, joined, type Unsubscribe } from '../platform/listeners.ts';
import type { ComfyAddress, Supervisor } from '../supervisor/supervisor.ts';
import { type PagePrompts, promptIdOf } from './comfyui/page-prompts.ts';
import type { PromptApi } from './comfyui/prompt-api.ts';
import { type PromptRunDeps, RECALLED, runPrompt } from './comfyui/prompt-run.ts';
import { jobError } from './job-error.ts';
import type { RunEnd, Target, TargetTask } from './target.ts';

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
  readonly homeOf: NonNullable<PromptRunDeps['homeOf']>;
  readonly pagePrompts: Pick<PagePrompts, 'run' | 'endedBefore'>;
  readonly clock: Clock;
}

/** One runs, one waits behind it. */
const MOST = 2;
const STOPPED_BY_HAND = 'ComfyUI was stopped by hand. It goes on when ComfyUI is started, or something new is queued.';
/** A ComfyUI that does not start is tried again, and meanwhile the reason is shown. */
const RETRY_MS = 30_000;

export interface LocalTarget extends Target {
  /** Somebody has queued work: what waits since ComfyUI was stopped by hand goes on with it. @param createdAt epoch milliseconds */
  goOn(createdAt: number): void;
}

export function createLocalTarget(deps: LocalTargetDeps): LocalTarget {
  const { supervisor, api, clock } = deps;
  const changed = createListeners<void>();
  let held = 0;
  /** Epoch milliseconds; null while nobody has stopped it, or it was wanted again since. */
  let stoppedByHandAt: number | null = null;

  supervisor.onTransition(({ to }) => {
    if (to.kind === 'stopping' && to.reason === 'user') stoppedByHandAt = clock.now();
    if (to.kind === 'starting' || to.kind === 'running') stoppedByHandAt = null;
  });

  function offer() {
    const refusal = deps.cardLent() ?? (stoppedByHandAt === null ? null : STOPPED_BY_HAND);
    return { free: refusal === null ? Math.max(0, MOST - held) : 0, load: Math.max(held, deps.queueLength()), refusal };
  }

  async function addressFor(task: TargetTask): Promise<ComfyAddress | null> {
    // What an earlier engine handed over is only worth asking of the ComfyUI that had it: one that runs already.
    if (task.start.kind !== 'fresh') return supervisor.address();
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
    const { request } = task.payload;
    if (address === null) {
      const ended = request === null ? null : await deps.pagePrompts.endedBefore(promptIdOf(task, request));
      return ended ?? leftAlone(task);
    }
    const gone = new AbortController();
    const { generation, host, port } = address;
    let isStoppedByHand = false;
    const look = () => {
      if (gone.signal.aborted || supervisor.address()?.generation === generation) return;
      const state = supervisor.state();
      isStoppedByHand = state.kind === 'stopping' && state.reason === 'user';
      gone.abort();
    };
    const stopFollowing = supervisor.onTransition(look);
    look();
    try {
      const server = { url: `http://${urlHost(host)}:${port}` };
      const end =
        request === null
          ? await runPrompt({ api, clock, server, gone: gone.signal, vanished: 'deleted', homeOf: deps.homeOf }, task)
          : await deps.pagePrompts.run(task, request, { server, generation, gone: gone.signal });
      const withdrawn = deps.wasWithdrawn(task.jobId);
      if (!isLoss(end) || task.cancel.aborted) return end;
      if (withdrawn) return WITHDRAWN;
      // Whoever stops ComfyUI has not seen the job fail: it begins anew, and no attempt is lost.
      return isStoppedByHand && gone.signal.aborted ? BROKEN_OFF : end;
    } finally {
      stopFollowing();
    }
  }

  return {
    name: LOCAL_TARGET,
    offer,
    onChange(listener) {
      return joined(supervisor.onTransition(listener), deps.onCardChange(listener), changed.add(listener));
    },
    goOn(createdAt) {
      if (stoppedByHandAt === null || createdAt < stoppedByHandAt) return;
      stoppedByHandAt = null;
      changed.notify();
    },
    async run(task) {
      // A page's prompts wait in ComfyUI's own queue, as many as there are.
      const counted = task.payload.request === null ? 1 : 0;
      held += counted;
      try {
        return await run(task);
      } finally {
        held -= counted;
      }
    },
  };
}

const BROKEN_OFF: RunEnd = { kind: 'notStarted', reason: 'ComfyUI was stopped by hand while it had it.', retryInMs: 0 };
const WITHDRAWN: RunEnd = { kind: 'notStarted', reason: 'The card was given away before it began.', retryInMs: 0 };

/** ComfyUI no longer has it, and it was not finished. */
const isLoss = (end: RunEnd): boolean =>
  end.kind === 'cancelled' || (end.kind === 'failed' && end.error.code === 'prompt_lost');

/** The ComfyUI that had it is gone. What it certainly never took does not count as an attempt. */
function leftAlone({ start }: TargetTask): RunEnd {
  const reason = 'Stoker and ComfyUI ended while ComfyUI held it.';
  return start.kind === 'resumed' && start.remoteId !== null && start.phase !== 'waiting'
    ? { kind: 'failed', error: jobError('prompt_lost', reason), again: true }
    : { kind: 'notStarted', reason, retryInMs: 0 };
}

const wordsOf = (error: unknown): string =>
  error instanceof AppError ? error.message : 'ComfyUI could not be started.';
