/**
 * Runs the durable queue: gives waiting jobs to targets, follows them, writes down every step before anybody hears of it, and after a
 * restart picks up what was under way. The only writer of job states; it decides nothing about a run: targets do.
 */
import type { JobProgress, JobSource, JobState, JobSummary } from '../../contract/jobs.ts';
import { LOCAL_TARGET } from '../../contract/targets.ts';
import type { LivePreviews } from '../comfyui/live-previews.ts';
import { AppError } from '../platform/app-error.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import { createListeners, type Unsubscribe } from '../platform/listeners.ts';
import type { Log } from '../platform/log.ts';
import { jobError } from '../targets/job-error.ts';
import type { KeptOutput, RunEnd, Targets, TargetTask } from '../targets/target.ts';
import type { ContentStore } from './content-store.ts';
import { createDeclined } from './declined.ts';
import type { GroupCommit } from './group-commit.ts';
import { mediaTypeOf } from './media-type.ts';
import { createRecall, patientAnswer, type Recall } from './recall.ts';
import { AGAIN_MS, createRunEnds, type RunEndsDeps } from './run-ends.ts';
import { isWanted, type OfferedTarget, openWishes, schedule } from './scheduler.ts';
import type { JobEvent } from './state.ts';
import type { JobStore, NewJob, RunningJob } from './store.ts';

export interface JobChange {
  readonly job: JobSummary;
  readonly progress: JobProgress | null;
}

export interface JobQueue {
  /** Resolves with the id when the job is on disk. */
  submit(job: NewJob): Promise<string>;
  /** Writes a job inside a commit of the caller's, who then says `added`. */
  add(job: NewJob): string;
  added(id: string): void;
  /** A job that its caller has handed to its target, or has perhaps: it is followed there from now on. */
  pickUp(id: string): void;
  /** Of a waiting job at once; of a running one the target is told. @throws AppError job_not_found, job_ended */
  cancel(id: string): Promise<void>;
  /**
   * A job that has not begun goes to another target, once, whatever ends meanwhile; one that lies with a target is asked back first.
   * @returns null when it waits for that target now, else why it stays, in words
   */
  moveTo(id: string, target: string): Promise<string | null>;
  /** Of a failed or cancelled job; with a target it runs there. @throws AppError job_not_found, job_active, job_ended when it completed */
  retry(id: string, target?: string): Promise<void>;
  /** With its results, where no other job has the same. @throws AppError job_not_found, job_active */
  remove(id: string): Promise<void>;
  /** @throws AppError job_not_found, job_ended when one of them does not wait */
  moveBefore(id: string, other: string | null): Promise<void>;
  /** Null when nothing is known of its progress now. */
  progress(id: string): JobProgress | null;
  /** Hears of every state and every bit of progress. */
  onChange(listener: (change: JobChange) => void): Unsubscribe;
  /** Hears of every job that is deleted. */
  onRemove(listener: (id: string) => void): Unsubscribe;
  /** Picks up what an earlier engine had under way, and begins to schedule. */
  start(): void;
  /** Lets go of what runs; it is picked up again by the next engine. Resolves when nothing is written any more. */
  close(): Promise<void>;
}

