/** How far the running prompt has come, as one share from 0 to 1. */
import type { JobProgress } from '../../contract/jobs.ts';

/** Nodes done, and the share of the one that runs. */
export function queueProgress(current: Omit<JobProgress, 'nodeType'>): number {
  const { value, max, nodesDone, nodesTotal } = current;
  if (nodesTotal <= 0) return 0;
  const inNode = value === null || max === null || max <= 0 ? 0 : Math.min(1, value / max);
  return Math.min(1, (nodesDone + (nodesDone < nodesTotal ? inNode : 0)) / nodesTotal);
}
