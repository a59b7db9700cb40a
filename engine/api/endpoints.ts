/** The routes of RunPod endpoints: add, change, test, pause, remove; and the one that cancels everything remote. Keys go through /manager/secrets. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  CancelRemoteSchema,
  EndpointBodySchema,
  EndpointNameSchema,
  EndpointSchema,
  EndpointsSchema,
  EndpointTestSchema,
  PauseEndpointBodySchema,
} from '../../contract/endpoints.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { Jobs } from '../jobs/jobs.ts';

const NameSchema = z.object({ name: EndpointNameSchema });
const TAGS = ['endpoints'];

export function registerEndpoints(app: FastifyInstance, { jobs }: { readonly jobs: Jobs }): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const { endpoints } = jobs;
  const one = `${MANAGER_ROUTES.endpoints}/:name`;

  routes.get(
    MANAGER_ROUTES.endpoints,
    { schema: { tags: TAGS, summary: 'RunPod endpoints and what they cost', response: { 200: EndpointsSchema } } },
    async () => ({ endpoints: endpoints.list() }),
  );

  routes.put(
    one,
    {
      schema: {
        tags: TAGS,
        summary: 'Add or change one; its key is the secret endpoint.<name>.key',
        params: NameSchema,
        body: EndpointBodySchema,
        response: { 200: EndpointSchema },
      },
    },
    async (request) => endpoints.save(request.params.name, request.body),
  );

  routes.delete(
    one,
    { schema: { tags: TAGS, summary: 'Remove one, with its key', params: NameSchema } },
    async (request, reply) => {
      await endpoints.remove(request.params.name);
      return reply.status(204).send();
    },
  );

  routes.post(
    `${one}/test`,
    {
      schema: {
        tags: TAGS,
        summary: 'Ask its health; costs nothing',
        params: NameSchema,
        response: { 200: EndpointTestSchema },
      },
    },
    async (request) => endpoints.test(request.params.name),
  );

  routes.post(
    `${one}/pause`,
    {
      schema: {
        tags: TAGS,
        summary: 'Send nothing more to it, or use it again',
        params: NameSchema,
        body: PauseEndpointBodySchema,
        response: { 200: EndpointSchema },
      },
    },
    async (request) => endpoints.pause(request.params.name, request.body.paused),
  );

  routes.post(
    MANAGER_ROUTES.cancelRemote,
    { schema: { tags: TAGS, summary: 'Cancel everything remote', response: { 200: CancelRemoteSchema } } },
    async () => ({ cancelled: await jobs.cancelRemote() }),
  );
}
