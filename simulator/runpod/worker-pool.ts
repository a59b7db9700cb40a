/** Workers that come when there is work and go when there is none: cold start, one job at a time each, idle end. */
import { runJob } from './comfyui-worker.ts';
import type { JobBook, WorkerResult } from './job-book.ts';

export interface WorkerPool {
  /** There may be a job. */
  wake(): void;
  /** The platform no longer wants this job: its worker is interrupted. */
  abandon(jobId: string): void;
  /** As `/health` tells them. */
  counts(): {
    idle: number;
    initializing: number;
    ready: number;
    running: number;
    throttled: number;
    unhealthy: number;
  };
  close(): void;
}

export interface WorkerPoolDeps {
  readonly book: JobBook;
  readonly comfyuiUrl: string;
  readonly most: number;
  readonly coldStartMs: number;
  readonly idleMs: number;
  /** What the worker answers may be bent on its way (faults on demand). */
  readonly bend: (result: WorkerResult) => WorkerResult | 'never';
  /** No machine is to be had: workers stay throttled. */
  readonly throttled: () => boolean;
}

interface Worker {
  state: 'initializing' | 'idle' | 'running';
  jobId: string | null;
  stop: AbortController;
  timer: NodeJS.Timeout | null;
}

export function createWorkerPool(deps: WorkerPoolDeps): WorkerPool {
  const { book } = deps;
  const workers = new Set<Worker>();
  let closed = false;

  function wake(): void {
    if (closed || deps.throttled()) return;
    for (const worker of workers) if (worker.state === 'idle') void work(worker);
    const coming = [...workers].filter(({ state }) => state === 'initializing').length;
    if (book.waiting(Date.now()) > coming && workers.size < deps.most) start();
  }

  function start(): void {
    const worker: Worker = { state: 'initializing', jobId: null, stop: new AbortController(), timer: null };
    workers.add(worker);
    worker.timer = setTimeout(() => void work(worker), deps.coldStartMs);
  }

  async function work(worker: Worker): Promise<void> {
    if (worker.timer !== null) clearTimeout(worker.timer);
    // Claimed before anything waits: two wakes must not give one worker two jobs.
    for (let job = book.take(Date.now()); job !== null && !closed; job = book.take(Date.now())) {
      worker.state = 'running';
      worker.jobId = job.id;
      worker.stop = new AbortController();
      const result = deps.bend(await runJob(deps.comfyuiUrl, job.input, worker.stop.signal));
      if (result === 'never') await aborted(worker.stop.signal);
      else book.finish(job.id, result, Date.now());
      worker.jobId = null;
    }
    worker.state = 'idle';
    worker.timer = setTimeout(() => workers.delete(worker), deps.idleMs);
  }

  return {
    wake,
    abandon(jobId) {
      for (const worker of workers) if (worker.jobId === jobId) worker.stop.abort();
    },
    counts() {
      const count = (state: Worker['state']): number => [...workers].filter((worker) => worker.state === state).length;
      const waits = deps.throttled() && book.waiting(Date.now()) > 0;
      return {
        idle: count('idle'),
        initializing: count('initializing'),
        ready: count('idle'),
        running: count('running'),
        throttled: waits ? deps.most : 0,
        unhealthy: 0,
      };
    },
    close() {
      closed = true;
      for (const { timer, stop } of workers) {
        if (timer !== null) clearTimeout(timer);
        stop.abort();
      }
    },
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
