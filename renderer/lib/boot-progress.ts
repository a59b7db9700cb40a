/** How far a start has come: phases ticked off, and the time learnt from earlier starts as a share. */
import type { Status } from '../../contract/status.ts';
import { BOOT_PHASES, type BootPhase } from '../../contract/supervisor-state.ts';

export interface BootProgress {
  readonly phases: readonly { readonly phase: BootPhase; readonly progress: 'done' | 'current' | 'ahead' }[];
  readonly elapsedSeconds: number;
  /** 0 to 1, never 1 before ComfyUI answers; null when no earlier start taught how long it takes. */
  readonly fraction: number | null;
  /** Null when unknown or when it takes longer than learnt. */
  readonly secondsLeft: number | null;
}

/** A bar that stands at its end reads as "hung"; the last bit is kept for the answer itself. */
const FULL_BUT_NOT_READY = 0.97;

/**
 * @param sinceMs when the start began, epoch milliseconds
 * @param now epoch milliseconds on the engine's clock
 */
export function bootProgress(boot: NonNullable<Status['boot']>, sinceMs: number, now: number): BootProgress {
  const elapsedSeconds = Math.max(boot.elapsedSeconds, (now - sinceMs) / 1000);
  const reached = BOOT_PHASES.indexOf(boot.phase);
  const expected = boot.expectedSeconds;
  const secondsLeft = expected === null || elapsedSeconds >= expected ? null : expected - elapsedSeconds;
  return {
    phases: BOOT_PHASES.map((phase, index) => ({
      phase,
      progress: index < reached ? 'done' : index === reached ? 'current' : 'ahead',
    })),
    elapsedSeconds,
    fraction: expected === null ? null : Math.min(FULL_BUT_NOT_READY, elapsedSeconds / Math.max(expected, 0.001)),
    secondsLeft,
  };
}
