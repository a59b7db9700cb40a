/** Whether a job may be sent for money. Pure: limits, what was spent and the worst this job can cost go in; a yes or the reason comes out. */
import type { EndpointBody, Spend } from '../../contract/endpoints.ts';

type Limits = Pick<
  EndpointBody,
  'capPerJob' | 'capPerDay' | 'capPerMonth' | 'microDollarsPerSecond' | 'executionTimeoutSeconds'
>;

/**
 * The seconds a job may run: the time limit, or less where the cap per job is reached before. At least RunPod's shortest (6 s); a cap
 * below that refuses the job.
 */
export function allowedSeconds(limits: Limits): number {
  const { capPerJob, microDollarsPerSecond, executionTimeoutSeconds } = limits;
  if (capPerJob === null || microDollarsPerSecond === 0) return executionTimeoutSeconds;
  return Math.min(executionTimeoutSeconds, Math.floor(capPerJob / microDollarsPerSecond));
}

/** What a job can cost at most: RunPod ends it after its allowed seconds. */
export const worstCost = (limits: Limits): number => allowedSeconds(limits) * limits.microDollarsPerSecond;

const SHORTEST_RUN_SECONDS = 6;

/**
 * @param spend counts what is in flight at its worst, so that a limit is never passed
 * @param ahead jobs that are not sent yet and come before; each may cost its worst
 * @returns null when it may be sent
 */
export function refusal(limits: Limits, spend: Spend, ahead = 0): string | null {
  if (allowedSeconds(limits) < SHORTEST_RUN_SECONDS) {
    return `A job may cost ${dollars(limits.capPerJob ?? 0)}: less than the shortest run of ${SHORTEST_RUN_SECONDS} s.`;
  }
  const cost = worstCost(limits) * (ahead + 1);
  const { capPerDay, capPerMonth } = limits;
  if (capPerDay !== null && spend.today + cost > capPerDay)
    return reached('day', capPerDay, spend.today, spend.reserved);
  if (capPerMonth !== null && spend.month + cost > capPerMonth) {
    return reached('month', capPerMonth, spend.month, spend.reserved);
  }
  return null;
}

function reached(span: string, limit: number, spent: number, reserved: number): string {
  const inFlight = reserved > 0 ? `, ${dollars(reserved)} of it held for jobs in flight` : '';
  return `The limit of ${dollars(limit)} a ${span} is reached: ${dollars(spent)} so far${inFlight}.`;
}

/** @param microDollars millionths of a US dollar */
export function dollars(microDollars: number): string {
  const amount = microDollars / 1_000_000;
  return `$${amount.toFixed(amount !== 0 && amount < 1 ? 4 : 2)}`;
}
