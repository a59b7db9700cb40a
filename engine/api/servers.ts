/** The routes of other ComfyUI servers: add, change, test, pause, remove. Keys go through /manager/secrets. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { EndpointNameSchema } from '../../contract/endpoints.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import {
  PauseTargetBodySchema,
  ServerBodySchema,
  ServerSchema,
  ServersSchema,
  ServerTestSchema,
} from '../../contract/targets.ts';
import type { Jobs } from '../jobs/jobs.ts';

const NameSchema = z.object({ name: EndpointNameSchema });
const TAGS = ['targets'];

export function registerServers(app: FastifyInstance, { jobs }: { readonly jobs: Pick<Jobs, 'servers'> }): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const { servers } = jobs;
  const one = `${MANAGER_ROUTES.servers}/:name`;

  routes.get(
    MANAGER_ROUTES.servers,
    { schema: { tags: TAGS, summary: 'Other ComfyUI servers', response: { 200: ServersSchema } } },
    async () => ({ servers: servers.list() }),
  );

  routes.put(
    one,
    {
      schema: {
        tags: TAGS,
        summary: 'Add or change one; its key, if it asks for one, is the secret server.<name>.key',
        params: NameSchema,
        body: ServerBodySchema,
        response: { 200: ServerSchema },
      },
    },
    async (request) => servers.save(request.params.name, request.body),
  );

  routes.delete(
    one,
    { schema: { tags: TAGS, summary: 'Remove one, with its key', params: NameSchema } },
    async (request, reply) => {
      await servers.remove(request.params.name);
      return reply.status(204).send();
    },
  );

  routes.post(
    `${one}/test`,
    {
      schema: {
        tags: TAGS,
        summary: 'Ask whether it answers; wakes nobody',
        params: NameSchema,
        response: { 200: ServerTestSchema },
      },
    },
    async (request) => servers.test(request.params.name),
  );

  routes.post(
    `${one}/pause`,
    {
      schema: {
        tags: TAGS,
        summary: 'Send nothing more to it, or use it again',
        params: NameSchema,
        body: PauseTargetBodySchema,
        response: { 200: ServerSchema },
      },
    },
    async (request) => servers.pause(request.params.name, request.body.paused),
  );
}
