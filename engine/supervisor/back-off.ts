/** How long to wait after a crash before ComfyUI is started again, and what is said when that has gone on for too long. Pure. */
import type { Failure } from '../../contract/supervisor-state.ts';
import type { Policy } from './state.ts';

/** Running this long without a crash makes the next back-off short again. */
export const STABLE_AFTER_MS = 5 * 60_000;
const LONGEST_BACK_OFF_MS = 60_000;

/** 1, 2, 4 … 60 s after the first, second, third … crash in a row, up to a fifth shorter at random. */
export function backOffDelayMs(crashesInARow: number, random: number): number {
  const full = Math.min(LONGEST_BACK_OFF_MS, 1_000 * 2 ** Math.max(0, crashesInARow - 1));
  return Math.round(full * (1 - random / 5));
}

/** @param crashes how many there were inside the window of `policy` */
export function gaveUp(last: Failure, crashes: number, policy: Policy): Failure {
  const minutes = Math.round(policy.crashWindowMs / 60_000);
  const often = crashes === 1 ? 'once' : `${crashes} times`;
  const window = minutes === 1 ? 'one minute' : `${minutes} minutes`;
  return {
    ...last,
    code: 'gave_up',
    message: `ComfyUI crashed ${often} within ${window}, so Stoker stopped restarting it. The last time: ${last.message}`,
  };
}
