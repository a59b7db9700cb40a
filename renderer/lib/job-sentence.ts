/** What a job is called and what is said of it in one line. */
import type { JobSummary } from '../../contract/jobs.ts';
import { words } from '../words.ts';
import { formatMoment } from './format.ts';

export const jobTitle = ({ title }: Pick<JobSummary, 'title'>): string => title ?? words.queue.untitled;

/** A target as a person calls it. */
export function targetWords(target: string): string {
  if (target === 'local') return words.jobs.local;
  return target === 'auto' ? words.jobs.auto : target;
}

/** Where it runs, ran, or wants to; null where that goes without saying. */
export function placeWords({ state, wantedTarget, ranOn }: JobSummary): string | null {
  if (state.kind === 'queued') {
    return wantedTarget === 'auto' || wantedTarget === 'local' ? null : words.jobs.wants(wantedTarget);
  }
  return ranOn === null ? null : onTarget(ranOn);
}

export const onTarget = (target: string): string => (target === 'local' ? words.jobs.onLocal : words.jobs.on(target));

/** How it is, in a word or two. */
export function stateWords({ state }: JobSummary): string {
  return state.kind === 'running' ? words.jobs.phase[state.phase] : words.jobs.state[state.kind];
}

/** Epoch milliseconds. */
export function endedAt({ state }: JobSummary): number | null {
  return 'endedAt' in state ? state.endedAt : null;
}

/** It may have a picture of what it makes. */
export const isPainting = ({ state }: Pick<JobSummary, 'state'>): boolean =>
  state.kind === 'running' && state.phase === 'executing';

/** How long its last attempt took; null when it never began or has not ended. */
export function secondsTaken(job: JobSummary): number | null {
  const end = endedAt(job);
  return end === null || job.startedAt === null ? null : Math.max(0, (end - job.startedAt) / 1000);
}

/** A job that waits for a time of its own, not for its turn. */
export function notBefore({ state }: JobSummary, now: number): string | null {
  return state.kind === 'queued' && state.runAt > now + 1000 ? words.jobs.runsAt(formatMoment(state.runAt, now)) : null;
}
