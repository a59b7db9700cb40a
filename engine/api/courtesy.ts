/** `/manager/pause`, `/manager/resume` and `/manager/leases`: giving the card to others and taking it back. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { LeaseBodySchema, LeaseSchema, LeasesSchema, RenewBodySchema } from '../../contract/courtesy.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type Status, StatusSchema } from '../../contract/status.ts';
import type { Courtesy } from '../courtesy/courtesy.ts';

export interface CourtesyRooms {
  readonly courtesy: Pick<
    Courtesy,
    'status' | 'pause' | 'resume' | 'lease' | 'findLease' | 'renewLease' | 'endLease' | 'granted'
  >;
  readonly status: () => Status;
}

const ONE_LEASE = `${MANAGER_ROUTES.leases}/:id`;
const params = z.object({ id: z.string().min(1).max(100) });
const tags = ['courtesy'];

export function registerCourtesy(app: FastifyInstance, { courtesy, status }: CourtesyRooms): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.post(
    MANAGER_ROUTES.pause,
    {
      schema: {
        tags,
        summary: 'Finish what runs, keep what waits, and free the card until it is taken back',
        response: { 200: StatusSchema },
      },
    },
    async () => {
      courtesy.pause();
      return status();
    },
  );

  routes.post(
    MANAGER_ROUTES.resume,
    {
      schema: {
        tags,
        summary: 'Take the card back, from whoever has it; kept prompts go on where they were',
        response: { 200: StatusSchema },
      },
    },
    async () => {
      courtesy.resume();
      return status();
    },
  );

  routes.get(
    MANAGER_ROUTES.leases,
    { schema: { tags, summary: 'Who has asked for the card', response: { 200: LeasesSchema } } },
    async () => ({ leases: courtesy.status().leases }),
  );

  routes.post(
    MANAGER_ROUTES.leases,
    {
      schema: {
        tags,
        summary: 'Ask for the card; ?wait=true answers when it is free, and gives it back if you leave before',
        querystring: z.object({ wait: z.enum(['true', 'false']).default('false') }),
        body: LeaseBodySchema,
        response: { 201: LeaseSchema },
      },
    },
    async (request, reply) => {
      const lease = courtesy.lease(request.body);
      if (request.query.wait === 'false') return reply.status(201).send(lease);
      const leaving = new AbortController();
      const leave = () => leaving.abort();
      reply.raw.once('close', leave);
      const granted = await courtesy.granted(lease.id, leaving.signal);
      reply.raw.removeListener('close', leave);
      if (leaving.signal.aborted) courtesy.endLease(lease.id);
      return reply.status(201).send(granted);
    },
  );

  routes.get(
    ONE_LEASE,
    { schema: { tags, summary: 'One lease', params, response: { 200: LeaseSchema } } },
    async (request) => courtesy.findLease(request.params.id),
  );

  routes.post(
    `${ONE_LEASE}/renew`,
    {
      schema: {
        tags,
        summary: 'Keep the card for so many seconds from now on',
        params,
        body: RenewBodySchema,
        response: { 200: LeaseSchema },
      },
    },
    async (request) => courtesy.renewLease(request.params.id, request.body.seconds),
  );

  routes.delete(
    ONE_LEASE,
    { schema: { tags, summary: 'Give the card back', params, response: { 200: LeasesSchema } } },
    async (request) => {
      courtesy.endLease(request.params.id);
      return { leases: courtesy.status().leases };
    },
  );
}
