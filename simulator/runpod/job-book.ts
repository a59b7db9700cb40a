/**
 * The jobs of one endpoint and what they cost: statuses, limits of time, expiry. Pure bookkeeping: time comes in as epoch milliseconds,
 * and no worker or socket is known here. Source: RunPod's documentation as recorded in the contract (not re-checked against the real one).
 */

export type RunpodStatus = 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'TIMED_OUT';

export interface RunpodPolicy {
  /** From the start of the run. */
  readonly executionTimeoutMs: number;
  /** From the submission, whatever the state. */
  readonly ttlMs: number;
  readonly lowPriority: boolean;
}

export interface RunpodJob {
  readonly id: string;
  readonly input: unknown;
  readonly policy: RunpodPolicy;
  readonly keepMs: number;
  readonly createdAt: number;
  status: RunpodStatus;
  startedAt: number | null;
  endedAt: number | null;
  output: unknown;
  error: string | null;
  /** Whole run time charged, over all tries. */
  chargedMs: number;
  retries: number;
}

/** What a worker says at the end. `output` may come beside `error`. */
export interface WorkerResult {
  readonly output?: unknown;
  readonly error?: string;
}

export interface JobBook {
  submit(id: string, input: unknown, policy: RunpodPolicy, keepMs: number, now: number): RunpodJob;
  find(id: string, now: number): RunpodJob | null;
  /** The next job for a worker, which runs from now on; null when none waits. */
  take(now: number): RunpodJob | null;
  /** False when the job is not running any more: cancelled, timed out, expired. */
  finish(id: string, result: WorkerResult, now: number): boolean;
  /** A worker died: its job waits again. */
  giveBack(id: string, now: number): void;
  /** False when it has ended. */
  cancel(id: string, now: number): boolean;
  retry(id: string, now: number): boolean;
  /** Removes what waits; the number removed. */
  purge(now: number): number;
  counts(now: number): { completed: number; failed: number; inProgress: number; inQueue: number; retried: number };
  waiting(now: number): number;
  /** Every job that ever ran, with what it cost. */
  ledger(): { id: string; status: RunpodStatus; chargedMs: number }[];
  /** What every job was given, also when its result has expired. */
  inputs(): { id: string; input: unknown }[];
}

const FINAL: ReadonlySet<RunpodStatus> = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'TIMED_OUT']);
export const isFinal = (status: RunpodStatus): boolean => FINAL.has(status);

