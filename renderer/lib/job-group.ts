/** The three parts of the list of jobs, and which of them a filter shows. */
import type { JobState, JobStateName, JobSummary } from '../../contract/jobs.ts';

/** In the order shown: what runs, what waits in its order, what has ended, newest first. */
export const JOB_GROUPS = ['running', 'waiting', 'ended'] as const;
export type JobGroup = (typeof JOB_GROUPS)[number];

export const GROUP_STATES: Readonly<Record<JobGroup, readonly JobStateName[]>> = {
  running: ['running'],
  waiting: ['queued'],
  ended: ['completed', 'failed', 'cancelled'],
};

export interface JobFilter {
  /** Null: every state. */
  readonly state: JobStateName | null;
  readonly target: string | null;
  readonly tag: string | null;
  readonly search: string;
}
export const NO_FILTER: JobFilter = { state: null, target: null, tag: null, search: '' };

export function groupOf(state: JobState): JobGroup {
  if (state.kind === 'queued') return 'waiting';
  return state.kind === 'running' ? 'running' : 'ended';
}

/** The states to ask for in this part of the list; null when the filter leaves nothing of it. */
export function statesOf(group: JobGroup, filter: JobFilter): readonly JobStateName[] | null {
  const states = GROUP_STATES[group];
  if (filter.state === null) return states;
  return states.includes(filter.state) ? [filter.state] : null;
}

/** As the engine filters, so that news of a job finds the lists that it belongs to. */
export function matchesFilter(job: JobSummary, filter: JobFilter): boolean {
  if (filter.state !== null && filter.state !== job.state.kind) return false;
  const target = job.state.kind === 'queued' ? job.wantedTarget : job.ranOn;
  if (filter.target !== null && filter.target !== target) return false;
  if (filter.tag !== null && !job.tags.includes(filter.tag)) return false;
  const search = filter.search.toLowerCase();
  return [job.title ?? '', job.id, ...job.tags].some((text) => text.toLowerCase().includes(search));
}

export const isFiltered = (filter: JobFilter): boolean =>
  filter.state !== null || filter.target !== null || filter.tag !== null || filter.search !== '';

const STATES = Object.values(GROUP_STATES).flat();

/** From the address of the page. */
export function filterFrom(search: string): JobFilter {
  const given = new URLSearchParams(search);
  return {
    state: STATES.find((each) => each === given.get('state')) ?? null,
    target: given.get('target'),
    tag: given.get('tag'),
    search: given.get('search') ?? '',
  };
}

/** For the address of the page: empty, or with its `?`. */
export function searchOf(filter: Partial<JobFilter>): string {
  const told = Object.entries(filter).filter(
    (entry): entry is [string, string] => entry[1] !== null && entry[1] !== '',
  );
  return told.length === 0 ? '' : `?${new URLSearchParams(told)}`;
}
