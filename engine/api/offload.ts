/** The routes that move jobs which have not begun to another target, and back. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { BringBackBodySchema, OffloadAnswerSchema, OffloadBodySchema } from '../../contract/offload.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { optionalBody } from './optional-body.ts';

const TAGS = ['jobs'];

export function registerOffload(app: FastifyInstance, { jobs }: { readonly jobs: Pick<Jobs, 'offload'> }): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.post(
    MANAGER_ROUTES.offload,
    {
      schema: {
        tags: TAGS,
        summary: 'Move jobs that have not begun to a target; what cannot move stays and says why',
        body: OffloadBodySchema,
        response: { 200: OffloadAnswerSchema },
      },
    },
    async ({ body }) => jobs.offload.move(body.target, body.jobs),
  );

  routes.post(
    MANAGER_ROUTES.bringBack,
    {
      schema: {
        tags: TAGS,
        summary: 'Bring back what was moved and has not begun there',
        body: optionalBody(BringBackBodySchema),
        response: { 200: OffloadAnswerSchema },
      },
    },
    async ({ body }) => jobs.offload.bringBack(body.jobs),
  );
}
