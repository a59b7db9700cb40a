import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobState } from '../../../../contract/jobs.ts';
import { createLivePreviews } from '../../../../engine/comfyui/live-previews.ts';
import { createJobs, type Jobs } from '../../../../engine/jobs/jobs.ts';
import type { NewJob } from '../../../../engine/jobs/store.ts';
import { createListeners } from '../../../../engine/platform/listeners.ts';
import { createLog } from '../../../../engine/platform/log.ts';
import { createPromptApi } from '../../../../engine/targets/comfyui/prompt-api.ts';
import { jobError } from '../../../../engine/targets/job-error.ts';
import type { RunEnd, Target, TargetTask } from '../../../../engine/targets/target.ts';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.ts';
import { until } from '../../../support/until.ts';

/** A target whose runs end when the test says so. */
function createPuppet(name: string, free = 1) {
  const changed = createListeners<void>();
  const tasks: { task: TargetTask; end: (end: RunEnd) => void }[] = [];
  let refusal: string | null = null;
  let held = 0;
  const target: Target = {
    name,
    offer: () => ({ free: refusal === null ? free - held : 0, load: held, refusal }),
    onChange: (listener) => changed.add(listener),
    async run(task) {
      held += 1;
      const end = await new Promise<RunEnd>((resolve) => {
        tasks.push({ task, end: resolve });
        task.detach.addEventListener('abort', () => resolve({ kind: 'detached' }));
      });
      held -= 1;
      return end;
    },
  };
  return {
    target,
    tasks,
    refuse(reason: string | null) {
      refusal = reason;
      changed.notify();
    },
  };
}

const job: NewJob = {
  source: 'api',
  workflow: { '1': { class_type: 'LabNoise', inputs: {} } },
  extraData: null,
  wantedTarget: 'auto',
  priority: 0,
  title: null,
  tags: [],
  userId: null,
  maxAttempts: 2,
};
const failed = jobError('prompt_failed', 'It broke.');

let folder: string;
let clock: ManualClock;
let puppet: ReturnType<typeof createPuppet>;
let jobs: Jobs;
const opened: Jobs[] = [];

let mostAtOnce = 100;
const settingsChanged = createListeners<void>();

function open(): Jobs {
  puppet = createPuppet('local');
  jobs = createJobs({
    folder,
    local: puppet.target,
    remote: {
      secrets: { value: () => null, save: () => undefined, onChange: () => () => undefined },
      packageJob: () => Promise.reject(new Error('nothing is sent here')),
      fetchUrl: () => Promise.reject(new Error('nothing is fetched here')),
      tell: (message) => expect.unreachable(message),
      random: () => 0,
    },
    livePreviews: createLivePreviews(),
    catalogue: () => null,
    outputFolder: () => null,
    homeFile: async () => null,
    others: { api: createPromptApi(), folders: () => ({ input: null, output: null, temp: null }) },
    mostAtOnce: () => mostAtOnce,
    onSettingsChange: (listener) => settingsChanged.add(listener),
    keptDays: () => 30,
    offloadWishes: () => ({ offload: 'never', offloadTarget: null, offloadLongerThan: 5 }),
    clock,
    log: createLog({ write: () => undefined }),
    onProblem: (message) => expect.unreachable(message),
  });
  opened.push(jobs);
  jobs.queue.start();
  return jobs;
}

