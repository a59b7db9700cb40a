/** The routes of RunPod endpoints: add, change, test, pause, remove; and the one that cancels everything remote. Keys go through /manager/secrets. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  CancelRemoteSchema,
  EmptiedEndpointSchema,
  EndpointBodySchema,
  EndpointNameSchema,
  EndpointSchema,
  EndpointsSchema,
  EndpointTestSchema,
} from '../../contract/endpoints.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type EndpointHas, EndpointHasSchema, EndpointListsSchema } from '../../contract/parity.ts';
import { PauseTargetBodySchema } from '../../contract/targets.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { AppError } from '../platform/app-error.ts';
import type { KnownThings } from '../preflight/parity.ts';

const NameSchema = z.object({ name: EndpointNameSchema });
const TAGS = ['endpoints'];

export function registerEndpoints(app: FastifyInstance, { jobs }: { readonly jobs: Jobs }): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const { endpoints, preflight } = jobs;

  function has(name: string): EndpointHas {
    if (!endpoints.list().some((each) => each.name === name)) {
      throw new AppError('endpoint_unknown', `There is no endpoint "${name}".`, { details: { name } });
    }
    const { nodeTypes, models } = preflight.lessons.place(name);
    const learnt = ({ present, absent }: KnownThings) => ({ present: [...present].sort(), absent: [...absent].sort() });
    const { nodeTypes: listedNodeTypes, models: listedModels } = preflight.lessons.lists(name);
    return {
      lists: { nodeTypes: listedNodeTypes && [...listedNodeTypes], models: listedModels && [...listedModels] },
      learnt: { nodeTypes: learnt(nodeTypes), models: learnt(models) },
    };
  }

  async function forgetAll(name: string): Promise<void> {
    await preflight.setLists(name, { nodeTypes: null, models: null });
    await preflight.forget(name);
  }

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
    async (request) => {
      const { name } = request.params;
      const before = endpoints.list().find((each) => each.name === name);
      // Another endpoint under an old name: what runs have taught is not about it.
      if (before !== undefined && before.endpointId !== request.body.endpointId) await forgetAll(name);
      return endpoints.save(name, request.body);
    },
  );

  routes.delete(
    one,
    { schema: { tags: TAGS, summary: 'Remove one, with its key', params: NameSchema } },
    async (request, reply) => {
      await endpoints.remove(request.params.name);
      await forgetAll(request.params.name);
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
    `${one}/empty`,
    {
      schema: {
        tags: TAGS,
        summary: 'Take everything that waits off its queue, the jobs of other programs too',
        params: NameSchema,
        response: { 200: EmptiedEndpointSchema },
      },
    },
    async (request) => jobs.emptyEndpoint(request.params.name),
  );

  routes.post(
    `${one}/pause`,
    {
      schema: {
        tags: TAGS,
        summary: 'Send nothing more to it, or use it again',
        params: NameSchema,
        body: PauseTargetBodySchema,
        response: { 200: EndpointSchema },
      },
    },
    async (request) => endpoints.pause(request.params.name, request.body.paused),
  );

  routes.get(
    `${one}/has`,
    {
      schema: {
        tags: TAGS,
        summary: 'What it is known to have and to lack',
        params: NameSchema,
        response: { 200: EndpointHasSchema },
      },
    },
    async (request) => has(request.params.name),
  );

  routes.put(
    `${one}/has`,
    {
      schema: {
        tags: TAGS,
        summary: 'Say what it has; what is not in a list is not there',
        params: NameSchema,
        body: EndpointListsSchema,
        response: { 200: EndpointHasSchema },
      },
    },
    async (request) => {
      has(request.params.name);
      await preflight.setLists(request.params.name, request.body);
      return has(request.params.name);
    },
  );

  routes.post(
    `${one}/forget`,
    {
      schema: {
        tags: TAGS,
        summary: 'Forget what runs have taught of what it has, after it was changed',
        params: NameSchema,
        response: { 200: EndpointHasSchema },
      },
    },
    async (request) => {
      has(request.params.name);
      await preflight.forget(request.params.name);
      return has(request.params.name);
    },
  );

  routes.post(
    MANAGER_ROUTES.cancelRemote,
    { schema: { tags: TAGS, summary: 'Cancel everything remote', response: { 200: CancelRemoteSchema } } },
    async () => ({ cancelled: await jobs.cancelRemote() }),
  );
}
