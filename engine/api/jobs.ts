/** The jobs routes: submit, list, look, cancel, retry, reorder, remove, follow, fetch results. Each asks the room of jobs one thing. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { JobCheckSchema } from '../../contract/job-check.ts';
import {
  type Job,
  type JobList,
  JobListSchema,
  JobSchema,
  ListJobsQuerySchema,
  MoveJobBodySchema,
  RetryJobBodySchema,
  type SubmitJobBody,
  SubmitJobBodySchema,
} from '../../contract/jobs.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { AUTO } from '../jobs/scheduler.ts';
import type { NewJob } from '../jobs/store.ts';
import { AppError } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import { optionalBody } from './optional-body.ts';
import { resultHeaders } from './result-headers.ts';

export interface JobRooms {
  readonly clock: Clock;
  readonly jobs: Jobs;
}

/** A workflow that carries its pictures inside. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const HEARTBEAT_MS = 15_000;

const IdSchema = z.object({ id: z.string().min(1).max(100) });
const OutputParamsSchema = IdSchema.extend({ n: z.coerce.number().int().min(0) });
const SubmitHeadersSchema = z.looseObject({ 'idempotency-key': z.string().min(1).max(200).optional() });
const TAGS = ['jobs'];

export function registerJobs(app: FastifyInstance, { clock, jobs }: JobRooms): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const { queue, store, listing, endpoints, idempotency, preflight } = jobs;

  function look(id: string): Job {
    const job = store.job(id);
    if (job === null) throw new AppError('job_not_found', `There is no job ${id}.`, { details: { id } });
    return { ...job, progress: queue.progress(id) };
  }

  /** Nothing is taken on that is known to fail for money. */
  function checkParity({ target, workflow }: SubmitJobBody): void {
    if (!endpoints.list().some(({ name }) => name === target)) return;
    const missing = preflight.lacks(target, workflow);
    if (missing !== null) throw new AppError('missing_on_endpoint', missing.message, { details: { target } });
  }

  function checkTarget(wanted: string): void {
    const names = [AUTO, ...jobs.targetNames()];
    if (names.includes(wanted)) return;
    throw new AppError('target_unknown', `There is no target "${wanted}".`, { details: { targets: names } });
  }

  routes.post(
    MANAGER_ROUTES.jobs,
    {
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        tags: TAGS,
        summary: 'Submit a workflow; answers when it is on disk. Header Idempotency-Key: sent twice, made once',
        headers: SubmitHeadersSchema,
        body: SubmitJobBodySchema,
        response: { 200: JobSchema, 201: JobSchema },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      checkTarget(request.body.target);
      checkParity(request.body);
      const job = newJob(request.body);
      if (key === undefined) return reply.status(201).send(look(await queue.submit(job)));
      const { jobId, repeated } = await idempotency.once(key, request.body, () => queue.add(job));
      if (!repeated) queue.added(jobId);
      return reply.status(repeated ? 200 : 201).send(look(jobId));
    },
  );

  routes.post(
    MANAGER_ROUTES.jobCheck,
    {
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        tags: TAGS,
        summary: 'A dry run of a submission: what it needs, what is missing there, what it would cost. Sends nothing',
        body: SubmitJobBodySchema,
        response: { 200: JobCheckSchema },
      },
    },
    async (request) => {
      checkTarget(request.body.target);
      return preflight.check(request.body);
    },
  );

  routes.get(
    MANAGER_ROUTES.jobs,
    {
      schema: {
        tags: TAGS,
        summary: 'Jobs, newest first or what waits in its order, filtered and paged',
        querystring: ListJobsQuerySchema,
        response: { 200: JobListSchema },
      },
    },
    async (request): Promise<JobList> => {
      const { state, target, tag, user_id: userId, search, order, limit, cursor } = request.query;
      const filter = { states: state, target, tag, userId, search };
      const page = order === 'place' ? listing.waiting(filter, limit, cursor) : listing.page(filter, limit, cursor);
      return { jobs: [...page.jobs], nextCursor: page.nextCursor, counts: store.counts() };
    },
  );

  routes.get(
    `${MANAGER_ROUTES.jobs}/:id`,
    { schema: { tags: TAGS, summary: 'One job', params: IdSchema, response: { 200: JobSchema } } },
    async (request) => look(request.params.id),
  );

  routes.post(
    `${MANAGER_ROUTES.jobs}/:id/cancel`,
    {
      schema: {
        tags: TAGS,
        summary: 'Cancel: a waiting job at once, a running one as soon as its target can',
        params: IdSchema,
        response: { 200: JobSchema },
      },
    },
    async (request) => {
      await queue.cancel(request.params.id);
      return look(request.params.id);
    },
  );

  routes.post(
    `${MANAGER_ROUTES.jobs}/:id/retry`,
    {
      schema: {
        tags: TAGS,
        summary: 'Queue a failed or cancelled job again, here or elsewhere',
        params: IdSchema,
        body: optionalBody(RetryJobBodySchema),
        response: { 200: JobSchema },
      },
    },
    async (request) => {
      const { target } = request.body;
      if (target !== undefined) checkTarget(target);
      await queue.retry(request.params.id, target);
      return look(request.params.id);
    },
  );

  routes.post(
    `${MANAGER_ROUTES.jobs}/:id/move`,
    {
      schema: {
        tags: TAGS,
        summary: 'Put a waiting job before another, or last',
        params: IdSchema,
        body: MoveJobBodySchema,
        response: { 200: JobSchema },
      },
    },
    async (request) => {
      await queue.moveBefore(request.params.id, request.body.before);
      return look(request.params.id);
    },
  );

  routes.delete(
    `${MANAGER_ROUTES.jobs}/:id`,
    { schema: { tags: TAGS, summary: 'Forget an ended job and its results', params: IdSchema } },
    async (request, reply) => {
      await queue.remove(request.params.id);
      return reply.status(204).send();
    },
  );

  routes.get(
    `${MANAGER_ROUTES.jobs}/:id/events`,
    {
      schema: {
        tags: TAGS,
        summary: 'Server-sent `job` events: the job now, and at every change; ends with the job',
        params: IdSchema,
      },
    },
    async (request, reply) => followJob(reply, request.params.id),
  );

  routes.get(
    `${MANAGER_ROUTES.jobs}/:id/outputs/:n`,
    { schema: { tags: TAGS, summary: 'A result', params: OutputParamsSchema } },
    async (request, reply) => {
      const { id, n } = request.params;
      const output = store.output(id, n);
      const file = output === null ? null : await jobs.openResult(output);
      if (output === null || file === null) {
        throw new AppError('output_not_found', `The job ${id} has no result ${n}.`, { details: { id, n } });
      }
      const headers = resultHeaders(output);
      reply.headers(headers);
      if (headers.etag !== undefined && request.headers['if-none-match'] === headers.etag)
        return reply.status(304).send();
      return reply.header('content-length', file.bytes).send(file.stream());
    },
  );

  function followJob(reply: FastifyReply, id: string): void {
    look(id);
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    function tell(): void {
      // A failed or cancelled job is told of again when its run lets go of it: a write after the end would end the engine.
      if (raw.writableEnded) return;
      const job = store.summary(id);
      if (job !== null) raw.write(`event: job\ndata: ${JSON.stringify({ ...job, progress: queue.progress(id) })}\n\n`);
      if (job === null || (job.state.kind !== 'queued' && job.state.kind !== 'running')) raw.end();
    }
    function beat(): void {
      raw.write(': still here\n\n');
      cancelBeat = clock.after(HEARTBEAT_MS, beat);
    }
    let cancelBeat = clock.after(HEARTBEAT_MS, beat);
    const stopListening = queue.onChange(({ job }) => {
      if (job.id === id) tell();
    });
    raw.on('close', () => {
      stopListening();
      cancelBeat();
    });
    tell();
  }
}

function newJob(body: SubmitJobBody): NewJob {
  return {
    source: 'api',
    workflow: body.workflow,
    extraData: body.extra_data ?? null,
    wantedTarget: body.target,
    priority: body.priority,
    title: body.title ?? null,
    tags: body.tags,
    userId: body.user_id ?? null,
    maxAttempts: body.max_attempts,
  };
}
