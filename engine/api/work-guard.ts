/** Nothing ends ComfyUI while it has work, unless the caller accepts the loss. Ends nothing itself. */
import type { QueueStatus } from '../../contract/status.ts';
import { AppError } from '../platform/app-error.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';

export interface WorkRooms {
  readonly supervisor: Pick<Supervisor, 'state'>;
  readonly queue: { refresh(): Promise<QueueStatus> };
}

export interface WorkQuestion {
  readonly force: boolean;
  /** Requests that wait for ComfyUI to wake, where they would be lost too. */
  readonly heldRequests?: number;
  /** Jobs on endpoints, where nobody would fetch their results any more. */
  readonly remoteJobs?: number;
}

/** @throws AppError work_in_progress with the counts in its details */
export async function refuseToLoseWork(
  { supervisor, queue }: WorkRooms,
  { force, heldRequests = 0, remoteJobs = 0 }: WorkQuestion,
): Promise<void> {
  if (force) return;
  // A ComfyUI that does not say what it works on is not kept for that: it hangs, or is about to end.
  const told = supervisor.state().kind === 'running' ? await queue.refresh().catch(() => null) : null;
  const { running, pending } = told ?? { running: 0, pending: 0 };
  if (running + pending + heldRequests + remoteJobs === 0) return;
  const held = heldRequests === 0 ? '' : `, ${heldRequests} held until it wakes`;
  const local =
    running + pending + heldRequests === 0
      ? ''
      : `ComfyUI has work: ${running} running, ${pending} waiting${held}. Ending it now would break that off. `;
  const remote =
    remoteJobs === 0
      ? ''
      : `${remoteJobs} on endpoints: they go on there and cost, and their results are kept for half an hour only.`;
  throw new AppError('work_in_progress', `${local}${remote}`.trim(), {
    details: { running, pending, held: heldRequests, remote: remoteJobs },
  });
}