const wanted = (id: string): string | undefined => jobs.store.summary(id)?.wantedTarget;
const messages = (id: string): string[] | undefined => jobs.store.job(id)?.timeline.map(({ message }) => message);
const state = (id: string): JobState | undefined => jobs.store.summary(id)?.state;
async function task(index = 0) {
  await until(() => puppet.tasks[index] !== undefined);
  const found = puppet.tasks[index];
  if (found === undefined) throw new Error('no task');
  return found;
}
/** Lets time pass until the next run has begun: its timer may be set a moment after the state is written. */
async function taskInTime(index: number) {
  for (let step = 0; puppet.tasks[index] === undefined && step < 1000; step += 1) {
    await clock.advance(1000);
    // The disk has its say between two steps.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return task(index);
}
async function becomes(id: string, kind: JobState['kind']): Promise<void> {
  await until(() => state(id)?.kind === kind);
}
async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-queue-'));
  clock = createManualClock();
  open();
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a job', () => {
  it('runs, and its results are there when it is called complete', async () => {
    const seen: string[] = [];
    jobs.queue.onChange(({ job: told }) => seen.push(told.state.kind));
    const id = await jobs.queue.submit(job);
    const { task: run, end } = await task();
    expect(run).toMatchObject({ jobId: id, start: { kind: 'fresh' }, payload: { workflow: job.workflow } });
    await run.accepted('p-1');
    const kept = await run.keep('9', 'a.png', bytes('picture'), null);
    end({ kind: 'completed', outputs: [kept], note: null });
    await becomes(id, 'completed');
    expect(jobs.store.job(id)?.files).toEqual([
      expect.objectContaining({ n: 0, filename: 'a.png', type: 'image/png' }),
    ]);
    expect(existsSync(jobs.content.pathOf(kept.sha256 ?? ''))).toBe(true);
    expect(new Set(seen)).toEqual(new Set(['queued', 'running', 'completed']));
  });

  it('waits its turn, by priority', async () => {
    await jobs.queue.submit(job);
    const low = await jobs.queue.submit(job);
    const high = await jobs.queue.submit({ ...job, priority: 5 });
    (await task(0)).end({ kind: 'completed', outputs: [], note: null });
    expect((await task(1)).task.jobId).toBe(high);
    (await task(1)).end({ kind: 'completed', outputs: [], note: null });
    expect((await task(2)).task.jobId).toBe(low);
  });

  it('says why it waits, and goes when the reason is over', async () => {
    puppet.refuse('The card is lent to ollama.');
    const id = await jobs.queue.submit(job);
    await until(() => jobs.store.summary(id)?.note === 'The card is lent to ollama.');
    puppet.refuse(null);
    await becomes(id, 'running');
  });

  it('is tried again after a failure that allows it, and then fails with the reason', async () => {
    const id = await jobs.queue.submit(job);
    (await task(0)).end({ kind: 'failed', error: failed, again: true });
    await becomes(id, 'queued');
    (await taskInTime(1)).end({ kind: 'failed', error: failed, again: true });
    await becomes(id, 'failed');
    expect(state(id)).toMatchObject({ error: failed, attempt: 2 });
    expect(jobs.store.job(id)?.timeline.at(-1)?.message).toBe('It broke.');
  });

  it('that could not be started goes back without losing a try', async () => {
    const id = await jobs.queue.submit({ ...job, maxAttempts: 1 });
    (await task(0)).end({ kind: 'notStarted', reason: 'ComfyUI does not start.', retryInMs: 1000 });
    await becomes(id, 'queued');
    expect(jobs.store.summary(id)?.note).toBe('ComfyUI does not start.');
    expect((await taskInTime(1)).task.start).toEqual({ kind: 'fresh' });
  });

  it('is cancelled at once while it waits, and by its target while it runs', async () => {
    const first = await jobs.queue.submit(job);
    const second = await jobs.queue.submit(job);
    await jobs.queue.cancel(second);
    expect(state(second)?.kind).toBe('cancelled');
    const { task: run, end } = await task();
    await jobs.queue.cancel(first);
    expect([run.cancel.aborted, state(first)]).toEqual([true, expect.objectContaining({ phase: 'cancelling' })]);
    end({ kind: 'cancelled' });
    await becomes(first, 'cancelled');
    await expect(jobs.queue.cancel(first)).rejects.toMatchObject({ code: 'job_ended' });
    await expect(jobs.queue.cancel('none')).rejects.toMatchObject({ code: 'job_not_found' });
  });

  it('runs once more when somebody retries it', async () => {
    const id = await jobs.queue.submit({ ...job, maxAttempts: 1 });
    await expect(jobs.queue.retry(id)).rejects.toMatchObject({ code: 'job_active' });
    (await task(0)).end({ kind: 'failed', error: failed, again: false });
    await becomes(id, 'failed');
    await jobs.queue.retry(id);
    expect((await task(1)).task.jobId).toBe(id);
  });
});

