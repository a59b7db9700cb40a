/**
 * What clients of the event stream hear of jobs: the newest of each, gathered for a moment, so that neither fast progress nor a hundred
 * thousand submissions flood them. Keeps nothing while nobody listens.
 */
import type { JobListChange, JobNow } from '../../contract/events.ts';
import type { JobCounts } from '../../contract/jobs.ts';
import type { JobListing } from '../jobs/job-list.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { Clock } from '../platform/clock.ts';
import { createListeners, type Unsubscribe } from '../platform/listeners.ts';

const GATHER_MS = 250;
/** In one moment. A client that misses some asks for the list anew, which costs less than to hear of each. */
const MOST_TOLD = 50;

export interface JobNews {
  readonly changed: readonly JobNow[];
  readonly list: JobListChange;
}

export interface JobFeed {
  /** What runs, with its progress: the list of jobs does not tell that. */
  running(): readonly JobNow[];
  follow(listener: (news: JobNews) => void): Unsubscribe;
}

export interface JobFeedDeps {
  readonly queue: Pick<JobQueue, 'onChange' | 'onRemove' | 'progress'>;
  readonly listing: Pick<JobListing, 'page'>;
  readonly counts: () => JobCounts;
  readonly clock: Clock;
}

export function createJobFeed({ queue, listing, counts, clock }: JobFeedDeps): JobFeed {
  const listeners = createListeners<JobNews>();
  const changed = new Map<string, JobNow>();
  const gone = new Set<string>();
  let more = false;
  let cancelTimer: Unsubscribe | null = null;

  function tell(): void {
    cancelTimer = null;
    const news = { changed: [...changed.values()], list: { counts: counts(), gone: [...gone], more } };
    forget();
    listeners.notify(news);
  }

  function forget(): void {
    changed.clear();
    gone.clear();
    more = false;
  }

  /** @param kept in which the news is held; a new entry beyond the limit is left out */
  function gather(kept: { readonly size: number; has(id: string): boolean }, id: string, keep: () => void): void {
    if (listeners.size === 0) return;
    if (kept.has(id) || kept.size < MOST_TOLD) keep();
    else more = true;
    cancelTimer ??= clock.after(GATHER_MS, tell);
  }

  queue.onChange((change) => gather(changed, change.job.id, () => changed.set(change.job.id, change)));
  queue.onRemove((id) => {
    changed.delete(id);
    gather(gone, id, () => gone.add(id));
  });

  return {
    running: () =>
      listing.page({ states: ['running'] }, MOST_TOLD).jobs.map((job) => ({ job, progress: queue.progress(job.id) })),
    follow(listener) {
      const stop = listeners.add(listener);
      return () => {
        stop();
        if (listeners.size > 0) return;
        cancelTimer?.();
        cancelTimer = null;
        forget();
      };
    },
  };
}
