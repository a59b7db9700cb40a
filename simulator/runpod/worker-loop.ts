/**
 * The worker's side, for a real serverless worker process: it asks for a job, pings, and posts what came out. Recorded from runpod 1.7.13
 * with `RUNPOD_WEBHOOK_GET_JOB`, `RUNPOD_WEBHOOK_POST_OUTPUT` and `RUNPOD_WEBHOOK_PING` pointed at a local server.
 */
import type { Answer } from './endpoint.ts';
import type { Faults } from './faults.ts';
import type { JobBook } from './job-book.ts';

/** @returns null for a path that is none of the loop's */
export function answerWorker(book: JobBook, faults: Faults, method: string, path: string, body: string): Answer | null {
  const [, route, , jobId] = path.split('/');
  if (method === 'GET' && route === 'job-take') {
    const job = faults.throttled() ? null : book.take(Date.now());
    return job === null ? { status: 204, body: null } : { status: 200, body: { id: job.id, input: job.input } };
  }
  if (method === 'GET' && route === 'ping') return { status: 200, body: {} };
  if (method === 'POST' && route === 'job-done' && jobId !== undefined) {
    const { output, error } = JSON.parse(body) as { output?: unknown; error?: unknown };
    const told = {
      ...(output === undefined ? {} : { output }),
      ...(error === undefined ? {} : { error: String(error) }),
    };
    const result = faults.bend(told);
    if (result !== 'never') book.finish(jobId, result, Date.now());
    return { status: 200, body: {} };
  }
  return null;
}
