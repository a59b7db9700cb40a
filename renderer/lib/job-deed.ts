/** What can be done with jobs, and with which of them. Pure. */
import type { JobSummary } from '../../contract/jobs.ts';
import type { JobDoing } from '../../strings/vocabulary.ts';

export type JobDeed = Exclude<JobDoing, 'cancelRemote' | 'move'>;
export type JobMove = 'up' | 'down' | 'top' | 'bottom';

const AT_HOME = new Set(['auto', 'local']);

export function allows(job: JobSummary, deed: JobDeed): boolean {
  const { state } = job;
  switch (deed) {
    case 'cancel':
      return state.kind === 'queued' || (state.kind === 'running' && state.phase !== 'cancelling');
    case 'retry':
    case 'retryElsewhere':
      return state.kind === 'failed' || state.kind === 'cancelled';
    case 'offload':
      return state.kind === 'queued' && AT_HOME.has(job.wantedTarget);
    case 'bringBack':
      return state.kind === 'queued'
        ? !AT_HOME.has(job.wantedTarget)
        : state.kind === 'running' && state.phase === 'waiting' && !AT_HOME.has(state.target);
    case 'delete':
      return state.kind !== 'queued' && state.kind !== 'running';
  }
}

/** Nobody knows whether it ran: once more may cost once more. */
export const isUncertain = ({ state }: JobSummary): boolean =>
  state.kind === 'failed' && state.error.code === 'outcome_unknown';

/** What must be asked first; null: nothing is lost by it. */
export function questionBefore(deed: JobDeed, jobs: readonly JobSummary[]): 'delete' | 'uncertain' | null {
  if (deed === 'delete') return 'delete';
  return (deed === 'retry' || deed === 'retryElsewhere') && jobs.some(isUncertain) ? 'uncertain' : null;
}

/** The job that a waiting one comes before when it is moved, as the list shows them; undefined: it is there already. */
export function placeAfterMove(waiting: readonly JobSummary[], id: string, move: JobMove): string | null | undefined {
  const at = waiting.findIndex((job) => job.id === id);
  const last = waiting.length - 1;
  if (at < 0) return undefined;
  switch (move) {
    case 'up':
      return waiting[at - 1]?.id;
    case 'top':
      return at === 0 ? undefined : waiting[0]?.id;
    case 'down':
      return at === last ? undefined : (waiting[at + 2]?.id ?? null);
    case 'bottom':
      return at === last ? undefined : null;
  }
}
