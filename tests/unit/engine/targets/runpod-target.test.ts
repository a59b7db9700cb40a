/** Money on a RunPod endpoint where something goes wrong in the middle: nothing is paid twice, nothing is forgotten, no limit is eaten for ever. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGroupCommit } from '../../../../engine/jobs/group-commit.ts';
import { JOB_MIGRATIONS } from '../../../../engine/jobs/schema.ts';
import { createLedger, type Ledger } from '../../../../engine/money/ledger.ts';
import { AppError } from '../../../../engine/platform/app-error.ts';
import { type Database, openDatabase } from '../../../../engine/platform/database.ts';
import { createLog } from '../../../../engine/platform/log.ts';
import type { StoredEndpoint } from '../../../../engine/targets/runpod/endpoint-store.ts';
import type { RunpodApi, RunpodStatus } from '../../../../engine/targets/runpod/runpod-api.ts';
import { createRunpodTarget } from '../../../../engine/targets/runpod/runpod-target.ts';
import type { RunEnd, TargetTask } from '../../../../engine/targets/target.ts';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.ts';
import { until } from '../../../support/until.ts';

const endpoint: StoredEndpoint = {
  name: 'pod',
  endpointId: 'e1',
  baseUrl: 'https://runpod.test/v2',
  microDollarsPerSecond: 500,
  maxJobs: 3,
  executionTimeoutSeconds: 600,
  capPerJob: null,
  capPerDay: null,
  capPerMonth: null,
  paused: null,
};
const WORST = 600 * 500;

let folder: string;
let database: Database;
let clock: ManualClock;
let ledger: Ledger;
/** Keys as RunPod is shown them, by call. */
let keys: string[];
let key: string | null;
let runs: number;
let answers: { run: () => string | Promise<string>; status: () => Partial<RunpodStatus> };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-runpod-target-'));
  clock = createManualClock(new Date(2026, 10, 30, 22, 0).getTime());
  database = openDatabase({
    file: join(folder, 'jobs.sqlite'),
    migrations: JOB_MIGRATIONS,
    now: clock.now,
    log: createLog({ write: () => undefined }),
    onProblem: (message) => expect.unreachable(message),
    whenUnusable: 'throw',
  });
  ledger = createLedger({ database, clock });
  keys = [];
  key = 'first';
  runs = 0;
  answers = { run: () => 'remote-1', status: () => ({ status: 'COMPLETED', executionTime: 2000, output: PICTURE }) };
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const PICTURE = { images: [{ filename: 'a.png', type: 'base64', data: Buffer.from('png!').toString('base64') }] };

function target(changes: Partial<Parameters<typeof createRunpodTarget>[1]> = {}) {
  const api: RunpodApi = {
    async run(asked) {
      runs += 1;
      keys.push(asked.key);
      return { id: await answers.run() };
    },
    async status(asked, id) {
      keys.push(asked.key);
      return { id, status: 'IN_QUEUE', ...answers.status() };
    },
    cancel: async () => undefined,
    health: () => Promise.reject(new Error('nobody asks')),
    purgeQueue: () => Promise.reject(new Error('nobody asks')),
    close: async () => undefined,
  };
  return createRunpodTarget('pod', {
    endpoint: () => endpoint,
    key: () => key,
    api,
    ledger,
    group: createGroupCommit(database),
    lacks: () => null,
    packageJob: async (workflow) => ({ input: { workflow }, bytes: 10, files: [] }),
    fetchUrl: () => Promise.reject(new Error('nothing lies elsewhere')),
    clock,
    random: () => 0,
    onUseless: (reason) => expect.unreachable(reason),
    ...changes,
  });
}

function taskOf(changes: Partial<TargetTask> = {}) {
  const stop = { cancel: new AbortController(), recall: new AbortController(), detach: new AbortController() };
  const remarks: string[] = [];
  const task: TargetTask = {
    jobId: 'job-1',
    attempt: 1,
    run: 1,
    payload: { workflow: {}, extraData: null, request: null },
    start: { kind: 'fresh' },
    accepted: async () => undefined,
    advanced: () => undefined,
    progressed: () => undefined,
    previewed: () => undefined,
    costs: () => undefined,
    remark: (message) => remarks.push(message),
    keep: async (nodeId, filename) => ({ nodeId, filename, type: 'image/png', bytes: 4, sha256: null, home: null }),
    stays: () => undefined,
    cancel: stop.cancel.signal,
    recall: stop.recall.signal,
    detach: stop.detach.signal,
    ...changes,
  };
  return { task, stop, remarks };
}

