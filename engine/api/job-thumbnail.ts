/** The route of a job's small picture, for lists of jobs. It wakes nothing and is no activity. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { GalleryMediaQuerySchema } from '../../contract/gallery.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { JobThumbnails } from '../gallery/job-thumbnails.ts';
import { resultHeaders } from './result-headers.ts';

export interface JobThumbnailRooms {
  readonly jobThumbnails: JobThumbnails;
}

const IdSchema = z.object({ id: z.string().min(1).max(100) });

export function registerJobThumbnail(app: FastifyInstance, { jobThumbnails }: JobThumbnailRooms): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    `${MANAGER_ROUTES.jobs}/:id/thumbnail`,
    {
      schema: {
        tags: ['jobs'],
        summary: 'A small picture (WebP) of what the job made; 204 when there is none',
        params: IdSchema,
        querystring: GalleryMediaQuerySchema,
      },
    },
    async (request, reply) => {
      const leaving = new AbortController();
      reply.raw.on('close', () => leaving.abort());
      const path = await jobThumbnails.of(request.params.id, leaving.signal);
      const facts = path === null ? null : await stat(path).catch(() => null);
      if (path === null || facts === null) return reply.header('cache-control', 'no-store').status(204).send();
      const isFixed = request.query.v !== undefined;
      return reply
        .headers({
          ...resultHeaders({ sha256: null, type: 'image/webp', filename: `${request.params.id}.webp` }),
          'cache-control': isFixed ? 'private, max-age=31536000, immutable' : 'private, no-cache',
          'content-length': facts.size,
        })
        .send(createReadStream(path));
    },
  );
}
