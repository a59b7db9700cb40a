/**
 * The REST calls of one RunPod serverless endpoint, each failure as a named error with what is certain about it. Nothing is retried here:
 * whoever calls knows whether asking again may cost money. Source: contracts/runpod.md section 3 (documentation, not re-checked).
 */
import { Agent, type Dispatcher, request } from 'undici';
import { z } from 'zod';
import { stringifyExactly } from '../../../contract/exact-json.ts';
import { AppError } from '../../platform/app-error.ts';
import { readBounded } from '../../platform/bounded-body.ts';
import { codeOf, isNotConnected } from '../../platform/error-code.ts';

export interface RunpodEndpoint {
  /** `https://api.runpod.ai/v2`, or a simulator's. */
  readonly baseUrl: string;
  readonly endpointId: string;
  readonly key: string;
}

export interface RunpodPolicy {
  readonly executionTimeoutMs: number;
  readonly ttlMs: number;
}

const StatusSchema = z.looseObject({
  id: z.string(),
  status: z.string(),
  /** Milliseconds. */
  delayTime: z.number().optional(),
  executionTime: z.number().optional(),
  workerId: z.unknown().optional(),
  output: z.unknown().optional(),
  error: z.unknown().optional(),
});
export type RunpodStatus = z.infer<typeof StatusSchema>;

const HealthSchema = z.looseObject({
  jobs: z.looseObject({ inQueue: z.number(), inProgress: z.number() }),
  workers: z.record(z.string(), z.number()),
});
export type RunpodHealth = z.infer<typeof HealthSchema>;

const PurgeSchema = z.looseObject({ removed: z.number() });

/** Every call rejects with an AppError whose code begins with `runpod_`. */
export interface RunpodApi {
  /**
   * Submits; the run begins to cost when a worker takes it.
   * On `runpod_unreachable` and `runpod_malformed` the job may have been taken, unless `details.mayHaveRun` is false: no connection came about.
   */
  run(endpoint: RunpodEndpoint, input: object, policy: RunpodPolicy): Promise<{ readonly id: string }>;
  status(endpoint: RunpodEndpoint, id: string): Promise<RunpodStatus>;
  cancel(endpoint: RunpodEndpoint, id: string): Promise<void>;
  health(endpoint: RunpodEndpoint): Promise<RunpodHealth>;
  /** Removes what waits there, the jobs of other programs too; resolves with how many. */
  purgeQueue(endpoint: RunpodEndpoint): Promise<number>;
  close(): Promise<void>;
}

const SILENCE_MS = 30_000;
/** Results come as base64 inside the answer; RunPod's own limit is about 20 MB. */
const MOST_ANSWER_BYTES = 64 * 1024 * 1024;

export function createRunpodApi(): RunpodApi {
  const agent = new Agent({ headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS, connect: { timeout: 10_000 } });

  async function call<Schema extends z.ZodType>(
    { baseUrl, endpointId, key }: RunpodEndpoint,
    method: 'GET' | 'POST',
    path: string,
    schema: Schema,
    body?: string,
  ): Promise<z.infer<Schema>> {
    const mayHaveRun = path === 'run';
    let answer: Dispatcher.ResponseData;
    let text: string;
    try {
      answer = await request(`${baseUrl}/${encodeURIComponent(endpointId)}/${path}`, {
        method,
        dispatcher: agent,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body ?? null,
      });
      text = (await readBounded(answer.body, MOST_ANSWER_BYTES)).toString('utf8');
    } catch (error) {
      // The cause may quote the request; only its kind is told.
      const code = codeOf(error);
      throw new AppError('runpod_unreachable', `RunPod did not answer${code === '' ? '' : ` (${code})`}.`, {
        details: { mayHaveRun: mayHaveRun && !isNotConnected(error) },
      });
    }
    if (answer.statusCode !== 200) throw refusal(answer.statusCode, path, text);
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new AppError('runpod_malformed', `RunPod answered ${path.split('/')[0]} with something else.`, {
      details: { mayHaveRun },
    });
  }

  const job = (id: string): string => encodeURIComponent(id);
  return {
    async run(endpoint, input, { executionTimeoutMs, ttlMs }) {
      const policy = { executionTimeout: executionTimeoutMs, ttl: ttlMs };
      const { id } = await call(endpoint, 'POST', 'run', StatusSchema, stringifyExactly({ input, policy }));
      return { id };
    },
    status: (endpoint, id) => call(endpoint, 'GET', `status/${job(id)}`, StatusSchema),
    async cancel(endpoint, id) {
      await call(endpoint, 'POST', `cancel/${job(id)}`, StatusSchema);
    },
    health: (endpoint) => call(endpoint, 'GET', 'health', HealthSchema),
    purgeQueue: async (endpoint) => (await call(endpoint, 'POST', 'purge-queue', PurgeSchema)).removed,
    close: () => agent.destroy(),
  };
}

function refusal(status: number, path: string, text: string): AppError {
  const said = wordsOf(text);
  const details = { status, mayHaveRun: false };
  switch (status) {
    case 401:
    case 403:
      return new AppError('runpod_unauthorized', 'RunPod does not accept the API key.', { details });
    case 404:
      return path.startsWith('status/') || path.startsWith('cancel/')
        ? new AppError('runpod_expired', 'RunPod no longer knows the job.', { details })
        : new AppError('runpod_endpoint_missing', 'RunPod knows no such endpoint.', { details });
    case 413:
      return new AppError('runpod_too_large', 'The request is larger than RunPod takes.', { details });
    case 408:
    case 429:
      return new AppError('runpod_busy', `RunPod asks to come back later (${status}).`, { details });
    default:
      return status >= 500
        ? // A gateway that gives up may have passed the request on.
          new AppError('runpod_unreachable', `RunPod has trouble of its own (${status}${said}).`, {
            details: { status, mayHaveRun: path === 'run' },
          })
        : new AppError('runpod_refused', `RunPod refuses the request (${status}${said}).`, { details });
  }
}

/** `error` of the answer, in short; an answer never holds the key. */
function wordsOf(text: string): string {
  const parsed = z.looseObject({ error: z.string() }).safeParse(parseJson(text));
  return parsed.success ? `: ${parsed.data.error.slice(0, 200)}` : '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
