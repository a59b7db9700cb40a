/** When ComfyUI will sleep, or what keeps it awake. Pure: the published idle status and the time in, one answer out. */
import type { Blocker, IdleStatus } from '../../contract/status.ts';

export type IdleOutlook =
  | { readonly kind: 'never' }
  | { readonly kind: 'keptAwake'; readonly untilMs: number }
  | { readonly kind: 'blocked'; readonly by: readonly Blocker[]; readonly thenSleeps: boolean }
  | {
      readonly kind: 'countdown';
      readonly sleepsInSeconds: number;
      /** Share of the idle time that is left, 1 to 0. */
      readonly fractionLeft: number;
      /** Null when VRAM is not freed earlier, or was freed already. */
      readonly freesInSeconds: number | null;
      readonly freed: boolean;
    };

/** @param now epoch milliseconds on the engine's clock */
export function idleOutlook(idle: IdleStatus, now: number): IdleOutlook {
  const keptAwakeUntil = idle.keepAwakeUntil === null ? null : Date.parse(idle.keepAwakeUntil);
  const work = idle.blockedBy.filter((blocker) => blocker !== 'keepAwake');
  // Work outranks keep-awake: it is what runs now; keep-awake is shown by its own control as well.
  if (work.length > 0) return { kind: 'blocked', by: work, thenSleeps: idle.stopWhenDone };
  if (keptAwakeUntil !== null && keptAwakeUntil > now) return { kind: 'keptAwake', untilMs: keptAwakeUntil };
  if (idle.stopsAt === null) return { kind: 'never' };
  const sleepsInSeconds = Math.max(0, (Date.parse(idle.stopsAt) - now) / 1000);
  const freesInSeconds =
    idle.freesAt === null || idle.freed ? null : Math.max(0, (Date.parse(idle.freesAt) - now) / 1000);
  return {
    kind: 'countdown',
    sleepsInSeconds,
    fractionLeft: idle.timeoutSeconds > 0 ? Math.min(1, sleepsInSeconds / idle.timeoutSeconds) : 0,
    freesInSeconds: freesInSeconds !== null && freesInSeconds < sleepsInSeconds ? freesInSeconds : null,
    freed: idle.freed,
  };
}

const MORNING_HOUR = 7;
/** "Until tomorrow morning" pressed at 2 at night means the morning that comes. */
const NIGHT_ENDS_HOUR = 5;

/** The next morning at 7:00 local time, in epoch milliseconds. */
export function tomorrowMorning(now: number): number {
  const morning = new Date(now);
  if (morning.getHours() >= NIGHT_ENDS_HOUR) morning.setDate(morning.getDate() + 1);
  morning.setHours(MORNING_HOUR, 0, 0, 0);
  return morning.getTime();
}
