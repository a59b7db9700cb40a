/**
 * Whether somebody else should have the card, and why. Pure: what was seen and the time in, a cause out.
 * A program or foreign VRAM must be gone for a while before ComfyUI comes back; a pause or a lease that ends is meant.
 */
import type { YieldCause } from '../../contract/courtesy.ts';

export interface CourtesyFacts {
  readonly paused: boolean;
  /** Leases that have not run out. */
  readonly leases: number;
  /** Listed programs that run, as the settings name them. */
  readonly programs: readonly string[];
  readonly foreignVram: boolean;
}

/** What must be remembered from one look to the next. */
export interface CourtesyMemory {
  /** Taken back by the user: does not count until it begins anew. */
  readonly overruled: { readonly programs: readonly string[]; readonly foreignVram: boolean };
  /** The watched cause that holds, or held last and is waited out; `endedAt` on the monotonic clock, null while it holds. */
  readonly watched: { readonly cause: WatchedCause; readonly endedAt: number | null } | null;
}

export type WatchedCause = Extract<YieldCause, 'program' | 'foreignVram'>;

export interface CourtesyDecision {
  readonly cause: YieldCause | null;
  readonly memory: CourtesyMemory;
  /** When it changes if nothing happens, on the monotonic clock: the card comes back then. */
  readonly looksAgainAt: number | null;
}

export const NOTHING_SEEN: CourtesyMemory = { overruled: { programs: [], foreignVram: false }, watched: null };

/** @param now milliseconds of a clock that never goes back */
export function decide(
  before: CourtesyMemory,
  facts: CourtesyFacts,
  comeBackAfterMs: number,
  now: number,
): CourtesyDecision {
  const overruled = {
    programs: before.overruled.programs.filter((name) => facts.programs.includes(name)),
    foreignVram: before.overruled.foreignVram && facts.foreignVram,
  };
  const program = facts.programs.some((name) => !overruled.programs.includes(name));
  const foreignVram = facts.foreignVram && !overruled.foreignVram;
  const watched = follow(before.watched, program ? 'program' : foreignVram ? 'foreignVram' : null, now);
  const comesBackAt = watched === null || watched.endedAt === null ? null : watched.endedAt + comeBackAfterMs;
  const isOver = comesBackAt !== null && comesBackAt <= now;
  const memory = { overruled, watched: isOver ? null : watched };
  const meant = facts.paused ? 'paused' : facts.leases > 0 ? 'lease' : null;
  const cause = meant ?? memory.watched?.cause ?? null;
  return { cause, memory, looksAgainAt: isOver ? null : comesBackAt };
}

/** What the user takes back: everything that is watched and holds now. A pause and leases end outside of this. */
export function overrule(facts: CourtesyFacts): CourtesyMemory {
  return { overruled: { programs: facts.programs, foreignVram: facts.foreignVram }, watched: null };
}

function follow(
  watched: CourtesyMemory['watched'],
  holding: WatchedCause | null,
  now: number,
): CourtesyMemory['watched'] {
  if (holding !== null) return { cause: holding, endedAt: null };
  return watched === null ? null : { ...watched, endedAt: watched.endedAt ?? now };
}