describe('cancelling everything remote', () => {
  it('reaches every job, also when one of them ends by itself meanwhile (a bill that goes on because of another job)', async () => {
    const limits = { maxJobs: 1, executionTimeoutSeconds: 600, capPerJob: null, capPerDay: null, capPerMonth: null };
    const pod = { endpointId: 'pod', baseUrl: 'http://127.0.0.1:9', microDollarsPerSecond: 500, ...limits };
    await jobs.endpoints.save('pod', pod);
    const ids = [];
    for (let n = 0; n < 3; n += 1) ids.push(await jobs.queue.submit({ ...job, wantedTarget: 'pod' }));
    const all = jobs.cancelRemote();
    await Promise.allSettled([jobs.queue.cancel(ids[1] ?? ''), all]);
    expect(await all).toBeGreaterThan(1);
    expect(ids.map((id) => state(id)?.kind)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });
});

describe('the limit over all targets', () => {
  it('holds back what a target would take, and a higher one is used at once', async () => {
    mostAtOnce = 0;
    const id = await jobs.queue.submit(job);
    expect(state(id)?.kind).toBe('queued');
    mostAtOnce = 1;
    settingsChanged.notify();
    await becomes(id, 'running');
    mostAtOnce = 100;
  });
});

describe('many jobs for a target that takes none', () => {
  it('hide nothing that can go elsewhere', async () => {
    for (let count = 0; count < 210; count += 1) jobs.queue.add({ ...job, wantedTarget: 'pod', priority: 9 });
    const id = await jobs.queue.submit(job);
    await becomes(id, 'running');
  });
});

describe('what a kill of the engine leaves', () => {
  it('is picked up where the target has it, and queued work is still queued', async () => {
    const running = await jobs.queue.submit(job);
    const queued = await jobs.queue.submit(job);
    await (await task()).task.accepted('remote-7');
    // The old engine is not closed: its file is opened as a kill leaves it.
    open();
    const { task: run, end } = await task();
    expect(run).toMatchObject({ jobId: running, start: { kind: 'resumed', remoteId: 'remote-7' } });
    expect(state(queued)?.kind).toBe('queued');
    end({ kind: 'completed', outputs: [], note: null });
    await becomes(running, 'completed');
    expect((await task(1)).task.jobId).toBe(queued);
  });

  it('a wish to cancel is not forgotten', async () => {
    const id = await jobs.queue.submit(job);
    await task();
    await jobs.queue.cancel(id);
    open();
    expect((await task()).task.cancel.aborted).toBe(true);
  });

  it('an orderly end lets go of what runs, and writes no end for it', async () => {
    const id = await jobs.queue.submit(job);
    await task();
    await jobs.close();
    opened.length = 0;
    open();
    expect(state(id)?.kind).toBe('running');
  });
});

describe('an engine that ends while it gives out work', () => {
  it('begins nothing any more, leaves no timer, and what waited still waits', async () => {
    const later = await jobs.queue.submit(job);
    (await task()).end({ kind: 'notStarted', reason: 'Busy.', retryInMs: 30_000 });
    await becomes(later, 'queued');
    const id = await jobs.queue.submit(job);
    const before = puppet;
    await jobs.close();
    opened.length = 0;
    expect([before.tasks.length, clock.timers]).toEqual([1, 0]);
    open();
    expect([state(id)?.kind, state(later)?.kind]).toEqual(['queued', 'queued']);
  });
});

describe('results that two jobs share', () => {
  it('stay until the last of them is removed', async () => {
    const ids = [await jobs.queue.submit(job), await jobs.queue.submit(job)];
    for (const [index, id] of ids.entries()) {
      const { task: run, end } = await task(index);
      end({ kind: 'completed', outputs: [await run.keep('9', 'a.png', bytes('same'), 'image/png')], note: null });
      await becomes(id, 'completed');
    }
    const sha256 = jobs.store.output(ids[0] ?? '', 0)?.sha256 ?? '';
    await jobs.queue.remove(ids[0] ?? '');
    expect(existsSync(jobs.content.pathOf(sha256))).toBe(true);
    await jobs.queue.remove(ids[1] ?? '');
    expect(existsSync(jobs.content.pathOf(sha256))).toBe(false);
  });
});

describe('an idempotency key', () => {
  it('makes one job, however often and at the same time it is sent', async () => {
    const make = () => jobs.queue.add(job);
    const answers = await Promise.all([1, 2, 3].map(() => jobs.idempotency.once('k', { a: 1 }, make)));
    expect(new Set(answers.map(({ jobId }) => jobId)).size).toBe(1);
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
    await expect(jobs.idempotency.once('k', { a: 2 }, make)).rejects.toMatchObject({ code: 'idempotency_conflict' });
    expect(Object.values(jobs.store.counts()).reduce((sum, count) => sum + count)).toBe(1);
  });
});

describe('retention', () => {
  it('forgets what ended long ago, and nothing that waits', async () => {
    const old = await jobs.queue.submit(job);
    (await task()).end({ kind: 'completed', outputs: [], note: null });
    await becomes(old, 'completed');
    puppet.refuse('Nothing runs now.');
    const waiting = await jobs.queue.submit(job);
    clock.suspend(31 * 24 * 3600 * 1000);
    await clock.advance(10 * 60 * 1000);
    await until(() => jobs.store.summary(old) === null);
    expect(state(waiting)?.kind).toBe('queued');
  });
});

describe('a job that is wanted elsewhere', () => {
  const back: RunEnd = { kind: 'notStarted', reason: 'Taken back.', retryInMs: 0 };

  it('waits there from then on, also when the scheduler had just chosen another place for it', async () => {
    const first = await jobs.queue.submit(job);
    await task();
    const id = await jobs.queue.submit(job);
    expect(await jobs.queue.moveTo(id, 'pod')).toBeNull();
    expect([wanted(id), state(id)?.kind]).toEqual(['pod', 'queued']);
    (await task()).end({ kind: 'completed', outputs: [], note: null });
    await becomes(first, 'completed');
    // In one turn: the round of scheduling that the submission begins must see the move.
    const [other] = await Promise.all([jobs.queue.submit({ ...job, id: 'other' }), jobs.queue.moveTo('other', 'pod')]);
    expect([wanted(other), puppet.tasks.length]).toEqual(['pod', 1]);
  });

  it('is asked back from the target that has it, and goes where it is wanted when that gives it back', async () => {
    const id = await jobs.queue.submit(job);
    const { task: run, end } = await task();
    const moving = jobs.queue.moveTo(id, 'pod');
    await until(() => run.recall.aborted);
    end(back);
    expect(await moving).toBeNull();
    expect([state(id)?.kind, wanted(id)]).toEqual(['queued', 'pod']);
    expect(messages(id)).toEqual(['Given to local.', 'Not started on local: Taken back.', 'Moved to pod.']);
  });

  it('stays with a target that says it has begun, and is not moved by a later failure', async () => {
    const id = await jobs.queue.submit(job);
    const { task: run, end } = await task();
    const moving = jobs.queue.moveTo(id, 'pod');
    await until(() => run.recall.aborted);
    run.advanced('executing');
    run.stays('It runs already.');
    expect(await moving).toBe('It runs already.');
    end({ kind: 'failed', error: failed, again: true });
    await taskInTime(1);
    expect(wanted(id)).toBe('auto');
    expect(await jobs.queue.moveTo('nobody', 'pod')).toBe('It has ended.');
  });

  it('is asked back again by the next engine, and moves once its target can tell', async () => {
    const id = await jobs.queue.submit(job);
    const { task: run } = await task();
    const moving = jobs.queue.moveTo(id, 'pod');
    await until(() => run.recall.aborted);
    await jobs.close();
    opened.pop();
    expect(await moving).not.toBeNull();
    open();
    const again = await task();
    expect(again.task.recall.aborted).toBe(true);
    again.end(back);
    await becomes(id, 'queued');
    expect(wanted(id)).toBe('pod');
  });

  it('whose target does not answer is said to wait for the answer', async () => {
    const id = await jobs.queue.submit(job);
    const { task: run } = await task();
    const moving = jobs.queue.moveTo(id, 'pod');
    await until(() => run.recall.aborted);
    await clock.advance(10_000);
    expect(await moving).toMatch(/has not answered yet/);
  });

  it('comes back to what it wanted at first, and is then as if it had never moved', async () => {
    await jobs.queue.submit(job);
    await task();
    const id = await jobs.queue.submit({ ...job, wantedTarget: 'local' });
    await jobs.queue.moveTo(id, 'pod');
    await jobs.queue.moveTo(id, 'farm');
    expect(jobs.status()).toMatchObject({ returnable: 1 });
    expect(await jobs.offload.bringBack()).toEqual({ moved: [{ id }], stayed: [] });
    expect([wanted(id), jobs.status().returnable]).toEqual(['local', 0]);
    expect(await jobs.offload.bringBack([id])).toEqual({ moved: [], stayed: [{ id, reason: 'It was not moved.' }] });
  });

  it('is claimed under a number of its own each time, also when its attempts begin anew', async () => {
    const id = await jobs.queue.submit({ ...job, maxAttempts: 1 });
    for (const index of [0, 1, 2]) {
      const { task: run, end } = await task(index);
      expect([run.run, run.attempt]).toEqual([index + 1, 1]);
      end({ kind: 'failed', error: failed, again: false });
      await becomes(id, 'failed');
      if (index < 2) await jobs.queue.retry(id);
    }
  });
});
