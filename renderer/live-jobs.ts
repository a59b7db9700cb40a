/** What news of jobs change in the cached lists: rows in place at once, and what cannot be known from one job by asking again, soon. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { JobListChange, JobNow } from '../contract/events.ts';
import type { Job, JobCounts, JobList, JobProgress } from '../contract/jobs.ts';
import { groupOf, type JobFilter, type JobGroup, matchesFilter } from './lib/job-group.ts';
import { type JobPages, withInserted, withoutJobs, withReplaced } from './lib/job-pages.ts';

export const jobKeys = {
  lists: ['jobs'],
  /** One part of the page. */
  list: (group: JobGroup, filter: JobFilter) => ['jobs', group, filter] as const,
  counts: ['jobCounts'],
  jobs: ['job'],
  job: (id: string) => ['job', id],
  progress: (id: string) => ['jobProgress', id],
  preview: (id: string) => ['jobPreview', id],
} as const;

const REFETCH_MS = 1500;
/** Asked for anew at once; who has loaded more scrolls and gets it again. */
const MOST_PAGES = 10;

export function applyJob(cache: QueryClient, { job, progress }: JobNow): void {
  if (job.state.kind === 'running') cache.setQueryData<JobProgress | null>(jobKeys.progress(job.id), progress);
  else cache.removeQueries({ queryKey: jobKeys.progress(job.id) });
  followJob(cache, { job, progress });
  for (const { key, group, filter, asking } of shownLists(cache)) {
    const belongs = groupOf(job.state) === group && matchesFilter(job, filter);
    changeList(cache, key, (kept) => {
      if (!belongs) return withoutJobs(kept, new Set([job.id]));
      return withReplaced(kept, job) ?? withInserted(kept, job, group);
    });
    // A move tells of the one that moved, not where it is now.
    if (asking || (belongs && group === 'waiting')) refetchSoon(cache, group);
  }
}

export function applyJobList(cache: QueryClient, { counts, gone, more }: JobListChange): void {
  cache.setQueryData<JobCounts>(jobKeys.counts, counts);
  const ids = new Set(gone);
  for (const { key, group } of shownLists(cache)) {
    if (ids.size > 0) changeList(cache, key, (kept) => withoutJobs(kept, ids));
    if (more) refetchSoon(cache, group);
  }
  for (const id of gone) void cache.invalidateQueries({ queryKey: jobKeys.job(id) });
}

/** The page of one job: its row at once, its files and timeline when it has come further. */
function followJob(cache: QueryClient, { job, progress }: JobNow): void {
  const kept = cache.getQueryData<Job>(jobKeys.job(job.id));
  if (kept === undefined) return;
  cache.setQueryData<Job>(jobKeys.job(job.id), { ...kept, ...job, progress });
  if (JSON.stringify(kept.state) !== JSON.stringify(job.state)) {
    void cache.invalidateQueries({ queryKey: jobKeys.job(job.id) });
  }
}

interface ShownList {
  readonly key: ReturnType<typeof jobKeys.list>;
  readonly group: JobGroup;
  readonly filter: JobFilter;
  /** An answer that is older than the news may come yet. */
  readonly asking: boolean;
}

/** Lists that nobody looks at are asked for anew when somebody does. */
function shownLists(cache: QueryClient): ShownList[] {
  return cache
    .getQueryCache()
    .findAll({ queryKey: jobKeys.lists, type: 'active' })
    .map(({ queryKey, state }) => {
      const key = queryKey as ReturnType<typeof jobKeys.list>;
      return { key, group: key[1], filter: key[2], asking: state.fetchStatus === 'fetching' };
    });
}

export function changeList(cache: QueryClient, key: ShownList['key'], make: (kept: JobPages) => JobPages): void {
  cache.setQueryData<InfiniteData<JobList, string | undefined>>(key, (kept) => kept && make(kept));
}

const wanted = new Set<JobGroup>();
let timer: ReturnType<typeof setTimeout> | null = null;

function refetchSoon(cache: QueryClient, group: JobGroup): void {
  wanted.add(group);
  if (timer !== null) return;
  timer = setTimeout(() => {
    timer = null;
    for (const each of [...wanted]) void refetch(cache, each);
    wanted.clear();
  }, REFETCH_MS);
}

async function refetch(cache: QueryClient, group: JobGroup): Promise<void> {
  for (const { key } of shownLists(cache).filter((list) => list.group === group)) {
    changeList(cache, key, ({ pages, pageParams }) => ({
      pages: pages.slice(0, MOST_PAGES),
      pageParams: pageParams.slice(0, MOST_PAGES),
    }));
    await cache.invalidateQueries({ queryKey: key });
  }
}
