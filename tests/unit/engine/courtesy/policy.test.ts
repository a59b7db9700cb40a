import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { YIELD_CAUSES } from '../../../../contract/courtesy.ts';
import {
  type CourtesyFacts,
  type CourtesyMemory,
  decide,
  NOTHING_SEEN,
  overrule,
} from '../../../../engine/courtesy/policy.ts';

const quiet: CourtesyFacts = { paused: false, leases: 0, programs: [], foreignVram: false };
const COME_BACK_MS = 30_000;

/** Looks at each of these facts in turn, a second apart; the causes. */
function follow(steps: readonly CourtesyFacts[], memory: CourtesyMemory = NOTHING_SEEN, comeBackMs = COME_BACK_MS) {
  let now = 0;
  return steps.map((facts) => {
    const decision = decide(memory, facts, comeBackMs, now);
    memory = decision.memory;
    now += 1000;
    return decision.cause;
  });
}

describe('who has the card', () => {
  it('tells the first cause in their order', () => {
    const all: CourtesyFacts = { paused: true, leases: 1, programs: ['game'], foreignVram: true };
    const steps = [
      all,
      { ...all, paused: false },
      { ...all, paused: false, leases: 0 },
      { ...quiet, foreignVram: true },
    ];
    expect(follow(steps)).toEqual([...YIELD_CAUSES]);
  });

  it('comes back at once after a pause and a lease, and a while after what is watched', () => {
    expect(follow([{ ...quiet, paused: true }, quiet])).toEqual(['paused', null]);
    expect(follow([{ ...quiet, leases: 1 }, quiet])).toEqual(['lease', null]);
    const game = { ...quiet, programs: ['game'] };
    expect(follow([game, quiet, quiet, quiet, quiet], NOTHING_SEEN, 2000)).toEqual([
      'program',
      'program',
      'program',
      null,
      null,
    ]);
  });

  it('waits anew when the program comes again meanwhile, and says when the wait is over', () => {
    const game = { ...quiet, programs: ['game'] };
    expect(follow([game, quiet, game, quiet, quiet, quiet], NOTHING_SEEN, 2000)).toEqual([
      'program',
      'program',
      'program',
      'program',
      'program',
      null,
    ]);
    const ended = decide(decide(NOTHING_SEEN, game, COME_BACK_MS, 0).memory, quiet, COME_BACK_MS, 500);
    expect(ended.looksAgainAt).toBe(500 + COME_BACK_MS);
  });

  it('what was taken back counts again when it begins anew', () => {
    const game = { ...quiet, programs: ['game'] };
    const both = { ...quiet, programs: ['game', 'trainer'] };
    expect(follow([game, both, game], overrule(game), 0)).toEqual([null, 'program', null]);
    expect(follow([game, quiet, game], overrule(game), 0)).toEqual([null, null, 'program']);
    const vram = { ...quiet, foreignVram: true };
    expect(follow([vram, quiet, vram], overrule(vram), 0)).toEqual([null, null, 'foreignVram']);
  });

  it('nobody has it who does not want it or wanted it a while ago (any facts)', () => {
    const facts: fc.Arbitrary<CourtesyFacts> = fc.record({
      paused: fc.boolean(),
      leases: fc.nat({ max: 2 }),
      programs: fc.subarray(['game', 'trainer']),
      foreignVram: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(facts, fc.nat({ max: 5000 })), { maxLength: 30 }), (steps) => {
        let memory = NOTHING_SEEN;
        let now = 0;
        let watchedAt = Number.NEGATIVE_INFINITY;
        for (const [each, passesMs] of steps) {
          const decision = decide(memory, each, 3000, now);
          const holds = each.programs.length > 0 || each.foreignVram;
          if (each.paused) expect(decision.cause).toBe('paused');
          else if (each.leases > 0) expect(decision.cause).toBe('lease');
          else if (holds) expect(decision.cause).not.toBeNull();
          else if (decision.cause !== null) expect(decision.looksAgainAt).toBeGreaterThan(now);
          if (holds) watchedAt = now;
          if (!each.paused && each.leases === 0 && watchedAt === Number.NEGATIVE_INFINITY) {
            expect(decision.cause).toBeNull();
          }
          memory = decision.memory;
          now += passesMs;
        }
      }),
    );
  });
});
