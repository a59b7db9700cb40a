/** Jobs whose prompt is taken out of ComfyUI's queue: the queue of jobs keeps them itself, so that they are not parked. */
import type { QueueItem } from '../comfyui/queue-items.ts';

export interface Withdrawals {
  /** @returns null when it is no job's prompt; else what takes the withdrawal back */
  add(item: QueueItem): (() => void) | null;
  /** Whether that job's prompt was withdrawn; asked twice, the second answer is no. */
  take(jobId: string): boolean;
}

/** The client id of a job's prompt is this with the job's id (engine/targets/comfyui/prompt-run.ts). */
const JOB_CLIENT = 'stoker-job-';

export function createWithdrawals(): Withdrawals {
  const jobIds = new Set<string>();
  return {
    add({ extraData }) {
      const clientId = extraData.client_id;
      if (typeof clientId !== 'string' || !clientId.startsWith(JOB_CLIENT)) return null;
      const jobId = clientId.slice(JOB_CLIENT.length);
      jobIds.add(jobId);
      return () => jobIds.delete(jobId);
    },
    take: (jobId) => jobIds.delete(jobId),
  };
}
