/**
 * Runs one job on a RunPod endpoint and follows it to its end. Money rules: a job is submitted once; when it is not certain whether RunPod
 * took it, nobody submits it again unasked; what RunPod finished is fetched at once and on disk before the job is called complete.
 */
import type { ErrorCode } from '../../../contract/errors.ts';
import type { ToldTimes } from '../../money/run-time.ts';
import { type AppError, toAppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import { createWake } from '../comfyui/wake.ts';
import { jobError } from '../job-error.ts';
import type { KeptOutput, RunEnd, TargetTask } from '../target.ts';
import type { PackagedJob } from './package-job.ts';
import { pollDelayMs, troubleDelayMs } from './poll-plan.ts';
import { failureWords, type RemoteFile, readResult } from './results.ts';
import type { RunpodApi, RunpodEndpoint, RunpodPolicy, RunpodStatus } from './runpod-api.ts';

export interface RunpodRunDeps {
  readonly api: RunpodApi;
  /** As it is asked now: its key may have been changed meanwhile. */
  readonly endpoint: () => RunpodEndpoint;
  readonly policy: RunpodPolicy;
  readonly packageJob: () => Promise<PackagedJob>;
  readonly fetchUrl: (url: string) => Promise<AsyncIterable<Uint8Array>>;
  readonly clock: Clock;
  readonly random: () => number;
  /** It runs, and began after that moment (epoch milliseconds; null: nobody looked before). Told once; resolves when it is kept. */
  readonly onBegan: (after: number | null) => Promise<void>;
  /** Something on this side keeps it from going on, in words; it is tried again. Told once for each reason in a row. */
  readonly onOwnTrouble: (reason: string) => void;
}

export interface RunpodOutcome {
  readonly end: RunEnd;
  readonly paid: Paid;
}

/** What a run costs. `nothing`: no worker ever had it. `unknown`: it was sent, or may have been, and RunPod does not tell how it ended. */
export type Paid = 'nothing' | 'unknown' | RunEnding;

export interface RunEnding extends ToldTimes {
  /** Epoch milliseconds of the last look that found it waiting; null when none did. */
  readonly waitingAt: number | null;
  readonly endedAt: number;
}

const FINAL = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'TIMED_OUT']);
const BUSY_RETRY_MS = 15_000;

