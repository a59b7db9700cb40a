/** A job in words for a terminal. Pure. */
import type { Job, JobState, JobSummary } from '../contract/jobs.ts';
import { formatDuration } from './format.ts';
import type { Style } from './output.ts';

type Paint = (style: Style, text: string) => string;

const PHASES = {
  submitting: 'being handed over',
  waiting: 'waiting there',
  executing: 'running',
  fetching: 'fetching results',
  cancelling: 'being cancelled',
} as const;

const STYLES: Readonly<Record<JobState['kind'], Style>> = {
  queued: 'dim',
  running: 'cyan',
  completed: 'green',
  failed: 'red',
  cancelled: 'dim',
};

/** `running on pod: fetching results`. */
export function stateWords(state: JobState): string {
  switch (state.kind) {
    case 'queued':
      return state.attempt > 1 ? `waits for try ${state.attempt}` : 'waits';
    case 'running':
      return `on ${state.target}: ${PHASES[state.phase]}`;
    case 'completed':
      return `done on ${state.target}`;
    case 'failed':
      return `failed: ${state.error.message}`;
    case 'cancelled':
      return 'cancelled';
  }
}

/** What a person sees while it runs: node and step, where that is known. */
export function progressWords({ state, progress }: Pick<Job, 'state' | 'progress'>): string {
  if (progress === null || progress.nodeType === null) return stateWords(state);
  const step = progress.max === null || progress.max <= 1 ? '' : ` ${progress.value ?? 0}/${progress.max}`;
  return `${stateWords(state)}: ${progress.nodeType}${step} (${progress.nodesDone} of ${progress.nodesTotal} nodes)`;
}

/** One line a job: id, age, what it is, how it is. @param now epoch milliseconds */
export function jobLines(jobs: readonly JobSummary[], now: number, paint: Paint): string[] {
  return jobs.map((job) => {
    const age = formatDuration((now - job.createdAt) / 1000);
    const title = job.title ?? `${job.nodeCount} nodes`;
    const cost = job.costMicroDollars === null ? '' : `  $${(job.costMicroDollars / 1_000_000).toFixed(4)}`;
    const note = job.note === null ? '' : `  (${job.note})`;
    return `${job.id}  ${age.padStart(10)}  ${title}  ${paint(STYLES[job.state.kind], stateWords(job.state))}${cost}${note}`;
  });
}
