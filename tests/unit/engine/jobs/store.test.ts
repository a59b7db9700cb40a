import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobState, Workflow } from '../../../../contract/jobs.ts';
import { createGroupCommit, type GroupCommit } from '../../../../engine/jobs/group-commit.ts';
import { createJobListing, type JobListing } from '../../../../engine/jobs/job-list.ts';
import { JOB_MIGRATIONS } from '../../../../engine/jobs/schema.ts';
import { createJobStore, type JobStore, type NewJob } from '../../../../engine/jobs/store.ts';
import { type Database, openDatabase } from '../../../../engine/platform/database.ts';
import { createLog } from '../../../../engine/platform/log.ts';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.ts';

const workflow: Workflow = { '1': { class_type: 'LabNoise', inputs: { seed: 1 } } };
const job: NewJob = {
  source: 'api',
  workflow,
  extraData: null,
  wantedTarget: 'auto',
  priority: 0,
  title: null,
  tags: [],
  userId: null,
  maxAttempts: 2,
};
const error = { code: 'internal', message: 'It broke.', next: 'Read the log.' };

let folder: string;
let clock: ManualClock;
let database: Database;
let store: JobStore;
let listing: JobListing;
let group: GroupCommit;

function open(): void {
  database = openDatabase({
    file: join(folder, 'jobs.sqlite'),
    migrations: JOB_MIGRATIONS,
    now: clock.now,
    log: createLog({ write: () => undefined }),
    onProblem: (message) => expect.unreachable(message),
    whenUnusable: 'throw',
    durability: 'power',
  });
  store = createJobStore({ database, clock });
  listing = createJobListing(database);
  group = createGroupCommit(database);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-jobs-'));
  clock = createManualClock();
  open();
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (id: string, target = 'local'): JobState | null => store.apply(id, { kind: 'claimed', target });
const ids = (filter: Parameters<JobListing['page']>[0] = {}): string[] =>
  listing.page(filter, 50).jobs.map(({ id }) => id);
const waiting = (): string[] => store.waiting(clock.now(), 100, []).map(({ id }) => id);

describe('a job in the store', () => {
  it('is there, whole, after the engine was killed and began again', () => {
    const id = store.add({
      ...job,
      title: 'Portrait',
      tags: ['a', 'b'],
      userId: 'u1',
      extraData: { extra_pnginfo: {} },
    });
    run(id);
    store.apply(id, { kind: 'accepted', remoteId: 'p-1' }, 'Taken by local.');
    const before = store.job(id);
    // No close: the file is opened as a kill leaves it.
    open();
    expect(store.job(id)).toEqual(before);
    expect(before).toMatchObject({
      title: 'Portrait',
      tags: ['a', 'b'],
      userId: 'u1',
      nodeCount: 1,
      workflow,
      state: { kind: 'running', target: 'local', remoteId: 'p-1', phase: 'waiting', attempt: 1 },
      timeline: [{ message: 'Taken by local.' }],
    });
    expect(store.payload(id)).toEqual({ workflow, extraData: { extra_pnginfo: {} }, request: null });
    expect(store.running()).toMatchObject([{ id, state: { remoteId: 'p-1' } }]);
  });

  it('goes through its life, and tells each state as it was', () => {
    const id = store.add(job);
    run(id);
    store.apply(id, { kind: 'failed', error, again: { runAt: clock.now() + 1000 } });
    expect(store.state(id)).toEqual({ kind: 'queued', runAt: clock.now() + 1000, attempt: 2 });
    expect(waiting()).toEqual([]);
    expect(store.nextRunAt(clock.now())).toBe(clock.now() + 1000);
    clock.suspend(1000);
    expect(waiting()).toEqual([id]);
    run(id);
    store.apply(id, { kind: 'failed', error, again: { runAt: 0 } });
    expect(store.state(id)).toEqual({ kind: 'failed', error, endedAt: clock.now(), attempt: 2 });
    expect(store.apply(id, { kind: 'completed' })).toBeNull();
    store.apply(id, { kind: 'retryWanted' });
    expect(store.state(id)).toEqual({ kind: 'queued', runAt: clock.now(), attempt: 1 });
    expect(store.apply('no-such-job', { kind: 'cancelWanted' })).toBeNull();
  });

  it('keeps its results, once, and lets go of it all together', () => {
    const id = store.add({ ...job, tags: ['x'] });
    const output = { nodeId: '9', filename: 'a.png', type: 'image/png', bytes: 3, sha256: 'abc', home: null };
    store.setOutputs(id, [output, { ...output, filename: 'b.png' }]);
    store.setOutputs(id, [output]);
    expect(store.job(id)?.files).toEqual([{ n: 0, ...output }]);
    expect(store.output(id, 0)).toEqual({ n: 0, ...output });
    expect(store.output(id, 1)).toBeNull();
    expect(store.usesOf('abc')).toBe(1);
    expect(store.remove(id)).toBe(false);
    store.apply(id, { kind: 'cancelWanted' });
    expect(store.remove(id)).toBe(true);
    expect([store.job(id), store.usesOf('abc'), ids({ tag: 'x' })]).toEqual([null, 0, []]);
  });

  it('counts by state, whatever happened', () => {
    const [first = '', second = ''] = [store.add(job), store.add(job), store.add(job)];
    run(first);
    store.apply(first, { kind: 'completed' });
    store.apply(second, { kind: 'cancelWanted' });
    store.remove(second);
    expect(store.counts()).toEqual({ queued: 1, running: 0, completed: 1, failed: 0, cancelled: 0 });
  });
});

describe('the order of what waits', () => {
  it('is priority first, then the order of arrival', () => {
    const low = store.add({ ...job, priority: -1 });
    const first = store.add(job);
    const second = store.add(job);
    const high = store.add({ ...job, priority: 5 });
    expect(waiting()).toEqual([high, first, second, low]);
  });

  it('follows a drag, also again and again between the same two, and to the end', () => {
    const [a = '', b = '', c = ''] = [store.add(job), store.add(job), store.add(job)];
    expect(store.moveBefore(c, b)).toBe(true);
    expect(waiting()).toEqual([a, c, b]);
    expect(store.moveBefore(b, a)).toBe(true);
    expect(waiting()).toEqual([b, a, c]);
    expect(store.moveBefore(b, null)).toBe(true);
    const d = store.add(job);
    expect(waiting()).toEqual([a, c, b, d]);
    for (let swap = 0; swap < 40; swap += 1)
      store.moveBefore(...((swap % 2 === 0 ? [c, a] : [a, c]) as [string, string]));
    expect(waiting()).toEqual([a, c, b, d]);
  });

  it('refuses to move what does not wait', () => {
    const [a = '', b = ''] = [store.add(job), store.add(job)];
    run(a);
    expect([store.moveBefore(a, b), store.moveBefore(b, a), store.moveBefore('none', b)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('the list', () => {
  it('pages from the newest to the oldest without a gap, although jobs come in between', () => {
    const all = Array.from({ length: 7 }, () => store.add(job)).reverse();
    const first = listing.page({}, 3);
    store.add(job);
    const second = listing.page({}, 3, first.nextCursor ?? '');
    const third = listing.page({}, 3, second.nextCursor ?? '');
    expect([first, second, third].flatMap(({ jobs }) => jobs.map(({ id }) => id))).toEqual(all);
    expect(third.nextCursor).toBeNull();
    expect(() => listing.page({}, 3, "1' OR 1")).toThrow(/no cursor/);
  });

  it('filters by states, target, tag, user and search, each exactly', () => {
    const done = store.add({ ...job, title: 'Portrait 100%', tags: ['red'], userId: 'ann' });
    run(done, 'pod');
    store.apply(done, { kind: 'completed' });
    const busy = store.add({ ...job, title: 'Landscape', tags: ['red', 'blue'], userId: 'bob' });
    run(busy);
    const open = store.add({ ...job, title: 'portrait_2' });
    expect(ids({ states: ['completed', 'queued'] })).toEqual([open, done]);
    expect(ids({ target: 'pod' })).toEqual([done]);
    expect(ids({ tag: 'red' })).toEqual([busy, done]);
    expect(ids({ userId: 'bob' })).toEqual([busy]);
    expect(ids({ search: 'portrait' })).toEqual([open, done]);
    expect(ids({ search: '100%' })).toEqual([done]);
    expect(ids({ search: '_2' })).toEqual([open]);
    expect(ids({ search: 'blue' })).toEqual([busy]);
    expect(ids({ states: [] })).toEqual([]);
    expect(ids({ states: ['completed'], tag: 'blue' })).toEqual([]);
  });

  it('finds what waits by where it wants to run, and tells where it was before', () => {
    const again = store.add({ ...job, wantedTarget: 'pod' });
    run(again, 'other');
    store.apply(again, { kind: 'returned', runAt: clock.now() });
    expect([ids({ target: 'pod' }), ids({ target: 'other' })]).toEqual([[again], []]);
    expect(store.summary(again)?.ranOn).toBe('other');
  });

  it('pages what waits as it will run, over priorities and moves, and filters it', () => {
    const low = store.add({ ...job, priority: -1, tags: ['red'] });
    const all = Array.from({ length: 5 }, () => store.add(job));
    const high = store.add({ ...job, priority: 5 });
    run(store.add(job));
    store.moveBefore(all[4] ?? '', all[0] ?? '');
    const order: string[] = [];
    for (let cursor: string | undefined, left = true; left; ) {
      const page = listing.waiting({}, 2, cursor);
      order.push(...page.jobs.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
      left = page.nextCursor !== null;
    }
    expect(order).toEqual(waiting());
    expect(order).toEqual([high, all[4], ...all.slice(0, 4), low]);
    expect(listing.waiting({ tag: 'red' }, 2).jobs.map(({ id }) => id)).toEqual([low]);
    expect(() => listing.waiting({}, 2, '0:1')).toThrow(/no cursor/);
  });

  it('reads what waits along its index, without sorting, so that a hundred thousand do not slow it', () => {
    const asked: string[] = [];
    const prepare: Database['prepare'] = (sql) => {
      asked.push(sql);
      return database.prepare(sql);
    };
    createJobListing({ ...database, prepare }).waiting({}, 10, '0:1:1');
    const plans = asked.map((sql) => {
      const values = Array.from({ length: sql.split('?').length - 1 }, () => 1);
      return database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...values)
        .map(({ detail }) => String(detail));
    });
    expect(plans).toEqual([
      [expect.stringContaining('USING INDEX jobs_waiting (priority=? AND (place,rowid)>(?,?))')],
      [expect.stringContaining('USING INDEX jobs_waiting (priority<?)')],
    ]);
  });
});

describe('group commit', () => {
  it('lets one piece of work fail alone', async () => {
    const results = await Promise.allSettled([
      group.commit(() => store.add(job)),
      group.commit(() => {
        store.add(job);
        throw new Error('refused');
      }),
      group.commit(() => store.add(job)),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(store.counts().queued).toBe(2);
  });

  it('tells everybody when nothing could be written, and works again after', async () => {
    const blocked = group.commit(() => store.add(job));
    database.close();
    await expect(blocked).rejects.toThrow();
    open();
    await expect(group.commit(() => store.add(job))).resolves.toEqual(expect.any(String));
    expect(store.counts().queued).toBe(1);
  });

  it('answers only for what is committed', async () => {
    const answer = group.commit(() => store.add(job));
    expect(store.counts().queued).toBe(0);
    await answer;
    expect(store.counts().queued).toBe(1);
  });
});
