/** Which jobs are chosen, over all parts of the list, loaded or not. */
import { useMemo, useRef, useState } from 'react';
import type { JobSummary } from '../../contract/jobs.ts';
import type { JobSelection } from '../components/JobList.tsx';
import { fetchJobs } from '../jobs-api.ts';
import { type JobFilter, type JobGroup, statesOf } from '../lib/job-group.ts';

/** At once; more is for a program, not for a person. */
const MOST_CHOSEN = 10_000;
const PAGE_SIZE = 500;

export interface ChosenJobs {
  readonly selection: JobSelection;
  /** As the lists have them now; what is not loaded, as it was chosen. */
  readonly jobs: readonly JobSummary[];
  drop(jobs: readonly JobSummary[]): void;
  clear(): void;
}

/** @param shown every loaded job, so that an action knows how each is now */
export function useJobSelection(filter: JobFilter, shown: readonly (readonly JobSummary[])[]): ChosenJobs {
  const [chosen, setChosen] = useState<ReadonlyMap<string, JobSummary>>(new Map());
  /** Where a range begins. */
  const last = useRef<string | null>(null);
  const put = (jobs: readonly JobSummary[]): void =>
    setChosen((before) => new Map([...before, ...jobs.map((job) => [job.id, job] as const)]));
  function drop(jobs: readonly JobSummary[]): void {
    const ids = new Set(jobs.map(({ id }) => id));
    setChosen((before) => new Map([...before].filter(([id]) => !ids.has(id))));
  }

  const jobs = useMemo(() => {
    if (chosen.size === 0) return [];
    const now = new Map(chosen);
    for (const list of shown) for (const job of list) if (now.has(job.id)) now.set(job.id, job);
    return [...now.values()];
  }, [chosen, shown]);

  return {
    jobs,
    drop,
    clear: () => setChosen(new Map()),
    selection: {
      has: (id) => chosen.has(id),
      toggle(job, range, all) {
        const from = range ? all.findIndex(({ id }) => id === last.current) : -1;
        last.current = job.id;
        if (from >= 0) {
          const to = all.findIndex(({ id }) => id === job.id);
          put(all.slice(Math.min(from, to), Math.max(from, to) + 1));
        } else if (chosen.has(job.id)) {
          drop([job]);
        } else put([job]);
      },
      toggleAll(group, all) {
        if (all.every(({ id }) => chosen.has(id))) {
          drop(all);
          return;
        }
        put(all);
        void collect(group, filter, put).catch(() => undefined);
      },
    },
  };
}

/** What is not loaded, page by page; the count in the bar grows meanwhile. */
async function collect(group: JobGroup, filter: JobFilter, put: (jobs: readonly JobSummary[]) => void): Promise<void> {
  const states = statesOf(group, filter);
  if (states === null) return;
  let cursor: string | undefined;
  for (let count = 0; count < MOST_CHOSEN; count += PAGE_SIZE) {
    const page = await fetchJobs({
      state: [...states],
      order: group === 'waiting' ? 'place' : 'newest',
      target: filter.target ?? undefined,
      tag: filter.tag ?? undefined,
      search: filter.search,
      limit: PAGE_SIZE,
      cursor,
    });
    put(page.jobs);
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}
