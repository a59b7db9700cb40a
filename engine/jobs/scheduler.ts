/** Which waiting job goes to which target. Pure: it sees what waits and what each target offers, and touches nothing. */
import { LOCAL_TARGET } from '../../contract/targets.ts';
import type { TargetOffer } from '../targets/target.ts';
import type { WaitingJob } from './store.ts';

export interface OfferedTarget extends TargetOffer {
  readonly name: string;
  /** `auto` may choose it. What costs money is chosen only by name or by a rule of the user. */
  readonly automatic: boolean;
}

/** A waiting job with the targets that have just not taken it, and why. */
export interface Candidate extends WaitingJob {
  readonly declinedBy: ReadonlyMap<string, string>;
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
  waiting: readonly Candidate[],
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
    const candidates = [...left.values()].filter((target) => isWanted(target, job.wantedTarget));
    const best = candidates
      .filter(({ free, refusal }) => (isUnlimited ? refusal === null : free > 0))
      .filter(({ name }) => !job.declinedBy.has(name))
      .sort((one, other) => one.load - other.load)[0];
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

/** Whether a job that asks for `wanted` may run there. */
export const isWanted = ({ name, automatic }: Pick<OfferedTarget, 'name' | 'automatic'>, wanted: string): boolean =>
  wanted === AUTO ? automatic : name === wanted;

/** What a job may ask for to go now, each with how many of them could. */
export function openWishes(targets: readonly OfferedTarget[]): { readonly wanted: string; readonly free: number }[] {
  const taking = targets.filter(({ free }) => free > 0);
  return [AUTO, ...taking.map(({ name }) => name)].flatMap((wanted) => {
    const free = taking.filter((target) => isWanted(target, wanted)).reduce((sum, target) => sum + target.free, 0);
    return free === 0 ? [] : [{ wanted, free }];
  });
}

function whyNot(job: Candidate, candidates: readonly OfferedTarget[]): string | null {
  if (candidates.length === 0) {
    return job.wantedTarget === AUTO ? 'There is no target.' : `There is no target "${job.wantedTarget}".`;
  }
  const refusals = candidates.map(({ name, refusal }) => refusal ?? job.declinedBy.get(name) ?? null);
  // Waiting for its turn needs no words.
  return refusals.includes(null) ? null : (refusals[0] ?? null);
}
