/** The few calls to Stoker, on the address the page came from. Every failure is a `Trouble` in words with what to do next. */
import type { Endpoint } from '../../../contract/endpoints.ts';
import type { JobCheck } from '../../../contract/job-check.ts';
import type { Job, SubmitJobBody } from '../../../contract/jobs.ts';
import type { MANAGER_ROUTES } from '../../../contract/manager-api.ts';
import type { Status } from '../../../contract/status.ts';
import type { JobNow } from './job-face.ts';
import { WORDS } from './words.ts';

// Written out, because the contract's schemas have no place in a script of the page; the types hold them to it.
const JOBS: (typeof MANAGER_ROUTES)['jobs'] = '/manager/v1/jobs';
const CHECK: (typeof MANAGER_ROUTES)['jobCheck'] = '/manager/v1/jobs/check';
const ENDPOINTS: (typeof MANAGER_ROUTES)['endpoints'] = '/manager/v1/endpoints';
const STATUS: (typeof MANAGER_ROUTES)['status'] = '/manager/status';
export const STOKER_PAGE = '/manager';

export class Trouble extends Error {
  readonly next: string;
  /** Null when there was no answer. */
  readonly status: number | null;

  constructor(message: string, next: string, status: number | null = null) {
    super(message);
    this.next = next;
    this.status = status;
  }
}

type Submission = Pick<SubmitJobBody, 'workflow' | 'target' | 'title' | 'extra_data'>;

const pathOf = (id: string): string => `${JOBS}/${encodeURIComponent(id)}`;
export const outputPath = (id: string, n: number): string => `${pathOf(id)}/outputs/${n}`;
export const eventsPath = (id: string): string => `${pathOf(id)}/events`;

/** Each rejects with a `Trouble`. */
export const stoker = {
  status: async (): Promise<Status> => (await call('GET', STATUS)) as Status,
  endpoints: async (): Promise<Endpoint[]> => ((await call('GET', ENDPOINTS)) as { endpoints: Endpoint[] }).endpoints,
  /** A dry run: sends nothing. */
  check: async (job: Submission): Promise<JobCheck> => (await call('POST', CHECK, job)) as JobCheck,
  submit: async (job: Submission): Promise<Job> => (await call('POST', JOBS, job)) as Job,
  job: async (id: string): Promise<Job & JobNow> => (await call('GET', pathOf(id))) as Job,
  cancel: async (id: string): Promise<Job> => (await call('POST', `${pathOf(id)}/cancel`)) as Job,
  retry: async (id: string): Promise<Job> => (await call('POST', `${pathOf(id)}/retry`)) as Job,
};

async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(path, {
    method,
    cache: 'no-store',
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Trouble(WORDS.unreachable, WORDS.unreachableNext);
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  throw troubleOf(response.status, answer);
}

/** @param answer `{ source: 'stoker', error: { message, details: { next, fields? } } }`, or anything */
export function troubleOf(status: number, answer: unknown): Trouble {
  const { message, details } = (answer as { error?: { message?: unknown; details?: unknown } } | null)?.error ?? {};
  const { next, fields } = (details ?? {}) as { next?: unknown; fields?: unknown };
  if (typeof message !== 'string') return new Trouble(WORDS.refused(status), WORDS.refusedNext, status);
  const named = fields === null || typeof fields !== 'object' ? [] : Object.entries(fields);
  const list = named.map(([field, problem]) => ` ${field}: ${problem}`).join(';');
  return new Trouble(`${message}${list}`, typeof next === 'string' ? next : WORDS.refusedNext, status);
}
