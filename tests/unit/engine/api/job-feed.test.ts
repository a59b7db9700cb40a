import { beforeEach, describe, expect, it } from 'vitest';
import type { JobNow } from '../../../../contract/events.ts';
import type { JobCounts } from '../../../../contract/jobs.ts';
import { createJobFeed, type JobFeed, type JobNews } from '../../../../engine/api/job-feed.ts';
import { createListeners } from '../../../../engine/platform/listeners.ts';
import { jobSummary } from '../../../support/job-fixtures.ts';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.ts';

const counts: JobCounts = { queued: 1, running: 0, completed: 0, failed: 0, cancelled: 0 };
const progress = (nodesDone: number) => ({ nodesDone, nodesTotal: 9, nodeType: null, value: null, max: null });

let clock: ManualClock;
let feed: JobFeed;
let heard: JobNews[];
const changed = createListeners<JobNow>();
const removed = createListeners<string>();

beforeEach(() => {
  clock = createManualClock();
  heard = [];
  feed = createJobFeed({
    queue: { onChange: changed.add, onRemove: removed.add, progress: () => progress(3) },
    listing: { page: () => ({ jobs: [jobSummary({ id: 'running' })], nextCursor: null }) },
    counts: () => counts,
    clock,
  });
});

const change = (id: string, nodesDone: number | null = null): void =>
  changed.notify({ job: jobSummary({ id }), progress: nodesDone === null ? null : progress(nodesDone) });

describe('the feed of jobs', () => {
  it('tells fast progress as its newest state, a few times a second', async () => {
    feed.follow((news) => heard.push(news));
    for (let step = 0; step < 1000; step += 1) change('a', step);
    await clock.advance(1000);
    expect(heard.map((news) => news.changed.map((now) => now.progress?.nodesDone))).toEqual([[999]]);
    expect(heard[0]?.list).toEqual({ counts, gone: [], more: false });
  });

  it('does not flood: of a hundred thousand submissions it tells a few, and to look again', async () => {
    feed.follow((news) => heard.push(news));
    for (let job = 0; job < 100_000; job += 1) change(`job-${job}`);
    await clock.advance(1000);
    expect(heard).toHaveLength(1);
    expect(heard[0]?.changed.length).toBeLessThan(100);
    expect(heard[0]?.list.more).toBe(true);
    change('later');
    await clock.advance(1000);
    expect(heard[1]).toMatchObject({ changed: [{ job: { id: 'later' } }], list: { more: false } });
  });

  it('tells what is deleted, and not what it was before', async () => {
    feed.follow((news) => heard.push(news));
    change('a');
    removed.notify('a');
    await clock.advance(1000);
    expect(heard).toEqual([{ changed: [], list: { counts, gone: ['a'], more: false } }]);
  });

  it('knows how far what runs has come, for who has just connected', () => {
    expect(feed.running()).toMatchObject([{ job: { id: 'running' }, progress: { nodesDone: 3 } }]);
  });

  it('keeps nothing for nobody', async () => {
    change('before');
    const stop = feed.follow((news) => heard.push(news));
    change('during');
    stop();
    change('after');
    expect(clock.timers).toBe(0);
    feed.follow((news) => heard.push(news));
    change('again');
    await clock.advance(1000);
    expect(heard.map((news) => news.changed.map(({ job }) => job.id))).toEqual([['again']]);
  });
});
