/** The supervisor as those see it who wake ComfyUI for somebody: while the card is lent nothing wakes it but the user's own word. */
import { AppError } from '../platform/app-error.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import type { Courtesy } from './courtesy.ts';

export function guardSupervisor(
  supervisor: Supervisor,
  courtesy: Pick<Courtesy, 'refusal' | 'resume' | 'comeBack'>,
): Supervisor {
  return {
    ...supervisor,
    async ensureRunning(reason, options) {
      if (reason === 'user' && courtesy.refusal() !== null) courtesy.resume();
      const refusal = courtesy.refusal();
      if (refusal !== null) {
        if (reason === 'launch') courtesy.comeBack();
        throw refusal;
      }
      try {
        return await supervisor.ensureRunning(reason, options);
      } catch (error) {
        // Its start was cut short to free the card.
        const isCancelled = error instanceof AppError && error.code === 'start_cancelled';
        throw (isCancelled && options?.signal?.aborted !== true ? courtesy.refusal() : null) ?? error;
      }
    },
    async restart(options) {
      if (courtesy.refusal() !== null) courtesy.resume();
      return supervisor.restart(options);
    },
  };
}
