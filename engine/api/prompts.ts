/** `GET /manager/prompts/{promptId}/preview`: what a prompt made, for a notification or a list. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { Previews } from '../comfyui/previews.ts';

export interface PromptRooms {
  readonly previews: Previews;
}

export function registerPrompts(app: FastifyInstance, rooms: PromptRooms): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    `${MANAGER_ROUTES.prompts}/:promptId/preview`,
    {
      schema: {
        tags: ['prompts'],
        summary: 'A picture of what the prompt made; neither wakes ComfyUI nor keeps it awake',
        params: z.object({ promptId: z.string().min(1).max(200) }),
      },
    },
    async (request, reply) => {
      const { contentType, bytes } = await rooms.previews.of(request.params.promptId);
      return reply.type(contentType).header('cache-control', 'private, max-age=3600').send(bytes);
    },
  );
}
