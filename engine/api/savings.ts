/** The route that tells what sleeping has saved and what remote work has cost. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { SavingsSchema } from '../../contract/savings.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { SavingsWatch } from '../savings/savings-watch.ts';

export interface SavingsRooms {
  readonly savings: Pick<SavingsWatch, 'answer'>;
  readonly jobs: Pick<Jobs, 'remoteSpend'>;
}

export function registerSavings(app: FastifyInstance, { savings, jobs }: SavingsRooms): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    MANAGER_ROUTES.savings,
    {
      schema: {
        tags: ['state'],
        summary: 'Time, GPU hours and energy saved by sleeping; money spent remotely by day and month',
        response: { 200: SavingsSchema },
      },
    },
    async () => ({ ...savings.answer(), remote: jobs.remoteSpend() }),
  );
}
