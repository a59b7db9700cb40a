/** Jobs whose prompt is taken out of ComfyUI's queue because the card is given away: they go back to their own queue, and count no attempt. */
import type { QueueItem } from '../comfyui/queue-items.ts';
import type { Journal } from '../jobs/journal.ts';

export interface Withdrawals {
  /** A prompt that is no job yet becomes one. Resolves with what takes the withdrawal back. */
  add(item: QueueItem): Promise<() => void>;
  /** Whether that job's prompt was withdrawn; asked twice, the second answer is no. */
  take(jobId: string): boolean;
  /** Prompts of ComfyUI's page that were withdrawn and are not back in their queue yet. */
  pagePrompts(): number;
}

/** The client id of an API job's prompt is this with the job's id (engine/targets/comfyui/prompt-run.ts). */
const JOB_CLIENT = 'stoker-job-';

export function createWithdrawals(journal: () => Pick<Journal, 'jobOf' | 'adopt'>): Withdrawals {
  const withdrawn = new Map<string, 'api' | 'page'>();

  async function jobOf(item: QueueItem): Promise<readonly [jobId: string, source: 'api' | 'page']> {
    const { promptId, extraData } = item;
    const { client_id: clientId } = extraData;
    if (typeof clientId === 'string' && clientId.startsWith(JOB_CLIENT)) {
      return [clientId.slice(JOB_CLIENT.length), 'api'];
    }
    return [journal().jobOf(promptId) ?? (await journal().adopt(item)), 'page'];
  }

  return {
    async add(item) {
      const [jobId, source] = await jobOf(item);
      withdrawn.set(jobId, source);
      return () => withdrawn.delete(jobId);
    },
    take: (jobId) => withdrawn.delete(jobId),
    pagePrompts: () => [...withdrawn.values()].filter((source) => source === 'page').length,
  };
}
