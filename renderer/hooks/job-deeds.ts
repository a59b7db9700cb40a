/** Does things with one job or many, asks first where something is lost, and tells what came of it. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { JobSummary } from '../../contract/jobs.ts';
import type { JobDoing } from '../../strings/vocabulary.ts';
import { bringJobsBack, cancelJob, cancelRemote, deleteJob, moveJob, offloadJobs, retryJob } from '../jobs-api.ts';
import { failureWords } from '../lib/engine-sentences.ts';
import { type JobDeed, questionBefore } from '../lib/job-deed.ts';
import type { JobFilter } from '../lib/job-group.ts';
import { withMoved } from '../lib/job-pages.ts';
import { applyJob, applyJobList, changeList, jobKeys } from '../live-jobs.ts';
import { words } from '../words.ts';

export interface DeedReport {
  readonly deed: JobDoing;
  readonly done: number;
  readonly failed: number;
  /** Of the first that failed. */
  readonly reason: string | null;
}

export interface DeedQuestion {
  readonly kind: 'delete' | 'uncertain' | 'cancelRemote';
  readonly jobs: readonly JobSummary[];
  readonly yes: () => void;
}

export interface JobDeeds {
  /** @param target for `offload` and `retryElsewhere` */
  run(deed: JobDeed, jobs: readonly JobSummary[], target?: string): void;
  move(job: JobSummary, before: string | null, filter: JobFilter): void;
  cancelRemote(): void;
  readonly busy: boolean;
  readonly report: DeedReport | null;
  readonly dismissReport: () => void;
  readonly question: DeedQuestion | null;
  readonly closeQuestion: () => void;
}

/** At once: enough to be quick, few enough to leave connections to the pictures. */
const AT_ONCE = 4;

/** @param onDone after all of them, done or not */
export function useJobDeeds(onDone: (jobs: readonly JobSummary[]) => void = () => undefined): JobDeeds {
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [report, setReport] = useState<DeedReport | null>(null);
  const [question, setQuestion] = useState<DeedQuestion | null>(null);

  async function perform(work: () => Promise<DeedReport>): Promise<void> {
    setQuestion(null);
    setReport(null);
    setBusy(true);
    try {
      setReport(await work());
    } finally {
      setBusy(false);
    }
  }

  function run(deed: JobDeed, jobs: readonly JobSummary[], target: string | null): void {
    void perform(() => doTo(cache, deed, jobs, target)).then(() => onDone(jobs));
  }

  return {
    run(deed, jobs, target) {
      if (jobs.length === 0 || busy) return;
      const start = () => run(deed, jobs, target ?? null);
      const kind = questionBefore(deed, jobs);
      if (kind === null) start();
      else setQuestion({ kind, jobs, yes: start });
    },
    move(job, before, filter) {
      changeList(cache, jobKeys.list('waiting', filter), (kept) => withMoved(kept, job, before));
      moveJob(job.id, before).then(
        () => undefined,
        (error: Error) => {
          setReport({ deed: 'move', done: 0, failed: 1, reason: failureWords(error) });
          void cache.invalidateQueries({ queryKey: jobKeys.lists });
        },
      );
    },
    cancelRemote() {
      const start = () =>
        void perform(async () => {
          const told = await attempt(cancelRemote);
          return typeof told === 'string'
            ? { deed: 'cancelRemote', done: 0, failed: 1, reason: told }
            : { deed: 'cancelRemote', done: told.value, failed: 0, reason: null };
        });
      setQuestion({ kind: 'cancelRemote', jobs: [], yes: start });
    },
    busy,
    report,
    dismissReport: () => setReport(null),
    question,
    closeQuestion: () => setQuestion(null),
  };
}

async function doTo(
  cache: QueryClient,
  deed: JobDeed,
  jobs: readonly JobSummary[],
  target: string | null,
): Promise<DeedReport> {
  if (deed === 'offload' || deed === 'bringBack') {
    const ids = jobs.map(({ id }) => id);
    const told = await attempt(() => (deed === 'offload' ? offloadJobs(ids, target ?? '') : bringJobsBack(ids)));
    if (typeof told === 'string') return { deed, done: 0, failed: jobs.length, reason: told };
    const { moved, stayed } = told.value;
    return { deed, done: moved.length, failed: stayed.length, reason: stayed[0]?.reason ?? null };
  }
  const deedOfOne = deed;
  const left = [...jobs];
  const reasons: string[] = [];
  async function work(): Promise<void> {
    for (let job = left.shift(); job !== undefined; job = left.shift()) {
      const { id } = job;
      const told = await attempt(() => ask(cache, deedOfOne, id, target));
      if (typeof told === 'string') reasons.push(told);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { deed, done: jobs.length - reasons.length, failed: reasons.length, reason: reasons[0] ?? null };
}

/** The answer changes the list at once; the event that follows says the same. */
async function ask(
  cache: QueryClient,
  deed: Exclude<JobDeed, 'offload' | 'bringBack'>,
  id: string,
  target: string | null,
): Promise<void> {
  if (deed === 'delete') {
    await deleteJob(id);
    const counts = cache.getQueryData<Parameters<typeof applyJobList>[1]['counts']>(jobKeys.counts);
    if (counts !== undefined) applyJobList(cache, { counts, gone: [id], more: false });
    return;
  }
  const {
    workflow: _workflow,
    files: _files,
    timeline: _timeline,
    progress,
    ...job
  } = deed === 'cancel' ? await cancelJob(id) : await retryJob(id, target);
  applyJob(cache, { job, progress });
}

async function attempt<Value>(work: () => Promise<Value>): Promise<{ readonly value: Value } | string> {
  try {
    return { value: await work() };
  } catch (error) {
    return error instanceof Error ? failureWords(error) : String(error);
  }
}

/** In one line; null where the list says it already. */
export function reportWords({ deed, done, failed, reason }: DeedReport): string | null {
  if (failed === 0 && done <= 1 && deed !== 'cancelRemote' && deed !== 'offload') return null;
  const parts = [
    done > 0 || failed === 0 ? words.jobs.done[deed](done) : '',
    failed > 0 ? words.jobs.notDone[deed](failed, reason ?? '') : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}
