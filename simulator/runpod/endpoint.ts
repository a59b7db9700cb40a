/** One serverless endpoint: what each REST operation does. No sockets here: a request's parts go in, status and body come out. */
import { randomUUID } from 'node:crypto';
import type { RunpodArguments } from './arguments.ts';
import type { Faults, Operation } from './faults.ts';
import { createJobBook, isFinal, type JobBook, type RunpodPolicy, statusBody } from './job-book.ts';
import { createRateLimit } from './rate-limit.ts';
import { createWorkerPool, type WorkerPool } from './worker-pool.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Endpoint {
  readonly book: JobBook;
  /** @param id of the job, where the path has one */
  handle(operation: Operation, id: string | null, body: string, query: URLSearchParams): Promise<Answer>;
  close(): void;
}

const RUN_BODY_BYTES = 10 * 1024 * 1024;
const RUNSYNC_BODY_BYTES = 20 * 1024 * 1024;
const RUNSYNC_WAIT_MS = 90_000;
const LOOK_MS = 25;
const QUEUE_FREE = 50;
const QUEUE_PER_WORKER = 500;
const DEFAULT_EXECUTION_MS = 600_000;
const DEFAULT_TTL_MS = 24 * 3600 * 1000;
const WEEK_MS = 7 * 24 * 3600 * 1000;

const problem = (status: number, error: string): Answer => ({ status, body: { error } });
const tooMany = problem(429, 'Too many requests');
const unknownJob = problem(404, 'job not found');

export function createEndpoint(options: RunpodArguments, faults: Faults): Endpoint {
  const book = createJobBook();
  const allows = createRateLimit();
  const { workers } = options;
  const pool: WorkerPool | null =
    workers.kind === 'comfyui'
      ? createWorkerPool({
          book,
          comfyuiUrl: workers.url,
          most: workers.most,
          coldStartMs: options.coldStartMs,
          idleMs: options.idleMs,
          bend: faults.bend,
          throttled: faults.throttled,
        })
      : null;
  // Time ends jobs (execution time-out) that a worker still has.
  const watch = setInterval(() => {
    for (const { id, status } of book.ledger()) if (status === 'TIMED_OUT') pool?.abandon(id);
    pool?.wake();
  }, 250);
  watch.unref();

  function submit(body: string, sync: boolean): Answer | { readonly id: string } {
    if (Buffer.byteLength(body) > (sync ? RUNSYNC_BODY_BYTES : RUN_BODY_BYTES))
      return problem(413, 'Payload too large');
    const waiting = book.waiting(Date.now());
    if (waiting > QUEUE_FREE && waiting > workers.most * QUEUE_PER_WORKER) return tooMany;
    const request = parse(body);
    if (request === null || typeof request.input !== 'object' || request.input === null) {
      return problem(400, 'The request must have an "input" object');
    }
    const policy = readPolicy(request.policy);
    if (typeof policy === 'string') return problem(400, policy);
    const id = `${sync ? 'sync-' : ''}${randomUUID()}-u1`;
    book.submit(id, request.input, policy, sync ? options.keepRunsyncMs : options.keepRunMs, Date.now());
    pool?.wake();
    return { id };
  }

  async function runsync(body: string, query: URLSearchParams): Promise<Answer> {
    const submitted = submit(body, true);
    if ('status' in submitted) return submitted;
    const until = Date.now() + Math.min(300_000, Math.max(1000, Number(query.get('wait') ?? RUNSYNC_WAIT_MS)));
    for (;;) {
      const job = book.find(submitted.id, Date.now());
      if (job === null) return unknownJob;
      if (isFinal(job.status)) return { status: 200, body: statusBody(job) };
      if (Date.now() >= until) return { status: 200, body: { id: job.id, status: job.status } };
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  function onJob(operation: 'status' | 'cancel' | 'retry', id: string): Answer {
    const now = Date.now();
    const job = book.find(id, now);
    if (job === null) return unknownJob;
    if (operation === 'cancel') {
      book.cancel(id, now);
      pool?.abandon(id);
      return { status: 200, body: { id, status: job.status } };
    }
    if (operation === 'retry') {
      if (!book.retry(id, now)) return problem(400, 'Only FAILED or TIMED_OUT jobs can be retried');
      pool?.wake();
      return { status: 200, body: { id, status: 'IN_QUEUE' } };
    }
    const { delayTime, executionTime, ...rest } = statusBody(job);
    return { status: 200, body: faults.withoutTimes() ? rest : { delayTime, executionTime, ...rest } };
  }

  return {
    book,
    async handle(operation, id, body, query) {
      if (!allows(operation, Date.now())) return tooMany;
      switch (operation) {
        case 'run': {
          const submitted = submit(body, false);
          return 'status' in submitted ? submitted : { status: 200, body: { id: submitted.id, status: 'IN_QUEUE' } };
        }
        case 'runsync':
          return runsync(body, query);
        case 'status':
        case 'cancel':
        case 'retry':
          return id === null ? unknownJob : onJob(operation, id);
        case 'purge-queue':
          return { status: 200, body: { removed: book.purge(Date.now()), status: 'completed' } };
        case 'health':
          return {
            status: 200,
            body: {
              jobs: book.counts(Date.now()),
              workers: pool?.counts() ?? { idle: 0, initializing: 0, ready: 0, running: 0, throttled: 0, unhealthy: 0 },
            },
          };
      }
    },
    close() {
      clearInterval(watch);
      pool?.close();
    },
  };
}

function parse(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function readPolicy(value: unknown): RunpodPolicy | string {
  const {
    executionTimeout = DEFAULT_EXECUTION_MS,
    ttl = DEFAULT_TTL_MS,
    lowPriority = false,
  } = (value ?? {}) as Record<string, unknown>;
  if (typeof executionTimeout !== 'number' || executionTimeout <= 5000) return 'executionTimeout must be over 5000 ms';
  if (typeof ttl !== 'number' || ttl < 10_000 || ttl > WEEK_MS) return 'ttl must be from 10000 ms to one week';
  return { executionTimeoutMs: executionTimeout, ttlMs: ttl, lowPriority: lowPriority === true };
}
