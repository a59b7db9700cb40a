/** Settings out into a file for another Stoker, and in from one. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { SettingsFileSchema, SettingsImportAnswerSchema } from '../../contract/settings-file.ts';
import { AppError } from '../platform/app-error.ts';
import type { SettingsStore } from '../platform/settings.ts';

export interface SettingsTransferRooms {
  readonly settings: Pick<SettingsStore, 'exported' | 'replace'>;
}

export function registerSettingsTransfer(app: FastifyInstance, { settings }: SettingsTransferRooms): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    MANAGER_ROUTES.settingsExport,
    {
      schema: {
        tags: ['settings'],
        summary: 'The saved settings as a file, without secrets',
        response: { 200: SettingsFileSchema },
      },
    },
    async (_request, reply) => {
      reply.header('content-disposition', 'attachment; filename="stoker-settings.json"');
      return { stoker: 1 as const, settings: settings.exported() };
    },
  );

  routes.post(
    MANAGER_ROUTES.settingsImport,
    {
      schema: {
        tags: ['settings'],
        summary: 'Put such a file in the place of the saved settings; ?dryRun=true tells what would change',
        querystring: z.object({ dryRun: z.stringbool().default(false) }),
        body: SettingsFileSchema,
        response: { 200: SettingsImportAnswerSchema },
      },
    },
    async (request) => {
      const { dryRun } = request.query;
      const { changes, problems } = settings.replace(request.body.settings, dryRun);
      if (!dryRun && problems.length > 0) {
        const sentence = problems.map(({ key, message }) => `${key} ${message}`).join('; ');
        throw new AppError('invalid_settings', `These settings cannot be used: ${sentence}.`, {
          details: { fields: Object.fromEntries(problems.map(({ key, message }) => [key, message])) },
        });
      }
      return { changes: [...changes], problems: [...problems] };
    },
  );
}
