/** Where jobs may run, and what each place offers now. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { TargetsSchema } from '../../contract/targets.ts';
import type { Jobs } from '../jobs/jobs.ts';

export function registerTargets(app: FastifyInstance, { jobs }: { readonly jobs: Pick<Jobs, 'targets'> }): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    MANAGER_ROUTES.targets,
    {
      schema: {
        tags: ['targets'],
        summary: 'Where jobs may run, and what each takes now',
        response: { 200: TargetsSchema },
      },
    },
    async () => ({ targets: jobs.targets() }),
  );
}