/** Lets time pass until it has ended. */
async function inTime(run: Promise<RunEnd>): Promise<RunEnd> {
  let end: RunEnd | null = null;
  run.then((value) => {
    end = value;
  });
  for (let step = 0; end === null && step < 300; step += 1) {
    await clock.advance(1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return run;
}

describe('what was sent', () => {
  it('is followed although its id could not be written down: a full disk must not have it run, and paid, twice', async () => {
    const { task } = taskOf({ accepted: () => Promise.reject(new Error('SQLITE_FULL')) });
    expect(await inTime(target().run(task))).toMatchObject({ kind: 'completed', executionMs: 2000 });
    expect([runs, ledger.spend('pod')]).toEqual([1, { today: 1000, month: 1000, reserved: 0 }]);
  });

  it('is followed with the new key when the old one was revoked while it ran, and its result comes home', async () => {
    const good = answers.status;
    answers.status = () => {
      if (key !== 'second') throw new AppError('runpod_unauthorized', 'RunPod does not accept the API key.');
      return good();
    };
    const run = target().run(taskOf().task);
    await until(() => keys.length >= 2);
    key = 'second';
    expect(await inTime(run)).toMatchObject({ kind: 'completed' });
    expect([keys.at(-1), ledger.spend('pod').today]).toEqual(['second', 1000]);
  });

  it('counts at its worst when it is cancelled under a key that is not accepted: RunPod never told its end', async () => {
    answers.status = () => {
      throw new AppError('runpod_unauthorized', 'RunPod does not accept the API key.');
    };
    const { task, stop, remarks } = taskOf();
    const run = target().run(task);
    await until(() => keys.length >= 2);
    stop.cancel.abort();
    expect(await inTime(run)).toMatchObject({ kind: 'failed', error: { code: 'runpod_unauthorized' } });
    expect(ledger.spend('pod')).toEqual({ today: WORST, month: WORST, reserved: 0 });
    expect(remarks).toEqual([
      'RunPod does not accept the API key. Stoker tries again; RunPod keeps a result for half an hour.',
      'Nobody knows what it cost: booked $0.3000, the most it can have cost.',
    ]);
  });
});

it('a result that cannot be kept here is tried again, and its job says why while RunPod still has it', async () => {
  let full = true;
  const { task, remarks } = taskOf();
  const kept = task.keep;
  const run = target().run({
    ...task,
    keep: (...parameters) =>
      full ? Promise.reject(new Error('ENOSPC: no space left on device, write')) : kept(...parameters),
  });
  for (let second = 0; second < 30; second += 1) {
    await clock.advance(1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(remarks).toEqual([
    'ENOSPC: no space left on device, write. Stoker tries again; RunPod keeps a result for half an hour.',
  ]);
  full = false;
  expect(await inTime(run)).toMatchObject({ kind: 'completed' });
  expect(ledger.spend('pod').today).toBe(1000);
});

it('is paid from the moment it was sent on: a slow answer to the submission is no time that RunPod gives away', async () => {
  let sentAt = 0;
  let lookedAt = 0;
  let looks = 0;
  answers.run = async () => {
    sentAt = clock.now();
    clock.suspend(400);
    return 'remote-1';
  };
  answers.status = () => {
    looks += 1;
    lookedAt = clock.now();
    return looks === 1 ? { status: 'IN_PROGRESS' } : { status: 'COMPLETED', output: PICTURE };
  };
  await inTime(target().run(taskOf().task));
  expect(ledger.spend('pod').today).toBe(((lookedAt - sentAt) / 1000) * 500);
});

describe('what may have been sent', () => {
  beforeEach(() => {
    answers.run = () => {
      throw new AppError('runpod_unreachable', 'RunPod did not answer.', { details: { mayHaveRun: true } });
    };
  });

  it('counts at its worst in the day and month it was sent, and eats no later limit', async () => {
    const { task } = taskOf();
    const limited = target({ endpoint: () => ({ ...endpoint, capPerDay: WORST + 1000, capPerMonth: WORST + 1000 }) });
    expect(await limited.run(task)).toMatchObject({ kind: 'failed', error: { code: 'outcome_unknown' }, again: false });
    expect(ledger.spend('pod')).toEqual({ today: WORST, month: WORST, reserved: 0 });
    expect(limited.offer().refusal).toBe('The limit of $0.3010 a day is reached: $0.3000 so far.');
    // The next day is in the next month too.
    clock.suspend(3 * 3600 * 1000);
    expect([limited.offer().refusal, ledger.spend('pod')]).toEqual([null, { today: 0, month: 0, reserved: 0 }]);
    expect(ledger.days(3)).toEqual([{ day: '2026-11-30', microDollars: WORST }]);
  });

  it('was not sent when no connection came about: without a network it waits, and nothing counts', async () => {
    answers.run = () => {
      throw new AppError('runpod_unreachable', 'RunPod did not answer.', { details: { mayHaveRun: false } });
    };
    expect(await target().run(taskOf().task)).toMatchObject({ kind: 'notStarted' });
    expect(ledger.spend('pod')).toEqual({ today: 0, month: 0, reserved: 0 });
  });
});

describe('what an engine that ended has left', () => {
  const start = { kind: 'resumed', remoteId: null, phase: 'submitting' } as const;

  it('was never sent when no money was held for it: it goes back to the queue', async () => {
    expect(await target().run(taskOf({ start }).task)).toMatchObject({ kind: 'notStarted', retryInMs: 0 });
    expect(runs).toBe(0);
  });

  it.each(['held', 'booked'])('may have been sent when money is %s for it: nobody sends it again', async (how) => {
    ledger.reserve('job-1', 1, 'pod', WORST);
    if (how === 'booked') ledger.book('job-1', 1, { microDollars: 7, executionMs: null, delayMs: null });
    expect(await target().run(taskOf({ start }).task)).toMatchObject({ error: { code: 'outcome_unknown' } });
    expect([runs, ledger.spend('pod').today]).toEqual([0, how === 'held' ? WORST : 7]);
  });

  it('is booked when its job does not run any more, so that nothing is in flight for ever', () => {
    ledger.reserve('gone', 1, 'pod', WORST);
    ledger.bookLeftovers();
    expect(ledger.spend('pod')).toEqual({ today: WORST, month: WORST, reserved: 0 });
  });
});

it('a file that cannot be read costs nothing: nothing left this computer', async () => {
  const packageJob = () => Promise.reject(new Error('EACCES'));
  expect(await target({ packageJob }).run(taskOf().task)).toMatchObject({
    kind: 'failed',
    error: { code: 'internal' },
  });
  expect(ledger.spend('pod')).toEqual({ today: 0, month: 0, reserved: 0 });
});
