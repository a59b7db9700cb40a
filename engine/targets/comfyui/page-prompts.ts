/**
 * Prompts of ComfyUI's page on the supervised ComfyUI: hands over, in their order, those that wait here, and follows each to its end by
 * what the queue watch hears anyway. Unlike a job of the API a prompt keeps its client, so that the page sees it, and its files stay where they are.
 */
import type { ComfyFile } from '../../../contract/jobs.ts';
import type { QueueStatus } from '../../../contract/status.ts';
import { fieldsOf, textOf } from '../../comfyui/json-fields.ts';
import { readPromptEnd } from '../../comfyui/prompt-end.ts';
import type { PromptPlaces, QueueWatch } from '../../comfyui/queue-watch.ts';
import { mediaTypeOf } from '../../jobs/media-type.ts';
import type { Clock } from '../../platform/clock.ts';
import { withMembers } from '../../platform/json-members.ts';
import { jobError } from '../job-error.ts';
import type { KeptOutput, RunEnd, TargetTask } from '../target.ts';
import type { PromptApi } from './prompt-api.ts';
import { madeFiles } from './prompt-outputs.ts';
import { RECALLED } from './prompt-run.ts';
import { leftOutWords, refusalWords } from './refusal-words.ts';
import type { ComfyServer } from './server-call.ts';
import { createWake } from './wake.ts';

export interface PagePromptsDeps {
  readonly queue: Pick<QueueWatch, 'onAnswer' | 'onChange' | 'expectChange' | 'lastKnownHistory'>;
  readonly historyOf: (promptId: string) => Promise<unknown>;
  /** Resolves when the pages' sockets hear ComfyUI again. */
  readonly socketsReady: () => Promise<void>;
  readonly api: Pick<PromptApi, 'submitText' | 'cancel' | 'withdraw'>;
  /** Bytes; 0 where Stoker cannot see the file. */
  readonly sizeOf: (file: ComfyFile) => Promise<number>;
  readonly clock: Clock;
}

/** One run of the supervised ComfyUI. */
export interface ComfyRun {
  readonly server: ComfyServer;
  readonly generation: number;
  /** Aborts with its end. */
  readonly gone: AbortSignal;
}

export interface PagePrompts {
  run(task: TargetTask, request: string, comfy: ComfyRun): Promise<RunEnd>;
  /** How a prompt ended, by the history that outlives ComfyUI; null when it did not end there. */
  endedBefore(promptId: string): Promise<RunEnd | null>;
  /** Resolves when all those that were to be handed over have been: what comes later is behind them. */
  handedOver(): Promise<void>;
}

const LOOK_EVERY_MS = 5000;
const RETRY_MS = 2000;

interface Followed {
  began: boolean;
}