export function createJobBook(): JobBook {
  const jobs = new Map<string, RunpodJob>();
  const inputs = new Map<string, unknown>();
  const ledger = new Map<string, { id: string; status: RunpodStatus; chargedMs: number }>();
  const totals = { completed: 0, failed: 0, retried: 0 };

  function end(job: RunpodJob, status: RunpodStatus, now: number): void {
    charge(job, now);
    job.status = status;
    job.endedAt = now;
    if (status === 'COMPLETED') totals.completed += 1;
    if (status === 'FAILED' || status === 'TIMED_OUT') totals.failed += 1;
    note(job);
  }

  function charge(job: RunpodJob, now: number): void {
    if (job.status === 'IN_PROGRESS' && job.startedAt !== null) job.chargedMs += now - job.startedAt;
  }

  function note({ id, status, chargedMs }: RunpodJob): void {
    ledger.set(id, { id, status, chargedMs });
  }

  const executionDeadline = (job: RunpodJob): number | null =>
    job.status === 'IN_PROGRESS' && job.startedAt !== null ? job.startedAt + job.policy.executionTimeoutMs : null;

  const goneAt = (job: RunpodJob): number =>
    job.endedAt === null ? job.createdAt + job.policy.ttlMs : job.endedAt + job.keepMs;

  /** What time alone has done. */
  function settle(now: number): void {
    for (const job of jobs.values()) {
      const deadline = executionDeadline(job);
      if (deadline !== null && deadline <= now) {
        job.error = `job timed out after ${job.policy.executionTimeoutMs}ms`;
        end(job, 'TIMED_OUT', deadline);
      }
      if (goneAt(job) > now) continue;
      if (!isFinal(job.status)) end(job, 'TIMED_OUT', goneAt(job));
      else jobs.delete(job.id);
    }
  }

  function all(now: number): RunpodJob[] {
    settle(now);
    return [...jobs.values()];
  }

  const queued = (now: number): RunpodJob[] => all(now).filter(({ status }) => status === 'IN_QUEUE');

  return {
    submit(id, input, policy, keepMs, now) {
      const job: RunpodJob = {
        id,
        input,
        policy,
        keepMs,
        createdAt: now,
        status: 'IN_QUEUE',
        startedAt: null,
        endedAt: null,
        output: undefined,
        error: null,
        chargedMs: 0,
        retries: 0,
      };
      jobs.set(id, job);
      inputs.set(id, input);
      note(job);
      return job;
    },
    find(id, now) {
      settle(now);
      return jobs.get(id) ?? null;
    },
    take(now) {
      const waiting = queued(now);
      const job = waiting.find(({ policy }) => !policy.lowPriority) ?? waiting[0];
      if (job === undefined) return null;
      job.status = 'IN_PROGRESS';
      job.startedAt = now;
      note(job);
      return job;
    },
    finish(id, { output, error }, now) {
      settle(now);
      const job = jobs.get(id);
      if (job?.status !== 'IN_PROGRESS') return false;
      job.output = output;
      job.error = error ?? null;
      end(job, error === undefined ? 'COMPLETED' : 'FAILED', now);
      return true;
    },
    giveBack(id, now) {
      settle(now);
      const job = jobs.get(id);
      if (job?.status !== 'IN_PROGRESS') return;
      charge(job, now);
      job.status = 'IN_QUEUE';
      job.startedAt = null;
      job.retries += 1;
      totals.retried += 1;
      note(job);
    },
    cancel(id, now) {
      settle(now);
      const job = jobs.get(id);
      if (job === undefined || isFinal(job.status)) return false;
      end(job, 'CANCELLED', now);
      return true;
    },
    retry(id, now) {
      settle(now);
      const job = jobs.get(id);
      if (job === undefined || (job.status !== 'FAILED' && job.status !== 'TIMED_OUT')) return false;
      job.status = 'IN_QUEUE';
      job.startedAt = null;
      job.endedAt = null;
      job.output = undefined;
      job.error = null;
      job.retries += 1;
      totals.retried += 1;
      note(job);
      return true;
    },
    purge(now) {
      const waiting = queued(now);
      for (const job of waiting) {
        jobs.delete(job.id);
        ledger.set(job.id, { id: job.id, status: 'CANCELLED', chargedMs: job.chargedMs });
      }
      return waiting.length;
    },
    counts(now) {
      const present = all(now);
      const count = (status: RunpodStatus): number => present.filter((job) => job.status === status).length;
      return { ...totals, inProgress: count('IN_PROGRESS'), inQueue: count('IN_QUEUE') };
    },
    waiting: (now) => queued(now).length,
    ledger: () => [...ledger.values()],
    inputs: () => [...inputs].map(([id, input]) => ({ id, input })),
  };
}

/** The body of `/status`, `/runsync` and `/cancel`. Times are milliseconds; `output` and `error` are told only when final. */
export function statusBody(job: RunpodJob): Record<string, unknown> {
  const { id, status, createdAt, startedAt, endedAt, output, error, retries } = job;
  return {
    ...(startedAt === null ? {} : { delayTime: startedAt - createdAt }),
    ...(startedAt === null || endedAt === null ? {} : { executionTime: endedAt - startedAt }),
    id,
    ...(isFinal(status) && output !== undefined ? { output } : {}),
    ...(isFinal(status) && error !== null ? { error } : {}),
    ...(retries > 0 ? { retries } : {}),
    status,
  };
}
