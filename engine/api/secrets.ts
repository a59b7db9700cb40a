/** `/manager/secrets`: which secrets are kept and where. A value comes in here and never goes out. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { PutSecretBodySchema, SecretNameSchema, SecretsAnswerSchema } from '../../contract/secrets.ts';
import { AppError } from '../platform/app-error.ts';
import type { SecretStore } from '../platform/secrets.ts';
import type { SettingsStore } from '../platform/settings.ts';

export interface SecretRooms {
  readonly secrets: Pick<SecretStore, 'answer' | 'stored' | 'save'>;
  readonly settings: Pick<SettingsStore, 'checkSecret'>;
}

const ONE_SECRET = `${MANAGER_ROUTES.secrets}/:name`;
const params = z.object({ name: SecretNameSchema });

export function registerSecrets(app: FastifyInstance, { secrets, settings }: SecretRooms): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    MANAGER_ROUTES.secrets,
    {
      schema: {
        tags: ['secrets'],
        summary: 'Names and places of what is kept; never a value',
        response: { 200: SecretsAnswerSchema },
      },
    },
    async () => secrets.answer(),
  );

  routes.put(
    ONE_SECRET,
    {
      schema: {
        tags: ['secrets'],
        summary: 'Keep a secret, in a file of mode 0600 or in memory; one from the environment goes before it',
        params,
        body: PutSecretBodySchema,
        response: { 200: SecretsAnswerSchema },
      },
    },
    async (request) => {
      const { name } = request.params;
      const { value, place } = request.body;
      settings.checkSecret(name, value);
      secrets.save(name, value, place);
      return secrets.answer();
    },
  );

  routes.delete(
    ONE_SECRET,
    {
      schema: {
        tags: ['secrets'],
        summary: 'Forget a secret',
        params,
        response: { 200: SecretsAnswerSchema },
      },
    },
    async (request) => {
      const { name } = request.params;
      if (secrets.stored(name) === null) throw new AppError('secret_not_found', `No secret "${name}" is kept here.`);
      settings.checkSecret(name, null);
      secrets.save(name, null, 'file');
      return secrets.answer();
    },
  );
}
