/** The route of a running job's latest preview. It wakes nothing and is no activity. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { LivePreviews } from '../comfyui/live-previews.ts';

export interface JobPreviewRooms {
  readonly livePreviews: Pick<LivePreviews, 'latest'>;
}

const IdSchema = z.object({ id: z.string().min(1).max(100) });

export function registerJobPreview(app: FastifyInstance, { livePreviews }: JobPreviewRooms): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    `${MANAGER_ROUTES.jobs}/:id/preview`,
    {
      schema: {
        tags: ['jobs'],
        summary: 'The latest picture of what a running job, or prompt of that id, works on; 204 when there is none',
        params: IdSchema,
      },
    },
    async (request, reply) => {
      const picture = livePreviews.latest(request.params.id);
      reply.header('cache-control', 'no-store');
      return picture === null ? reply.status(204).send() : reply.type(picture.type).send(picture.bytes);
    },
  );
}