export function createPagePrompts(deps: PagePromptsDeps): PagePrompts {
  const { queue, api, clock } = deps;
  let handingOver: Promise<unknown> = Promise.resolve();
  /** By prompt, of one run of ComfyUI, in the order of their queue. */
  let followed = new Map<string, Followed>();
  let generation = -1;
  /** What ran, or would have begun next, when that ComfyUI ended. */
  let suspect: string | null = null;

  function enter(promptId: string, comfy: ComfyRun): Followed {
    if (comfy.generation !== generation) {
      generation = comfy.generation;
      followed = new Map();
      suspect = null;
    }
    const entry = { began: false };
    followed.set(promptId, entry);
    return entry;
  }

  /** @returns how it ended already, or what ComfyUI left out of it, in words */
  async function handOver(
    task: TargetTask,
    request: string,
    { server, gone }: ComfyRun,
  ): Promise<RunEnd | string | null> {
    if (task.cancel.aborted) return { kind: 'cancelled' };
    if (task.recall.aborted) return RECALLED;
    await deps.socketsReady();
    if (gone.aborted) return notTaken('ComfyUI ended before it took the prompt.');
    // Where it stood in the page's queue is said by the order in which they are handed over.
    const text = withMembers(request, {}, ['front', 'number']);
    queue.expectChange();
    const leaving = AbortSignal.any([task.cancel, task.detach]);
    const answer = await api.submitText(server, text, leaving).catch(() => null);
    queue.expectChange();
    if (answer === null) return null;
    if (answer.kind === 'refused') {
      return { kind: 'failed', error: jobError('invalid_workflow', refusalWords(answer.answer)), again: false };
    }
    await task.accepted(answer.promptId);
    return leftOutWords(answer.nodeErrors);
  }

  async function follow(task: TargetTask, promptId: string, comfy: ComfyRun): Promise<RunEnd> {
    const { server, gone } = comfy;
    const entry = enter(promptId, comfy);
    const wake = createWake([gone, task.cancel, task.recall, task.detach]);
    let isAccepted = task.start.kind === 'resumed' && task.start.remoteId !== null;
    let place: 'running' | 'waiting' | 'absent' | null = null;
    let misses = 0;
    let cancelSent = false;
    /** Taken out of ComfyUI's queue, if it still waited there. */
    let withdrawn = false;

    function see(places: PromptPlaces): void {
      if (places.generation !== comfy.generation) return;
      const seen = places.running === promptId ? 'running' : places.promptIds.has(promptId) ? 'waiting' : 'absent';
      // It may have come since that was asked.
      if (seen === 'absent' && !places.known) return;
      if (seen === 'running') entry.began = true;
      place = seen;
      wake.ring();
    }

    function showProgress({ current }: QueueStatus): void {
      if (current?.promptId !== promptId) return;
      const { nodesDone, nodesTotal, nodeType, value, max } = current;
      task.progressed({ nodesDone, nodesTotal, nodeType, value, max });
    }

    const stop = [queue.onAnswer(see), queue.onChange(showProgress)];
    queue.expectChange();
    try {
      for (;;) {
        if (task.detach.aborted) return { kind: 'detached' };
        if (gone.aborted) return await lost(task, promptId);
        if (task.cancel.aborted && !cancelSent) {
          cancelSent = await api.cancel(server, promptId).then(
            () => true,
            () => false,
          );
          queue.expectChange();
        } else if (task.recall.aborted && !entry.began && !withdrawn) {
          withdrawn = await api.withdraw(server, promptId).then(
            () => true,
            () => false,
          );
          queue.expectChange();
        }
        const seen = place;
        place = null;
        if (seen === 'running' || seen === 'waiting') {
          if (!isAccepted) await task.accepted(promptId);
          isAccepted = true;
          misses = 0;
          task.advanced(seen === 'running' ? 'executing' : 'waiting');
          if (task.recall.aborted && entry.began) task.stays('It runs already.');
          // It was seen before it was taken out, or came back into the queue after.
          if (seen === 'waiting') withdrawn = false;
        } else if (seen === 'absent') {
          const end = await endIn(deps.historyOf(promptId), promptId);
          if (end !== null) return end;
          // Between leaving the queue and entering the history there is a moment: only the second look counts.
          misses += 1;
          if (misses > 1 && withdrawn && !entry.began && !task.cancel.aborted) return RECALLED;
          if (misses > 1) return vanished(task, isAccepted);
          queue.expectChange();
        }
        await wake.wait(clock, LOOK_EVERY_MS);
      }
    } finally {
      for (const unsubscribe of stop) unsubscribe();
      wake.close();
      followed.delete(promptId);
    }
  }

  /** Null also when ComfyUI does not answer now. */
  async function endIn(history: Promise<unknown>, promptId: string): Promise<RunEnd | null> {
    const entry = fieldsOf(await history.catch(() => null))[promptId];
    return entry === undefined ? null : finish(promptId, entry);
  }

  async function finish(promptId: string, entry: unknown): Promise<RunEnd> {
    const end = readPromptEnd(promptId, entry, clock.now());
    if (end.outcome === 'interrupted') return { kind: 'cancelled' };
    if (end.outcome === 'failed') {
      const error = jobError('prompt_failed', end.message ?? 'ComfyUI reports an error.');
      return { kind: 'failed', error, again: false };
    }
    const outputs: KeptOutput[] = [];
    for (const { nodeId, filename, subfolder, type } of madeFiles(entry)) {
      if (type !== 'output' && type !== 'temp') continue;
      const home: ComfyFile = { type, subfolder, filename };
      const bytes = await deps.sizeOf(home);
      outputs.push({ nodeId, filename, type: mediaTypeOf(filename), bytes, sha256: null, home });
    }
    return {
      kind: 'completed',
      outputs,
      note: outputs.length === 0 ? 'It saved no files.' : null,
      executionMs: end.seconds === null ? undefined : end.seconds * 1000,
    };
  }

  async function lost(task: TargetTask, promptId: string): Promise<RunEnd> {
    suspect ??= [...followed].find(([, { began }]) => began)?.[0] ?? [...followed.keys()][0] ?? null;
    const isSuspect = suspect === promptId;
    const end = await endedBefore(promptId);
    if (end !== null) return end;
    if (task.cancel.aborted) return { kind: 'cancelled' };
    if (!isSuspect) return notTaken('ComfyUI ended while it waited there.');
    return { kind: 'failed', error: jobError('prompt_lost', 'ComfyUI ended while it ran.'), again: true };
  }

  const endedBefore = (promptId: string): Promise<RunEnd | null> =>
    endIn(Promise.resolve(queue.lastKnownHistory()), promptId);

  return {
    async run(task, request, comfy) {
      const promptId = promptIdOf(task, request);
      if (task.start.kind !== 'fresh') return follow(task, promptId, comfy);
      const turn = handingOver.then(() => handOver(task, request, comfy));
      handingOver = turn.catch(() => undefined);
      const handed = await turn;
      if (typeof handed === 'object' && handed !== null) return handed;
      const end = await follow(task, promptId, comfy);
      return end.kind === 'completed' ? { ...end, note: handed ?? end.note } : end;
    },
    endedBefore,
    handedOver: async () => void (await handingOver),
  };
}

/** What ComfyUI calls it. */
export const promptIdOf = ({ start, jobId }: Pick<TargetTask, 'start' | 'jobId'>, request: string): string =>
  (start.kind === 'fresh' ? null : start.remoteId) ?? textOf(fieldsOf(JSON.parse(request)).prompt_id) ?? jobId;

const notTaken = (reason: string): RunEnd => ({ kind: 'notStarted', reason, retryInMs: 0 });

function vanished(task: TargetTask, isAccepted: boolean): RunEnd {
  if (!isAccepted) return { kind: 'notStarted', reason: 'ComfyUI did not take the prompt.', retryInMs: RETRY_MS };
  if (task.start.kind !== 'resumed' || task.cancel.aborted) return { kind: 'cancelled' };
  return {
    kind: 'failed',
    error: jobError(
      'prompt_lost',
      'ComfyUI no longer knows the prompt: it was restarted, or the prompt was deleted there.',
    ),
    again: true,
  };
}
