/** What the dry run of a workflow says about an endpoint, in the few lines of the picker. Pure. */
import type { JobCheck } from '../../../contract/job-check.ts';
import { dollars } from '../../money/budget.ts';
import { WORDS } from './words.ts';

export interface CheckLines {
  readonly lines: readonly string[];
  /** It would certainly fail or be refused there, now and later. */
  readonly blocked: boolean;
}

export function checkLines({ estimate, problems }: JobCheck): CheckLines {
  // A limit that is reached is told by the row already, and has room again.
  const certain = problems.filter(({ code }) => code !== 'budget_reached');
  return {
    lines: [
      ...(estimate === null ? [WORDS.noEstimate] : [estimateWords(estimate)]),
      ...certain.map(({ message }) => message),
    ],
    blocked: certain.length > 0,
  };
}

function estimateWords({ seconds, microDollars, runs }: NonNullable<JobCheck['estimate']>): string {
  const time = seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
  return WORDS.estimate(microDollars === null ? time : `${time}, ${dollars(microDollars)}`, runs);
}
