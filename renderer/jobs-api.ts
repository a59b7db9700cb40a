/** What the page asks of the durable queue. */
import { CancelRemoteSchema } from '../contract/endpoints.ts';
import { type Job, type JobList, JobListSchema, JobSchema, type ListJobsQuery } from '../contract/jobs.ts';
import { MANAGER_ROUTES } from '../contract/manager-api.ts';
import { type OffloadAnswer, OffloadAnswerSchema } from '../contract/offload.ts';
import { call, get, jsonRequest, request } from './api.ts';

export type JobsQuery = Partial<Pick<ListJobsQuery, 'state' | 'target' | 'tag' | 'search' | 'order' | 'limit'>> & {
  readonly cursor?: string | undefined;
};

export function fetchJobs(query: JobsQuery): Promise<JobList> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return get(
    `${MANAGER_ROUTES.jobs}?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`,
    JobListSchema,
  );
}

export const fetchJob = (id: string): Promise<Job> => get(addressOf(id), JobSchema);
export const cancelJob = (id: string): Promise<Job> => change(`${addressOf(id)}/cancel`, {});
/** @param target another than it wanted; null: the same again */
export const retryJob = (id: string, target: string | null): Promise<Job> =>
  change(`${addressOf(id)}/retry`, target === null ? {} : { target });
/** @param before a waiting job; null for the end */
export const moveJob = (id: string, before: string | null): Promise<Job> => change(`${addressOf(id)}/move`, { before });

export async function deleteJob(id: string): Promise<void> {
  await request(addressOf(id), { method: 'DELETE' });
}

export const offloadJobs = (jobs: readonly string[], target: string): Promise<OffloadAnswer> =>
  call(MANAGER_ROUTES.offload, OffloadAnswerSchema, jsonRequest('POST', { target, jobs }));

export const bringJobsBack = (jobs: readonly string[]): Promise<OffloadAnswer> =>
  call(MANAGER_ROUTES.bringBack, OffloadAnswerSchema, jsonRequest('POST', { jobs }));

/** Every job on every endpoint, waiting or running. @returns how many */
export async function cancelRemote(): Promise<number> {
  return (await call(MANAGER_ROUTES.cancelRemote, CancelRemoteSchema, jsonRequest('POST', {}))).cancelled;
}

/** What the running job paints just now; null while it shows nothing. */
export async function fetchPreview(id: string): Promise<Blob | null> {
  const response = await request(`${addressOf(id)}/preview`, { headers: { accept: 'image/*' } });
  return response.status === 200 ? response.blob() : null;
}

export const outputAddress = (id: string, n: number): string => `${addressOf(id)}/outputs/${n}`;

/** @param endedAt another for every run, so that a browser may keep the picture */
export const thumbnailAddress = (id: string, endedAt: number): string => `${addressOf(id)}/thumbnail?v=${endedAt}`;

const addressOf = (id: string): string => `${MANAGER_ROUTES.jobs}/${encodeURIComponent(id)}`;
const change = (path: string, body: unknown): Promise<Job> => call(path, JobSchema, jsonRequest('POST', body));