export interface JobQueueDeps extends Pick<RunEndsDeps, 'resultsHome' | 'learn'> {
  readonly store: JobStore;
  readonly group: GroupCommit;
  readonly content: ContentStore;
  readonly targets: Targets;
  /** Where a rule of the user sends a job that is about to go to that target; null when nowhere else. Never rejects. */
  readonly elsewhere: (id: string, target: string) => Promise<string | null>;
  readonly livePreviews: Pick<LivePreviews, 'show' | 'forget'>;
  /** The most jobs at once over all targets. */
  readonly limit: () => number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Looked at per round, and told why they wait. */
const LOOK_AHEAD = 200;

type Running = Extract<JobState, { kind: 'running' }>;
interface ActiveRun {
  readonly source: JobSource;
  readonly cancel: AbortController;
  readonly recall: Recall;
  progress: JobProgress | null;
  done: Promise<void>;
}

export function createJobQueue(deps: JobQueueDeps): JobQueue {
  const { store, group, content, clock, log } = deps;
  const changed = createListeners<JobChange>((error) => log.error({ err: error }, 'a job listener failed'));
  const removed = createListeners<string>((error) => log.error({ err: error }, 'a job listener failed'));
  const active = new Map<string, ActiveRun>();
  const detach = new AbortController();
  let cancelTimer: CancelTimer = () => undefined;
  const declined = createDeclined(clock, wake);
  const ends = createRunEnds({ ...deps, declined });
  let started = false;
  let stopFollowing: Unsubscribe = () => undefined;
  let round: Promise<void> | null = null;
  let roundWanted = false;

  function tell(id: string): void {
    const job = store.summary(id);
    if (job !== null) changed.notify({ job, progress: active.get(id)?.progress ?? null });
  }

  /** Durable before it is told. */
  async function write(id: string, event: JobEvent, message?: string): Promise<JobState | null> {
    const state = await group.commit(() => store.apply(id, event, message));
    if (state !== null) tell(id);
    return state;
  }

  function wake(): void {
    if (!started || detach.signal.aborted) return;
    roundWanted = true;
    round ??= rounds();
  }

  async function rounds(): Promise<void> {
    while (roundWanted && !detach.signal.aborted) {
      roundWanted = false;
      try {
        await scheduleOnce();
      } catch (error) {
        log.error({ err: error }, 'jobs could not be scheduled');
        cancelTimer();
        cancelTimer = clock.after(AGAIN_MS, wake);
      }
    }
    // In the turn of the last look at `roundWanted`: a wake after it begins a new round.
    round = null;
  }

  async function scheduleOnce(): Promise<void> {
    // One moment for the whole round: a job whose time comes while it is written must not fall between the two questions.
    const now = clock.now();
    const offers = deps.targets
      .list()
      .map(({ target, automatic }) => ({ ...target.offer(), name: target.name, automatic }));
    const running = [...active.values()].filter(({ source }) => source !== 'page').length;
    const wishes = openWishes(offers).map(({ wanted, free }) => ({ wanted, limit: free + declined.count() }));
    // The page's prompts are given to ComfyUI's own queue whatever is free.
    wishes.push({ wanted: LOCAL_TARGET, limit: LOOK_AHEAD });
    const waiting = store.waiting(now, LOOK_AHEAD, wishes).map((job) => ({ ...job, declinedBy: declined.of(job.id) }));
    const { claims, notes } = schedule(waiting, offers, running, deps.limit());
    const noted = await group.commit(() => notes.filter(({ jobId, note }) => store.setNote(jobId, note)));
    for (const { jobId } of noted) tell(jobId);
    for (const { jobId, target } of claims) {
      const offer = offers.find(({ name }) => name === target);
      if (offer === undefined) continue;
      const elsewhere = await deps.elsewhere(jobId, target);
      if (elsewhere === null) await claim(jobId, offer);
      else await move(jobId, elsewhere);
    }
    cancelTimer();
    const nextRunAt = store.nextRunAt(now);
    if (nextRunAt !== null) cancelTimer = clock.after(Math.max(0, nextRunAt - clock.now()), wake);
  }

  /** It may have been moved since the round looked, and the engine may end. */
  async function claim(id: string, target: OfferedTarget): Promise<void> {
    const state = await group.commit(() => {
      const wanted = detach.signal.aborted ? undefined : store.summary(id)?.wantedTarget;
      if (wanted === undefined || !isWanted(target, wanted)) return null;
      store.setNote(id, null);
      return store.apply(id, { kind: 'claimed', target: target.name }, `Given to ${target.name}.`);
    });
    if (state?.kind !== 'running') return;
    // In the turn of the commit: whoever asks the job back after it finds the run.
    begin(id, state, { kind: 'fresh' });
    tell(id);
  }

  function begin(jobId: string, state: Running, start: TargetTask['start']): void {
    const cancel = new AbortController();
    const source = store.summary(jobId)?.source ?? 'api';
    const run: ActiveRun = { source, cancel, recall: createRecall(), progress: null, done: Promise.resolve() };
    active.set(jobId, run);
    // In this turn: what the target offers next must count it.
    run.done = runToEnd(jobId, state, start, run).catch((error: unknown) => {
      log.error({ err: error, job: jobId }, 'the end of a job could not be written; it is picked up at the next start');
    });
  }

  function pickUpAgain({ id, state, moveTo }: RunningJob): void {
    begin(id, state, { kind: 'resumed', remoteId: state.remoteId, phase: state.phase });
    const run = active.get(id);
    if (moveTo !== null) run?.recall.ask();
    if (state.phase === 'cancelling') run?.cancel.abort();
  }

  async function runToEnd(jobId: string, state: Running, start: TargetTask['start'], run: ActiveRun) {
    const end = await runOn(jobId, state, start, run);
    if (end.kind !== 'detached') await ends.settle(jobId, state, end);
    run.recall.settle(store.state(jobId)?.kind === 'queued' ? null : 'It ended meanwhile.');
    content.letGo(jobId);
    active.delete(jobId);
    deps.livePreviews.forget(jobId);
    tell(jobId);
    wake();
  }

  async function runOn(
    jobId: string,
    state: Running,
    start: TargetTask['start'],
    { cancel, recall }: ActiveRun,
  ): Promise<RunEnd> {
    const { target: name, attempt } = state;
    const target = deps.targets.list().find(({ target: each }) => each.name === name)?.target;
    const payload = store.payload(jobId);
    if (target === undefined || payload === null) {
      const error = jobError('target_unknown', `There is no target "${name}" any more.`);
      return { kind: 'failed', error, again: false };
    }
    const task: TargetTask = {
      jobId,
      attempt,
      run: store.lastRun(jobId),
      payload,
      start,
      cancel: cancel.signal,
      recall: recall.signal,
      stays: (reason) => void stay(jobId, recall, reason).catch(logWrite),
      detach: detach.signal,
      accepted: async (remoteId) => void (await write(jobId, { kind: 'accepted', remoteId })),
      advanced: (phase) => void write(jobId, { kind: 'advanced', phase }).catch(logWrite),
      progressed(progress) {
        const run = active.get(jobId);
        if (run === undefined) return;
        run.progress = progress;
        tell(jobId);
      },
      previewed: (picture) => {
        if (active.has(jobId)) deps.livePreviews.show(jobId, picture);
      },
      costs: (microDollars) => store.setCost(jobId, microDollars),
      remark: (message) => store.remark(jobId, message),
      keep: (nodeId, filename, stream, type) => keep(jobId, nodeId, filename, stream, type),
    };
    try {
      return await target.run(task);
    } catch (error) {
      log.error({ err: error, job: jobId, target: name }, 'a target broke its promise');
      return { kind: 'failed', error: jobError('internal', `The target ${name} failed in itself.`), again: false };
    }
  }

  async function stay(jobId: string, recall: Recall, reason: string): Promise<void> {
    if (recall.isSettled()) return;
    await group.commit(() => store.stay(jobId));
    recall.settle(reason);
  }

  async function keep(
    jobId: string,
    nodeId: string,
    filename: string,
    stream: AsyncIterable<Uint8Array>,
    type: string | null,
  ): Promise<KeptOutput> {
    const { sha256, bytes } = await content.put(stream, jobId);
    return { nodeId, filename, type: type ?? mediaTypeOf(filename), bytes, sha256, home: null };
  }

  const logWrite = (error: unknown): void => log.error({ err: error }, 'the phase of a job could not be written');

  async function move(id: string, target: string): Promise<string | null> {
    const done = await group.commit(() => store.wantElsewhere(id, target));
    const run = active.get(id);
    if (done === 'asked' && run !== undefined) {
      run.recall.ask();
      return patientAnswer(run.recall, clock);
    }
    if (done !== 'moved') return store.state(id)?.kind === 'running' ? 'It runs already.' : 'It has ended.';
    tell(id);
    wake();
    return null;
  }

  function added(id: string): void {
    tell(id);
    wake();
  }

  function refusal(id: string, code: 'job_active' | 'job_ended', words: string): AppError {
    return new AppError(code, `The job ${words}.`, { details: { id, state: store.state(id)?.kind } });
  }

  function existing(id: string): JobState {
    const state = store.state(id);
    if (state === null) throw new AppError('job_not_found', `There is no job ${id}.`, { details: { id } });
    return state;
  }

  return {
    async submit(job) {
      const id = await group.commit(() => store.add(job));
      added(id);
      return id;
    },
    add: store.add,
    added,
    pickUp(id) {
      const state = store.state(id);
      if (state?.kind !== 'running' || detach.signal.aborted) return;
      tell(id);
      begin(id, state, { kind: 'handed', remoteId: state.remoteId });
      if (state.phase === 'cancelling') active.get(id)?.cancel.abort();
    },
    async cancel(id) {
      existing(id);
      const state = await write(id, { kind: 'cancelWanted' }, 'Cancel was asked for.');
      if (state === null && store.state(id)?.kind !== 'running') throw refusal(id, 'job_ended', 'has ended already');
      active.get(id)?.cancel.abort();
    },
    moveTo: move,
    async retry(id, target) {
      const { kind } = existing(id);
      if (kind === 'queued' || kind === 'running') throw refusal(id, 'job_active', 'still waits or runs');
      const state = await group.commit(() => {
        const next = store.apply(id, { kind: 'retryWanted' }, 'Retry was asked for.');
        if (next !== null && target !== undefined) store.wantFromNowOn(id, target);
        return next;
      });
      if (state !== null) tell(id);
      if (state === null) throw refusal(id, 'job_ended', 'has completed; submit it again to have it run again');
      wake();
    },
    async remove(id) {
      existing(id);
      const contents = await group.commit(() => {
        const files = store.job(id)?.files ?? [];
        if (!store.remove(id)) throw refusal(id, 'job_active', 'still waits or runs');
        return new Set(files.flatMap(({ sha256 }) => (sha256 === null ? [] : [sha256])));
      });
      removed.notify(id);
      for (const sha256 of contents) await content.removeUnused(sha256, () => store.usesOf(sha256) > 0);
    },
    async moveBefore(id, other) {
      existing(id);
      if (other !== null) existing(other);
      const moved = await group.commit(() => store.moveBefore(id, other));
      if (!moved) throw refusal(id, 'job_ended', 'does not wait any more');
      tell(id);
      wake();
    },
    progress: (id) => active.get(id)?.progress ?? null,
    onChange: (listener) => changed.add(listener),
    onRemove: (listener) => removed.add(listener),
    start() {
      if (started) return;
      started = true;
      for (const job of store.running()) pickUpAgain(job);
      stopFollowing = deps.targets.onChange(wake);
      // A new engine, or new settings: the reason to wait may be gone.
      store.hurry();
      wake();
    },
    async close() {
      stopFollowing();
      detach.abort();
      await round;
      await Promise.all([...active.values()].map(({ done }) => done));
      // Last: what was still under way may have set one.
      cancelTimer();
      declined.close();
      group.flush();
    },
  };
}
