/** Which waiting job goes to which target. Pure: it sees what waits and what each target offers, and touches nothing. */
import { LOCAL_TARGET } from '../../contract/targets.ts';
import type { TargetOffer } from '../targets/target.ts';
import type { WaitingJob } from './store.ts';

export interface OfferedTarget extends TargetOffer {
  readonly name: string;
  /** `auto` may choose it. What costs money is chosen only by name or by a rule of the user. */
  readonly automatic: boolean;
}

export interface Schedule {
  readonly claims: readonly { readonly jobId: string; readonly target: string }[];
  /** Why a job still waits; null takes an earlier reason back. */
  readonly notes: readonly { readonly jobId: string; readonly note: string | null }[];
}

export const AUTO = 'auto';

/**
 * Gives each job, best first, to the least loaded target that it may run on. A job that cannot go holds up nobody behind it.
 * @param running jobs that run now, without the page's prompts
 * @param limit the most of them that may run at once, over all targets
 */
export function schedule(
  waiting: readonly WaitingJob[],
  targets: readonly OfferedTarget[],
  running: number,
  limit: number,
): Schedule {
  const left = new Map(targets.map((target) => [target.name, { ...target }]));
  const claims: { jobId: string; target: string }[] = [];
  const notes: { jobId: string; note: string | null }[] = [];
  let counted = 0;
  for (const job of waiting) {
    // ComfyUI's own queue is where a page's prompts wait: the page shows it, and its limit is ComfyUI's.
    const isUnlimited = job.source === 'page' && job.wantedTarget === LOCAL_TARGET;
    const candidates = [...left.values()].filter(({ name, automatic }) =>
      job.wantedTarget === AUTO ? automatic : name === job.wantedTarget,
    );
    const open = candidates.filter(({ free, refusal }) => (isUnlimited ? refusal === null : free > 0));
    const best = open.sort((one, other) => one.load - other.load)[0];
    if (best !== undefined && (isUnlimited || running + counted < limit)) {
      claims.push({ jobId: job.id, target: best.name });
      if (!isUnlimited) counted += 1;
      left.set(best.name, { ...best, free: best.free - 1, load: best.load + 1 });
    } else {
      notes.push({ jobId: job.id, note: whyNot(job, candidates) });
    }
  }
  return { claims, notes };
}

function whyNot(job: WaitingJob, candidates: readonly OfferedTarget[]): string | null {
  if (candidates.length === 0) {
    return job.wantedTarget === AUTO ? 'There is no target.' : `There is no target "${job.wantedTarget}".`;
  }
  // Waiting for its turn needs no words.
  return candidates.some(({ refusal }) => refusal === null) ? null : (candidates[0]?.refusal ?? null);
}
