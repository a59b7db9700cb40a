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
const STOP: (typeof MANAGER_ROUTES)['stop'] = '/manager/stop';
const KEEP_AWAKE: (typeof MANAGER_ROUTES)['keepAwake'] = '/manager/keep-awake';
const EVENTS: (typeof MANAGER_ROUTES)['events'] = '/manager/events';
export const STOKER_PAGE = '/manager';
/** The page on which endpoints are added. */
export const ENDPOINTS_PAGE = '/manager/endpoints';

export class Trouble extends Error {
  readonly next: string;
  /** Null when there was no answer. */
  readonly status: number | null;
  /** Of contract/errors.ts, where Stoker said it. */
  readonly code: string | null;
  readonly details: unknown;

  constructor(
    message: string,
    next: string,
    { status = null, code = null, details = null }: Partial<Pick<Trouble, 'status' | 'code' | 'details'>> = {},
  ) {
    super(message);
    this.next = next;
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

type Submission = Pick<SubmitJobBody, 'workflow' | 'target' | 'title' | 'extra_data'>;

const pathOf = (id: string): string => `${JOBS}/${encodeURIComponent(id)}`;
export const outputPath = (id: string, n: number): string => `${pathOf(id)}/outputs/${n}`;
export const statusEventsPath = `${EVENTS}?topics=status`;
export const eventsPath = (id: string): string => `${pathOf(id)}/events`;

/** What sleeping now would lose, in prompts. */
export interface Work {
  readonly running: number;
  readonly pending: number;
}

/** Each rejects with a `Trouble`. */
export const stoker = {
  status: async (): Promise<Status> => (await call('GET', STATUS)) as Status,
  endpoints: async (): Promise<Endpoint[]> => ((await call('GET', ENDPOINTS)) as { endpoints: Endpoint[] }).endpoints,
  /** A dry run: sends nothing. */
  check: async (job: Submission): Promise<JobCheck> => (await call('POST', CHECK, job)) as JobCheck,
  submit: async (job: Submission): Promise<Job> => (await call('POST', JOBS, job)) as Job,
  job: async (id: string): Promise<Job & JobNow> => (await call('GET', pathOf(id))) as Job,
  cancel: async (id: string): Promise<Job> => (await call('POST', `${pathOf(id)}/cancel`)) as Job,
  sleep: async (force: boolean): Promise<Work | null> => {
    try {
      await call('POST', STOP, { force });
      return null;
    } catch (error) {
      if (error instanceof Trouble && error.code === 'work_in_progress') return error.details as Work;
      throw error;
    }
  },
  sleepWhenDone: async (): Promise<void> => void (await call('POST', STOP, { whenDone: true })),
  /** @param seconds null: it may sleep again */
  keepAwake: async (seconds: number | null): Promise<Status> =>
    (await call('POST', KEEP_AWAKE, seconds === null ? { off: true } : { seconds })) as Status,
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

/** @param answer `{ source: 'stoker', error: { code, message, details: { next, fields? } } }`, or anything */
export function troubleOf(status: number | null, answer: unknown): Trouble {
  const { code, message, details } =
    (answer as { error?: { code?: unknown; message?: unknown; details?: unknown } } | null | undefined)?.error ?? {};
  const { next, fields } = (details ?? {}) as { next?: unknown; fields?: unknown };
  if (typeof message !== 'string') return new Trouble(refusedWords(status), WORDS.refusedNext, { status });
  const named = fields === null || typeof fields !== 'object' ? [] : Object.entries(fields);
  const list = named.map(([field, problem]) => ` ${field}: ${problem}`).join(';');
  return new Trouble(`${message}${list}`, typeof next === 'string' ? next : WORDS.refusedNext, {
    status,
    code: typeof code === 'string' ? code : null,
    details,
  });
}

const refusedWords = (status: number | null): string => (status === null ? WORDS.unreachable : WORDS.refused(status));
