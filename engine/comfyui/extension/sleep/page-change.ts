/** Whether this page is older than what ComfyUI has now. Pure. */
import type { Status } from '../../../../contract/status.ts';

export interface PageChange {
  readonly what: 'nodes' | 'frontend';
  /** Tells one change from another. */
  readonly at: string;
}

/**
 * @param openedAt when this page was asked for, epoch milliseconds
 * @param told the change that this tab was told of already
 * @returns null when there is nothing to tell
 */
export function changeToTell(page: Status['page'], openedAt: number, told: string | null): PageChange | null {
  const { changed, changedAt } = page;
  if (changed === 'none' || changedAt === null || changedAt === told) return null;
  return Date.parse(changedAt) > openedAt ? { what: changed, at: changedAt } : null;
}
