import { describe, expect, it } from 'vitest';
import type { JobSummary } from '../../../../contract/jobs.ts';
import {
  type JobPages,
  withInserted,
  withMoved,
  withoutJobs,
  withReplaced,
} from '../../../../renderer/lib/job-pages.ts';
import { jobSummary } from '../../../support/job-fixtures.ts';

const counts = { queued: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };
/** @param more whether further pages are not loaded */
const pagesOf = (lists: readonly (readonly JobSummary[])[], more = false): JobPages => ({
  pages: lists.map((jobs, index) => ({
    jobs: [...jobs],
    nextCursor: more || index < lists.length - 1 ? String(index) : null,
    counts,
  })),
  pageParams: lists.map(() => undefined),
});
const named = (id: string, changes: Partial<JobSummary> = {}) => jobSummary({ id, ...changes });
const idsOf = (kept: JobPages): string[][] => kept.pages.map(({ jobs }) => jobs.map(({ id }) => id));

describe('news of a job in the pages of the list', () => {
  const two = pagesOf([[named('a'), named('b')], [named('c')]]);

  it('replace its row where it stands', () => {
    const kept = withReplaced(two, named('c', { note: 'new' }));
    expect(kept?.pages[1]?.jobs[0]?.note).toBe('new');
    expect(withReplaced(two, named('z'))).toBeNull();
  });

  it('take it out, and leave everything as it is where it was not', () => {
    expect(idsOf(withoutJobs(two, new Set(['b', 'c'])))).toEqual([['a'], []]);
    expect(withoutJobs(two, new Set(['z']))).toBe(two);
  });

  it('put what has ended where its time of submission belongs', () => {
    const ended = pagesOf([[named('new', { createdAt: 30 })], [named('old', { createdAt: 10 })]]);
    const at = (createdAt: number, kept = ended) => idsOf(withInserted(kept, named('x', { createdAt }), 'ended'));
    expect(at(40)).toEqual([['x', 'new'], ['old']]);
    expect(at(20)).toEqual([['new'], ['x', 'old']]);
    expect(at(5)).toEqual([['new'], ['old', 'x']]);
    const cut = pagesOf([[named('new', { createdAt: 30 })]], true);
    expect(at(5, cut)).toEqual([['new']]);
  });

  it('put what waits behind all of its priority', () => {
    const waiting = pagesOf([[named('high', { priority: 5 }), named('a'), named('low', { priority: -1 })]]);
    expect(idsOf(withInserted(waiting, named('x'), 'waiting'))).toEqual([['high', 'a', 'x', 'low']]);
  });

  it('move it before another, over pages, and to the end', () => {
    expect(idsOf(withMoved(two, named('c'), 'a'))).toEqual([['c', 'a', 'b'], []]);
    expect(idsOf(withMoved(two, named('a'), 'c'))).toEqual([['b'], ['a', 'c']]);
    expect(idsOf(withMoved(two, named('a'), null))).toEqual([['b'], ['c', 'a']]);
  });
});
