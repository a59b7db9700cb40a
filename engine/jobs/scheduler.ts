/** Which waiting job goes to which target. Pure: it sees what waits and what each target offers, and touches nothing. */
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

export const mayRunOn = (wanted: string, target: Pick<OfferedTarget, 'name' | 'automatic'>): boolean =>
  wanted === AUTO ? target.automatic : target.name === wanted;

/**
 * Gives each job, best first, to the least loaded target that it may run on. A job that cannot go holds up nobody behind it.
 * @param limit the most jobs that may run at once, over all targets
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
  for (const job of waiting) {
    const candidates = [...left.values()].filter((target) => mayRunOn(job.wantedTarget, target));
    const best = candidates.filter(({ free }) => free > 0).sort((one, other) => one.load - other.load)[0];
    if (best !== undefined && running + claims.length < limit) {
      claims.push({ jobId: job.id, target: best.name });
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
