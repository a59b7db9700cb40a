/**
 * When to free VRAM and when to stop ComfyUI. Pure: facts, settings and the time in, a decision out.
 * All times are milliseconds on one monotonic scale, so that a clock set by hand or by NTP decides nothing.
 */
import type { Settings } from '../../contract/settings.ts';
import type { Blocker } from '../../contract/status.ts';

export interface IdleFacts {
  /** Since when ComfyUI runs; null while it does not, and there is nothing to free or to stop. */
  readonly runningSince: number | null;
  /** The last thing that counted: a request, the end of a transfer, a prompt in the queue. */
  readonly lastActivityAt: number;
  readonly queue: { readonly running: number; readonly pending: number; readonly known: boolean };
  readonly inFlight: {
    readonly held: number;
    readonly upload: number;
    readonly download: number;
    readonly request: number;
  };
  readonly keepAwakeUntil: number | null;
  /** Stop as soon as nothing blocks, whatever the settings say. */
  readonly stopWhenDone: boolean;
  /** VRAM was freed since the last activity. */
  readonly freed: boolean;
  /** After an attempt that failed: no other before this. */
  readonly actNotBefore: number;
}

export type IdleSettings = Pick<Settings['idle'], 'freeAfterSeconds' | 'stopAfterSeconds'>;

export interface IdleDecision {
  readonly blockedBy: readonly Blocker[];
  /** Since when nothing has counted; null while ComfyUI does not run or work blocks. */
  readonly idleSince: number | null;
  /** When VRAM will be freed if nothing happens; null when it will not. */
  readonly freesAt: number | null;
  readonly stopsAt: number | null;
  readonly action: 'none' | 'free' | 'stop';
  /** When to decide again if nothing happens; null when only a change of the facts matters. */
  readonly nextCheckAt: number | null;
}

const NOT_RUNNING: IdleDecision = {
  blockedBy: [],
  idleSince: null,
  freesAt: null,
  stopsAt: null,
  action: 'none',
  nextCheckAt: null,
};

export function decide(facts: IdleFacts, settings: IdleSettings, now: number): IdleDecision {
  if (facts.runningSince === null) return NOT_RUNNING;

  const keptUntil = facts.keepAwakeUntil !== null && facts.keepAwakeUntil > now ? facts.keepAwakeUntil : null;
  const work = workOf(facts);
  const blockedBy: Blocker[] = keptUntil === null ? work : [...work, 'keepAwake'];
  if (work.length > 0) return { ...NOT_RUNNING, blockedBy, nextCheckAt: keptUntil };

  const idleSince = Math.max(facts.runningSince, facts.lastActivityAt);
  // What is due waits for the end of keep awake and of the pause after a failed attempt.
  const earliest = Math.max(keptUntil ?? facts.actNotBefore, facts.actNotBefore);
  const stopsAt = facts.stopWhenDone
    ? Math.max(idleSince, earliest)
    : dueAt(idleSince, settings.stopAfterSeconds, earliest);
  const freeDueAt = facts.freed ? null : dueAt(idleSince, settings.freeAfterSeconds, earliest);
  // Ending the process gives back more than freeing does: nobody frees at the moment of the stop or later.
  const freesAt = freeDueAt !== null && (stopsAt === null || freeDueAt < stopsAt) ? freeDueAt : null;
  const action = isDue(stopsAt, now) ? 'stop' : isDue(freesAt, now) ? 'free' : 'none';
  return {
    blockedBy,
    idleSince,
    freesAt,
    stopsAt,
    action,
    nextCheckAt: earliestOf([freesAt, stopsAt, keptUntil], now),
  };
}

/** What ComfyUI or the gateway is doing; keep awake is a wish and not work. */
function workOf({ queue, inFlight }: IdleFacts): Blocker[] {
  const blockers: [Blocker, boolean][] = [
    ['running', queue.running > 0],
    ['pending', queue.pending > 0],
    ['queueUnknown', !queue.known],
    ['held', inFlight.held > 0],
    ['upload', inFlight.upload > 0],
    ['download', inFlight.download > 0],
    ['request', inFlight.request > 0],
  ];
  return blockers.filter(([, blocks]) => blocks).map(([blocker]) => blocker);
}

/** Zero seconds mean never. */
const dueAt = (idleSince: number, afterSeconds: number, earliest: number): number | null =>
  afterSeconds === 0 ? null : Math.max(idleSince + afterSeconds * 1000, earliest);

const isDue = (at: number | null, now: number): boolean => at !== null && at <= now;

/** The first of these still to come. */
function earliestOf(times: readonly (number | null)[], now: number): number | null {
  const coming = times.filter((time): time is number => time !== null && time > now);
  return coming.length === 0 ? null : Math.min(...coming);
}
