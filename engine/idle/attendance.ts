/**
 * An engine that a desktop shell started ends by itself when nobody has used it for a while, so that a shell that died leaves
 * nothing for ever. Asks once a minute; what it sees of the other rooms is handed in, and ending is the caller's.
 */
import type { CancelTimer, Clock } from '../platform/clock.ts';
import { ATTENDED_SPAN_MS, type AttendanceFacts, followAttendance } from './attendance-policy.ts';

export interface Attendance {
  /** A request came in. */
  touch(): void;
  close(): void;
}

export interface AttendanceDeps {
  readonly clock: Clock;
  readonly facts: () => Omit<AttendanceFacts, 'requests'>;
  /** Called once. */
  readonly end: () => void;
}

const LOOK_EVERY_MS = 60_000;

export function createAttendance({ clock, facts, end }: AttendanceDeps): Attendance {
  let requests = 0;
  let aloneSince: number | null = null;
  let cancel: CancelTimer = clock.after(LOOK_EVERY_MS, look);

  function look(): void {
    const now = clock.monotonic();
    aloneSince = followAttendance(aloneSince, { ...facts(), requests }, now);
    requests = 0;
    if (aloneSince !== null && now - aloneSince >= ATTENDED_SPAN_MS) end();
    else cancel = clock.after(LOOK_EVERY_MS, look);
  }

  return {
    touch() {
      requests += 1;
    },
    close: () => cancel(),
  };
}
