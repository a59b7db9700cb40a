/** Is anybody still there for whom this engine runs? Pure: facts and time in. */
import type { Status } from '../../contract/status.ts';

export interface AttendanceFacts {
  readonly status: Pick<Status, 'state' | 'gateway' | 'jobs'>;
  /** Event streams of shells, pages and command lines. */
  readonly streams: number;
  /** Requests that came since the last look. */
  readonly requests: number;
}

export const ATTENDED_SPAN_MS = 15 * 60_000;

/**
 * @param aloneSince what this function said last; null at the beginning
 * @param now of a clock that never goes back
 * @returns since when nobody has used the engine; null while somebody does
 */
export function followAttendance(aloneSince: number | null, facts: AttendanceFacts, now: number): number | null {
  return isAttended(facts) ? null : (aloneSince ?? now);
}

function isAttended({ status: { state, gateway, jobs }, streams, requests }: AttendanceFacts): boolean {
  if (state !== 'stopped' && state !== 'failed') return true;
  // Somebody's work, the prompts that are kept until the card is back among it; and what an endpoint finishes is to be fetched in time.
  const work = jobs.running + jobs.waiting;
  return streams + requests + gateway.sockets + gateway.heldRequests + work > 0;
}
