/**
 * Runs one prompt on one ComfyUI and follows it to its end: hands it over, listens to its progress, asks queue and history whenever
 * something may have changed, and brings every file home. The prompt's id is the job's, so that after a crash it is found again.
 */
import type { ErrorCode } from '../../../contract/errors.ts';
import type { ComfyFile, JobProgress } from '../../../contract/jobs.ts';
import { frameType, isJobFrame, readFrame, readPreview } from '../../comfyui/frames.ts';
import { readPromptEnd } from '../../comfyui/prompt-end.ts';
import { currentPrompt, followProgress, type PromptProgress } from '../../comfyui/queue-status.ts';
import { type AppError, toAppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import { jobError } from '../job-error.ts';
import type { KeptOutput, RunEnd, TargetTask } from '../target.ts';
import { openClientSocket } from './client-socket.ts';
import type { PromptApi, Submitted } from './prompt-api.ts';
import { type MadeFile, madeFiles } from './prompt-outputs.ts';
import { leftOutWords, refusalWords } from './refusal-words.ts';
import type { ComfyServer } from './server-call.ts';
import { createWake } from './wake.ts';

export interface PromptRunDeps {
  readonly api: PromptApi;
  readonly clock: Clock;
  readonly server: ComfyServer;
  /** Aborts when that ComfyUI has ended, and what it held is lost. Never aborts for a server that is not ours. */
  readonly gone: AbortSignal;
  /** What it means that a prompt it had is in neither queue nor history: for ours, that somebody deleted it there. */
  readonly vanished: 'deleted' | 'unknown';
  /** Where such a file of so many bytes lies in ComfyUI's own folders here; null when it does not. Missing for a server elsewhere. */
  readonly homeOf?: (file: MadeFile, bytes: number) => Promise<ComfyFile | null>;
  /** How long a server that had the job may be silent before the job is given up; for ours `gone` tells. */
  readonly silenceMs?: number;
}

/** Looks even when nothing was heard: a message that was lost must not hold a job for ever. */
const LOOK_EVERY_MS = 5000;
const LOOK_AGAIN_MS = 200;
const FETCH_TRIES = 3;
const FETCH_PAUSE_MS = 300;
const RETRY_MS = 2000;
/** A job that is to be cancelled waits no longer for a server that is away. */
const CANCEL_SILENCE_MS = 15_000;

export async function runPrompt(deps: PromptRunDeps, task: TargetTask): Promise<RunEnd> {
  const { api, clock, server, gone } = deps;
  const clientId = `stoker-job-${task.jobId}`;
  const wake = createWake([gone, task.cancel, task.recall, task.detach]);
  const socket = openClientSocket({ server, clientId, clock, onText: hear, onBinary: see, onLost: wake.ring });
  let promptId = task.start.kind === 'resumed' ? (task.start.remoteId ?? task.jobId) : task.jobId;
  let isKnown = task.start.kind === 'resumed' && task.start.remoteId !== null;
  let note: string | null = null;
  let progress: PromptProgress | null = null;

  function hear(data: Buffer): void {
    const type = frameType(data);
    if (type === 'status') wake.ring();
    if (!isJobFrame(type)) return;
    const message = readFrame(data);
    if (message === null) return;
    progress = followProgress(progress, message);
    task.progressed(progressOf(task, promptId, progress));
    if (message.kind === 'executionStart' || message.kind === 'executionEnd') wake.ring();
  }

  function see(data: Buffer): void {
    const picture = readPreview(data);
    if (picture !== null) task.previewed(picture);
  }

  async function know(): Promise<void> {
    if (!isKnown) await task.accepted(promptId);
    isKnown = true;
  }

  /** Null when ComfyUI has the prompt, or may have it: following finds out. */
  async function handOver(): Promise<RunEnd | null> {
    if (task.cancel.aborted) return { kind: 'cancelled' };
    if (task.recall.aborted) return RECALLED;
    const { workflow, extraData } = task.payload;
    let answer: Submitted;
    try {
      const prompt = { promptId, clientId, workflow, extraData };
      answer = await api.submit(server, prompt, AbortSignal.any([task.cancel, task.detach]));
    } catch (error) {
      return notTaken(toAppError(error));
    }
    if (answer.kind === 'refused') return failed('invalid_workflow', refusalWords(answer.answer), false);
    promptId = answer.promptId;
    note = leftOutWords(answer.nodeErrors);
    await know();
    return null;
  }

  async function follow(): Promise<RunEnd> {
    let cancelSent = false;
    let missed = 0;
    let silentSince: number | null = null;
    /** The recall: not asked for or answered, or the prompt was taken out of the queue if it still waited there. */
    let withdrawn = false;
    let begun = false;
    for (;;) {
      if (task.detach.aborted) return { kind: 'detached' };
      if (gone.aborted) return lost();
      try {
        if (task.cancel.aborted && !cancelSent) {
          await api.cancel(server, promptId);
          cancelSent = true;
        } else if (task.recall.aborted && !begun && !withdrawn) {
          await api.withdraw(server, promptId);
          withdrawn = true;
        }
        const place = await api.place(server, promptId);
        const entry = place === null ? await api.history(server, promptId) : null;
        silentSince = null;
        if (place !== null) {
          await know();
          task.advanced(place === 'running' ? 'executing' : 'waiting');
          missed = 0;
          begun ||= place === 'running';
          if (begun && task.recall.aborted) task.stays('It runs already.');
          // It came into the queue after it was looked for there.
          if (!begun) withdrawn = false;
        } else if (entry !== null) {
          await know();
          return await finish(entry);
        } else {
          // Between leaving the queue and entering the history there is a moment: only the second look counts.
          missed += 1;
          if (missed > 1 && cancelSent) return { kind: 'cancelled' };
          if (missed > 1) return withdrawn ? takenBack() : vanished();
        }
      } catch {
        // It is busy, or away. `gone` tells for ours; another's answer is waited for: the prompt may be running there.
        silentSince ??= clock.monotonic();
        if (isGivenUp(clock.monotonic() - silentSince)) return unheard();
      }
      await wake.wait(clock, missed > 0 ? LOOK_AGAIN_MS : LOOK_EVERY_MS);
    }
  }

  async function finish(entry: unknown): Promise<RunEnd> {
    const end = readPromptEnd(promptId, entry, clock.now());
    if (end.outcome === 'failed') return failed('prompt_failed', end.message ?? 'ComfyUI reports an error.', false);
    if (end.outcome === 'interrupted') {
      return task.cancel.aborted
        ? { kind: 'cancelled' }
        : failed('prompt_failed', 'The prompt was interrupted in ComfyUI.', false);
    }
    task.advanced('fetching');
    const outputs: KeptOutput[] = [];
    for (const file of madeFiles(entry)) {
      const kept = await fetchFile(file);
      if (task.detach.aborted) return { kind: 'detached' };
      if (kept === null) {
        return failed('prompt_lost', `ComfyUI made ${file.filename}, and then could not be asked for it.`, true);
      }
      outputs.push({ ...kept, home: (await deps.homeOf?.(file, kept.bytes)) ?? null });
    }
    return {
      kind: 'completed',
      outputs,
      note: note ?? (outputs.length === 0 ? 'It saved no files.' : null),
      executionMs: end.seconds === null ? undefined : end.seconds * 1000,
    };
  }

  async function fetchFile(file: MadeFile): Promise<KeptOutput | null> {
    for (let attempt = 1; attempt <= FETCH_TRIES && !gone.aborted && !task.detach.aborted; attempt += 1) {
      try {
        const { type, content } = await api.view(server, file);
        return await task.keep(file.nodeId, file.filename, content, type);
      } catch {
        await wake.wait(clock, FETCH_PAUSE_MS * attempt);
      }
    }
    return null;
  }

  function lost(): RunEnd {
    if (task.cancel.aborted) return { kind: 'cancelled' };
    return failed('prompt_lost', 'ComfyUI ended while it held the prompt.', true);
  }

  function isGivenUp(silentMs: number): boolean {
    if (deps.silenceMs === undefined) return false;
    return silentMs >= (task.cancel.aborted ? Math.min(CANCEL_SILENCE_MS, deps.silenceMs) : deps.silenceMs);
  }

  function unheard(): RunEnd {
    const message = `${server.url} was handed the job and does not answer any more: it may run there.`;
    return failed('outcome_unknown', message, false);
  }
  /** It is not in the queue any more since we took it out: unless it had begun, and is gone from the history too. */
  const takenBack = (): RunEnd =>
    progress?.promptId === promptId
      ? failed('prompt_lost', 'ComfyUI began the prompt and no longer knows it.', true)
      : RECALLED;

  function vanished(): RunEnd {
    if (!isKnown) return { kind: 'notStarted', reason: 'ComfyUI did not take the prompt.', retryInMs: RETRY_MS };
    if (task.start.kind === 'fresh' && deps.vanished === 'deleted') return { kind: 'cancelled' };
    return failed(
      'prompt_lost',
      'ComfyUI no longer knows the prompt: it was restarted, or the prompt was deleted there.',
      deps.vanished === 'deleted',
    );
  }

  try {
    if (task.start.kind === 'fresh') {
      // First the socket: progress goes to a client that is there.
      await socket.opened;
      const refused = await handOver();
      if (refused !== null) return refused;
    }
    return await follow();
  } finally {
    wake.close();
    socket.close();
  }
}

/** Null when the server may have taken the job after all. */
function notTaken(error: AppError): RunEnd | null {
  if (error.details.mayHaveRun !== false) return null;
  return error.retryable
    ? { kind: 'notStarted', reason: error.message, retryInMs: RETRY_MS }
    : failed(error.code, error.message, false);
}
/** Taken out of ComfyUI's queue before it began. */
export const RECALLED: RunEnd = { kind: 'notStarted', reason: 'It was taken back before it began.', retryInMs: 0 };

const failed = (code: ErrorCode, message: string, again: boolean): RunEnd => ({
  kind: 'failed',
  error: jobError(code, message),
  again,
});

function progressOf(task: TargetTask, promptId: string, progress: PromptProgress | null): JobProgress | null {
  const nodes = Object.entries(task.payload.workflow);
  const nodeTypes = new Map(nodes.map(([id, node]) => [id, node.class_type]));
  const current = currentPrompt({ promptId, nodeTypes }, progress);
  if (current === null) return null;
  const { nodesDone, nodesTotal, nodeType, value, max } = current;
  return { nodesDone, nodesTotal, nodeType, value, max };
}
