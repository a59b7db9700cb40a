/** What the card of a job says: its state in words, and what can be done now. Pure. */
import type { JobProgress, JobState, JobSummary } from '../../../contract/jobs.ts';
import { dollars } from '../../money/budget.ts';
import { WORDS } from './words.ts';

/** As the job's event stream tells it. */
export type JobNow = JobSummary & { readonly progress: JobProgress | null };

export interface JobFace {
  readonly tone: 'busy' | 'good' | 'bad' | 'quiet';
  readonly headline: string;
  /** Below it: why, and what to do next. */
  readonly details: readonly string[];
  /** Null when nothing is known of it. */
  readonly progress: { readonly part: number; readonly words: string } | null;
  readonly cost: string | null;
  /** Epoch milliseconds since when it is so; null once it has ended. */
  readonly since: number | null;
  readonly canCancel: boolean;
  readonly canRetry: boolean;
}

/** @param mostMicroDollars what it can cost at most, where that is known */
export function faceOf(job: JobNow, mostMicroDollars: number | null): JobFace {
  const { state } = job;
  return {
    tone: toneOf(state),
    headline: headlineOf(job),
    details: detailsOf(job),
    progress: state.kind === 'running' && state.phase === 'executing' ? progressOf(job.progress) : null,
    cost: costOf(job, mostMicroDollars),
    since: state.kind === 'queued' ? job.createdAt : state.kind === 'running' ? state.since : null,
    canCancel: state.kind === 'queued' || (state.kind === 'running' && state.phase !== 'cancelling'),
    canRetry: state.kind === 'failed',
  };
}

export const hasEnded = ({ kind }: JobState): boolean => kind !== 'queued' && kind !== 'running';

function toneOf({ kind }: JobState): JobFace['tone'] {
  switch (kind) {
    case 'queued':
    case 'running':
      return 'busy';
    case 'completed':
      return 'good';
    case 'failed':
      return 'bad';
    case 'cancelled':
      return 'quiet';
  }
}

function headlineOf({ state, outputs }: JobNow): string {
  switch (state.kind) {
    case 'running':
      return WORDS[state.phase];
    case 'completed':
      return WORDS.completed(outputs);
    default:
      return WORDS[state.kind];
  }
}

function detailsOf({ state, note }: JobNow): string[] {
  switch (state.kind) {
    case 'queued':
      return [note ?? WORDS.waitsForTurn];
    case 'running':
      return state.phase === 'waiting' ? [WORDS.coldStart] : [];
    case 'failed':
      return [state.error.message, state.error.next];
    default:
      return note === null ? [] : [note];
  }
}

function progressOf(progress: JobProgress | null): JobFace['progress'] {
  if (progress === null || progress.nodesTotal === 0) return null;
  const { nodesDone, nodesTotal, value, max } = progress;
  const ofNode = value === null || max === null || max === 0 ? 0 : value / max;
  const part = Math.min(1, Math.max(0, (nodesDone + ofNode) / nodesTotal));
  return { part, words: WORDS.nodes(nodesDone, nodesTotal) };
}

function costOf({ state, costMicroDollars }: JobNow, mostMicroDollars: number | null): string | null {
  if (costMicroDollars !== null) return WORDS.cost(costWords(costMicroDollars));
  return mostMicroDollars === null || hasEnded(state) ? null : WORDS.atMost(dollars(mostMicroDollars));
}

/** Four digits of a dollar are shown; what is less is not nothing. */
const costWords = (microDollars: number): string =>
  microDollars > 0 && microDollars < 100 ? WORDS.lessThan(dollars(100)) : dollars(microDollars);

/** @returns minutes and seconds: `1:05` */
export function elapsed(since: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
