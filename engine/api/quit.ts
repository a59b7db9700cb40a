/** `POST /manager/quit`: the engine's end, asked for by a person. Answers first; the end itself is that of a signal. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { MANAGER_ROUTES, QuitAnswerSchema, QuitBodySchema } from '../../contract/manager-api.ts';
import type { Status } from '../../contract/status.ts';
import { optionalBody } from './optional-body.ts';
import { refuseToLoseWork, type WorkRooms } from './work-guard.ts';

export interface QuitRooms extends WorkRooms {
  readonly status: () => Status;
  /** Begins the end of the engine, ComfyUI included; twice is fine. */
  readonly askToEnd: () => void;
}

export function registerQuit(app: FastifyInstance, rooms: QuitRooms): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    MANAGER_ROUTES.quit,
    {
      schema: {
        tags: ['engine'],
        summary: 'End Stoker and ComfyUI; 409 while there is work unless forced',
        body: optionalBody(QuitBodySchema),
        response: { 202: QuitAnswerSchema },
      },
    },
    async (request, reply) => {
      const { force } = request.body;
      const { gateway, jobs } = rooms.status();
      await refuseToLoseWork(rooms, { force, heldRequests: gateway.heldRequests, remoteJobs: jobs.remote });
      // When the answer has left, or whoever asked for it has.
      reply.raw.once('close', rooms.askToEnd);
      return reply.status(202).send({ ending: true });
    },
  );
}
