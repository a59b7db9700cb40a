/** What the API port answers: the routes about work below `/v1`, and how it does. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { MANAGER_PREFIX } from '../../../contract/manager-api.ts';
import type { Status } from '../../../contract/status.ts';
import { ApiHealthSchema } from '../../../contract/tokens.ts';
import type { Log } from '../../platform/log.ts';
import { createApp } from '../app.ts';
import type { JobRooms } from '../jobs.ts';
import { registerWork } from '../work-routes.ts';

export interface PortRoutes {
  handle(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

const V1 = '/v1/';

export async function createPortRoutes(deps: {
  readonly rooms: JobRooms & { readonly status: () => Status };
  readonly version: string;
  readonly log: Log;
}): Promise<PortRoutes> {
  const { rooms, version, log } = deps;
  const words = {
    title: 'Stoker API',
    description: 'Durable jobs for ComfyUI workflows. Every request brings `Authorization: Bearer …`.',
    version,
    // One set of routes for both places: here their prefix goes unsaid, and what does not begin with /v1/ is nowhere.
    rewrite: (url: string) => (url.startsWith(V1) ? `${MANAGER_PREFIX}${url}` : '/'),
    pathOf: (url: string) => url.replace(MANAGER_PREFIX, ''),
  };
  const app = await createApp(words, log);
  await app.register(async (scope) => {
    registerWork(scope, rooms);
    scope
      .withTypeProvider<ZodTypeProvider>()
      .get(
        `${MANAGER_PREFIX}${V1}health`,
        { schema: { tags: ['health'], summary: 'How Stoker does', response: { 200: ApiHealthSchema } } },
        async () => {
          const { state, jobs } = rooms.status();
          return { version, comfyui: state, jobs: { waiting: jobs.waiting, running: jobs.running } };
        },
      );
    scope.get(`${MANAGER_PREFIX}${V1}openapi.json`, { schema: { hide: true } }, async () => app.swagger());
  });
  await app.ready();
  return {
    handle: (request, response) => app.routing(request, response),
    close: () => app.close(),
  };
}
