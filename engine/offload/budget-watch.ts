/** Tells, once a day for each endpoint, that jobs wait because its limit is reached. Spends and moves nothing. */
import type { Endpoint } from '../../contract/endpoints.ts';
import type { JobNotice } from '../../contract/events.ts';
import type { JobChange } from '../jobs/queue.ts';
import { refusal } from '../money/budget.ts';
import type { Clock } from '../platform/clock.ts';
import type { Unsubscribe } from '../platform/listeners.ts';

export interface BudgetWatchDeps {
  readonly queue: { onChange(listener: (change: JobChange) => void): Unsubscribe };
  readonly endpoints: { list(): readonly Endpoint[] };
  readonly tell: (notice: JobNotice) => void;
  readonly clock: Clock;
}

export function createBudgetWatch({ queue, endpoints, tell, clock }: BudgetWatchDeps): Unsubscribe {
  const toldOn = new Map<string, string>();
  return queue.onChange(({ job }) => {
    if (job.state.kind !== 'queued' || job.note === null) return;
    const today = new Date(clock.now()).toDateString();
    if (toldOn.get(job.wantedTarget) === today) return;
    const endpoint = endpoints.list().find(({ name }) => name === job.wantedTarget);
    const reason = endpoint === undefined || endpoint.paused !== null ? null : refusal(endpoint, endpoint.spend);
    if (reason === null) return;
    toldOn.set(job.wantedTarget, today);
    tell({ kind: 'budgetReached', target: job.wantedTarget, reason });
  });
}
