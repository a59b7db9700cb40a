/** `/manager/v1/tokens`: who may use the API port. A token goes out once, when it is made. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { CreatedTokenSchema, CreateTokenBodySchema, TokenNameSchema, TokensSchema } from '../../contract/tokens.ts';
import { AppError } from '../platform/app-error.ts';
import type { ApiPort } from './port/api-port.ts';
import type { Tokens } from './port/tokens.ts';

export interface TokenRooms {
  readonly tokens: Tokens;
  readonly apiPort: Pick<ApiPort, 'adjust' | 'state'>;
}

const TAGS = ['tokens'];

export function registerTokens(app: FastifyInstance, { tokens, apiPort }: TokenRooms): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    MANAGER_ROUTES.tokens,
    {
      schema: {
        tags: TAGS,
        summary: 'Tokens of the API port, by name, and where it listens',
        response: { 200: TokensSchema },
      },
    },
    async () => ({ tokens: tokens.list(), ...apiPort.state() }),
  );

  routes.post(
    MANAGER_ROUTES.tokens,
    {
      schema: {
        tags: TAGS,
        summary: 'Make one; the first opens the port. This answer alone tells it',
        body: CreateTokenBodySchema,
        response: { 201: CreatedTokenSchema },
      },
    },
    async (request, reply) => {
      const { name } = request.body;
      const token = tokens.create(name);
      await apiPort.adjust();
      const made = tokens.list().find((each) => each.name === name);
      if (made === undefined) throw new AppError('token_not_found', `"${name}" was revoked at once.`);
      return reply.status(201).send({ ...made, token, ...apiPort.state() });
    },
  );

  routes.delete(
    `${MANAGER_ROUTES.tokens}/:name`,
    {
      schema: {
        tags: TAGS,
        summary: 'Revoke one, and end what it has under way here; without the last the port closes',
        params: z.object({ name: TokenNameSchema }),
      },
    },
    async (request, reply) => {
      tokens.revoke(request.params.name);
      await apiPort.adjust();
      return reply.status(204).send();
    },
  );
}
