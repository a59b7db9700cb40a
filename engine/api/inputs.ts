/** `POST /v1/inputs`: takes a file that a workflow will name. Streamed to disk, never held in memory. */
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { InputQuerySchema, InputSchema, MOST_INPUT_BYTES } from '../../contract/inputs.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { AppError } from '../platform/app-error.ts';

const BINARY = 'application/octet-stream';

export function registerInputs(app: FastifyInstance, { jobs }: { readonly jobs: Pick<Jobs, 'inputs'> }): void {
  void app.register(async (scope) => {
    scope.addContentTypeParser(BINARY, { bodyLimit: MOST_INPUT_BYTES }, (_request, payload, done) =>
      done(null, payload),
    );
    scope.withTypeProvider<ZodTypeProvider>().post(
      MANAGER_ROUTES.inputs,
      {
        bodyLimit: MOST_INPUT_BYTES,
        schema: {
          tags: ['jobs'],
          summary: `Send a file that a workflow will name; the body is its content, as ${BINARY}`,
          consumes: [BINARY],
          querystring: InputQuerySchema,
          response: { 201: InputSchema },
        },
      },
      async (request, reply) => {
        if (request.headers['content-type'] !== BINARY) {
          throw new AppError('invalid_request', `Send the file as ${BINARY}.`);
        }
        return reply.status(201).send(await jobs.inputs.keep(request.query.name, request.body as Readable));
      },
    );
  });
}
