/** `POST /manager/check`: what the shell asks when the computer has woken up. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { type CheckAnswer, CheckAnswerSchema, MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { Happenings } from './happenings.ts';

export interface CheckRooms {
  readonly check: () => Promise<CheckAnswer>;
  readonly happenings: Pick<Happenings, 'add'>;
}

export function registerCheck(app: FastifyInstance, { check, happenings }: CheckRooms): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    MANAGER_ROUTES.check,
    {
      schema: {
        tags: ['engine'],
        summary: 'Look whether ComfyUI and its GPU live; restarts ComfyUI when the device is lost',
        response: { 200: CheckAnswerSchema },
      },
    },
    async () => {
      const answer = await check();
      const well = answer.comfyui === 'healthy' || (answer.comfyui === 'asleep' && answer.gpu !== 'lost');
      happenings.add('engine', well ? 'info' : 'warning', `Checked after a pause: ${answer.message}`);
      return answer;
    },
  );
}
