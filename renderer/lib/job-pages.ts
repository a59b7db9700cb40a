/** The pages of one part of the list as they are kept, and what news of a job change in them. Pure: the same pages come back when nothing does. */
import type { JobList, JobSummary } from '../../contract/jobs.ts';
import type { JobGroup } from './job-group.ts';

export type JobPage = Pick<JobList, 'jobs' | 'nextCursor'>;
export interface JobPages<Page extends JobPage = JobList> {
  readonly pages: Page[];
  readonly pageParams: (string | undefined)[];
}

/** Puts the newer state of a job where the older one is. Null: it is not there. */
export function withReplaced(kept: JobPages, job: JobSummary): JobPages | null {
  const at = kept.pages.findIndex(({ jobs }) => jobs.some(({ id }) => id === job.id));
  if (at < 0) return null;
  return changed(kept, at, (jobs) => jobs.map((each) => (each.id === job.id ? job : each)));
}

export function withoutJobs(kept: JobPages, ids: ReadonlySet<string>): JobPages {
  if (!kept.pages.some(({ jobs }) => jobs.some(({ id }) => ids.has(id)))) return kept;
  return {
    ...kept,
    pages: kept.pages.map((page) => ({ ...page, jobs: page.jobs.filter(({ id }) => !ids.has(id)) })),
  };
}

/** Where a job that is new to this part belongs; beyond what is loaded it stays out, and comes with its page. */
export function withInserted(kept: JobPages, job: JobSummary, group: JobGroup): JobPages {
  for (const [at, { jobs }] of kept.pages.entries()) {
    const before = jobs.findIndex((each) => comesBefore(job, each, group));
    if (before >= 0) return changed(kept, at, (all) => insertedAt(all, before, job));
  }
  const last = kept.pages.length - 1;
  if (last < 0 || kept.pages[last]?.nextCursor !== null) return kept;
  return changed(kept, last, (all) => [...all, job]);
}

/** Puts a waiting job before another, or last, before the engine has said so. */
export function withMoved(kept: JobPages, job: JobSummary, before: string | null): JobPages {
  const rest = withoutJobs(kept, new Set([job.id]));
  const at = before === null ? -1 : rest.pages.findIndex(({ jobs }) => jobs.some(({ id }) => id === before));
  if (at < 0) return changed(rest, rest.pages.length - 1, (all) => [...all, job]);
  return changed(rest, at, (all) =>
    insertedAt(
      all,
      all.findIndex(({ id }) => id === before),
      job,
    ),
  );
}

const insertedAt = (jobs: readonly JobSummary[], at: number, job: JobSummary): JobSummary[] => [
  ...jobs.slice(0, at),
  job,
  ...jobs.slice(at),
];

function comesBefore(job: JobSummary, other: JobSummary, group: JobGroup): boolean {
  switch (group) {
    case 'waiting':
      return job.priority > other.priority;
    case 'running':
    case 'ended':
      return job.createdAt > other.createdAt;
  }
}

function changed(kept: JobPages, at: number, change: (jobs: JobSummary[]) => JobSummary[]): JobPages {
  return {
    ...kept,
    pages: kept.pages.map((page, index) => (index === at ? { ...page, jobs: change(page.jobs) } : page)),
  };
}