export async function runOnRunpod(deps: RunpodRunDeps, task: TargetTask): Promise<RunpodOutcome> {
  const { api, endpoint, clock } = deps;
  const wake = createWake([task.cancel, task.recall, task.detach]);
  let waitingAt: number | null = null;
  let running = false;
  let since = clock.monotonic();
  let paid: Paid = task.start.kind === 'fresh' ? 'nothing' : 'unknown';
  try {
    const submitted = task.start.kind === 'fresh' ? await submit() : resumed(task.start.remoteId);
    const end = typeof submitted === 'string' ? await follow(submitted) : submitted;
    return { end, paid };
  } finally {
    wake.close();
  }

  async function submit(): Promise<string | RunEnd> {
    if (task.cancel.aborted) return { kind: 'cancelled' };
    let job: PackagedJob;
    try {
      job = await deps.packageJob();
    } catch (error) {
      return failure(toAppError(error));
    }
    if (task.cancel.aborted) return { kind: 'cancelled' };
    if (task.recall.aborted) return RECALLED;
    let id: string;
    const askedAt = clock.now();
    try {
      ({ id } = await api.run(endpoint(), job.input, deps.policy));
    } catch (error) {
      const known = toAppError(error);
      if (known.details.mayHaveRun !== false) paid = 'unknown';
      return notSubmitted(known);
    }
    paid = 'unknown';
    // A worker may have begun before the answer was here.
    waitingAt = askedAt;
    // It runs there and costs, whether or not this disk can take that down.
    await task.accepted(id).catch(() => undefined);
    return id;
  }

  async function follow(id: string): Promise<RunEnd> {
    let failures = 0;
    let cancelSent = false;
    let ownTrouble: string | null = null;
    for (;;) {
      if (task.detach.aborted) return { kind: 'detached' };
      try {
        if (task.cancel.aborted && !cancelSent) {
          // A last look first: whether it had begun decides what it may have cost. Its failure must not hold up the cancel.
          await look(id).catch(() => null);
          await api.cancel(endpoint(), id);
          cancelSent = true;
        }
        const status = await look(id);
        failures = 0;
        // Also when an engine before this one had asked for it.
        if (status.status === 'CANCELLED' && task.recall.aborted && !task.cancel.aborted) return broughtBack(status);
        if (FINAL.has(status.status)) return await finish(status);
        task.advanced(running ? 'executing' : 'waiting');
        if (task.recall.aborted && running) task.stays('It runs there already.');
        if (task.recall.aborted && !task.cancel.aborted && status.status === 'IN_QUEUE') {
          await api.cancel(endpoint(), id);
        }
      } catch (error) {
        const refusal = toAppError(error);
        // Nothing is left to cancel; what it may have cost is booked as of any cancelled run.
        if (refusal.code === 'runpod_expired' && task.cancel.aborted) return finish({ id, status: 'CANCELLED' });
        if (!refusal.retryable && !mayAnswerAnotherKey(refusal)) return lost(refusal);
        failures += 1;
        const reason = ownReason(refusal);
        if (reason !== null && reason !== ownTrouble) deps.onOwnTrouble(reason);
        ownTrouble = reason;
      }
      const elapsedMs = clock.monotonic() - since;
      await wake.wait(clock, failures > 0 ? troubleDelayMs(failures, deps.random()) : pollDelayMs(elapsedMs));
    }
  }

  async function look(id: string): Promise<RunpodStatus> {
    const askedAt = clock.now();
    const status = await api.status(endpoint(), id);
    if (status.status === 'IN_QUEUE') waitingAt = askedAt;
    if (status.status === 'IN_PROGRESS' && !running) {
      await deps.onBegan(waitingAt);
      running = true;
      since = clock.monotonic();
    }
    return status;
  }

  /** A key is replaced in two places, one after the other: meanwhile the job runs, and its result is kept. A wish to cancel waits for nobody. */
  function mayAnswerAnotherKey({ code }: AppError): boolean {
    return code === 'runpod_unauthorized' && !task.cancel.aborted;
  }

  function endingOf(status: RunpodStatus): RunEnding {
    return {
      delayMs: status.delayTime ?? null,
      executionMs: status.executionTime ?? null,
      cancelled: status.status === 'CANCELLED',
      waitingAt,
      endedAt: clock.now(),
    };
  }

  async function finish(status: RunpodStatus): Promise<RunEnd> {
    paid = endingOf(status);
    switch (status.status) {
      case 'COMPLETED':
        return fetchResults(status);
      case 'CANCELLED':
        return { kind: 'cancelled' };
      case 'TIMED_OUT':
        return failed('runpod_timed_out', `The job took longer than ${deps.policy.executionTimeoutMs / 1000} s.`);
      default:
        return failed('runpod_job_failed', failureWords(status.error, status.output));
    }
  }

  /** Only what RunPod never gave to a worker may run elsewhere. */
  function broughtBack(status: RunpodStatus): RunEnd {
    const { delayTime, executionTime, workerId } = status;
    if (delayTime === undefined && executionTime === undefined && workerId === undefined) {
      paid = 'nothing';
      return RECALLED;
    }
    paid = endingOf(status);
    return failed(
      'began_meanwhile',
      'RunPod had begun it just when it was taken back, and ended it: what ran is charged.',
    );
  }

  async function fetchResults({ output, executionTime: executionMs }: RunpodStatus): Promise<RunEnd> {
    task.advanced('fetching');
    const { files, unreadable } = readResult(output);
    if (files.length === 0) {
      return failed('runpod_no_files', 'The job ran to its end, but the worker returned no files.');
    }
    const outputs: KeptOutput[] = [];
    for (const file of files) outputs.push(await keep(file));
    const note = unreadable === 0 ? null : `${unreadable} of its results could not be read.`;
    return { kind: 'completed', outputs, note, executionMs };
  }

  async function keep(file: RemoteFile): Promise<KeptOutput> {
    const content = file.kind === 'base64' ? once(Buffer.from(file.data, 'base64')) : await deps.fetchUrl(file.url);
    return task.keep('', file.filename, content, null);
  }
}

/** An engine that ended between the claim and RunPod's answer cannot know whether the job was taken. */
const resumed = (remoteId: string | null): string | RunEnd =>
  remoteId ??
  failed('outcome_unknown', 'Stoker ended while it handed the job to RunPod: whether it ran there is not known.');

function notSubmitted(error: AppError): RunEnd {
  if (error.details.mayHaveRun !== false) {
    return failed('outcome_unknown', `${error.message} Whether it took the job is not known; it may run and cost.`);
  }
  return error.retryable ? { kind: 'notStarted', reason: error.message, retryInMs: BUSY_RETRY_MS } : failure(error);
}

/** What only a person mends while RunPod still has the result: a full disk, a storage that does not give it out, a key. */
function ownReason({ code, message, cause }: AppError): string | null {
  if (code === 'runpod_unauthorized') return message;
  if (code !== 'internal') return null;
  return `${cause instanceof Error ? cause.message.replace(/\.?$/, '') : 'Its result could not be kept'}.`;
}

/** RunPod does not tell any more how it ended. */
const lost = (error: AppError): RunEnd =>
  error.code === 'runpod_expired'
    ? failed('runpod_expired', 'RunPod no longer has the job: its result was not fetched in time.')
    : failure(error);

const failure = (error: AppError): RunEnd => failed(error.code, error.message);

const RECALLED: RunEnd = { kind: 'notStarted', reason: 'It was taken back before it began.', retryInMs: 0 };

/** Never again by itself: it may have run, and cost. */
const failed = (code: ErrorCode, message: string): RunEnd => ({
  kind: 'failed',
  error: jobError(code, message),
  again: false,
});

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
