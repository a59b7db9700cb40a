import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OfferedTarget, schedule } from '../../../../engine/jobs/scheduler.ts';
import type { WaitingJob } from '../../../../engine/jobs/store.ts';

const local: OfferedTarget = { name: 'local', automatic: true, free: 2, load: 0, refusal: null };
const studio: OfferedTarget = { name: 'studio', automatic: true, free: 1, load: 3, refusal: null };
const pod: OfferedTarget = { name: 'pod', automatic: false, free: 5, load: 0, refusal: null };
const job = (id: string, wantedTarget = 'auto'): WaitingJob => ({
  id,
  wantedTarget,
  source: 'api',
  attempt: 1,
});
const prompt = (id: string): WaitingJob => ({ ...job(id, 'local'), source: 'page' });
const claimsOf = (...parameters: Parameters<typeof schedule>): string[] =>
  schedule(...parameters).claims.map(({ jobId, target }) => `${jobId} on ${target}`);

describe('the schedule', () => {
  it('gives each job to the least loaded target, counting what it just gave', () => {
    const even = { ...studio, load: 0, free: 2 };
    expect(claimsOf([job('a'), job('b'), job('c')], [local, even], 0, 10)).toEqual([
      'a on local',
      'b on studio',
      'c on local',
    ]);
  });

  it("a page's prompts all go to ComfyUI's own queue, and hold up nobody else's jobs", () => {
    const full = { ...local, free: 0 };
    const waiting = [prompt('a'), prompt('b'), job('c', 'pod'), prompt('d')];
    expect(claimsOf(waiting, [full, pod], 0, 1)).toEqual(['a on local', 'b on local', 'c on pod', 'd on local']);
  });

  it('unless ComfyUI may not run', () => {
    const lent = { ...local, refusal: 'The card is lent.' };
    expect(schedule([prompt('a')], [lent], 0, 10)).toEqual({
      claims: [],
      notes: [{ jobId: 'a', note: 'The card is lent.' }],
    });
  });

  it('never chooses by itself what may cost money', () => {
    expect(claimsOf([job('a')], [pod], 0, 10)).toEqual([]);
    expect(claimsOf([job('a', 'pod')], [pod], 0, 10)).toEqual(['a on pod']);
  });

  it('lets nobody wait behind a job that cannot go', () => {
    const result = schedule([job('a', 'gone'), job('b')], [local], 0, 10);
    expect(result.claims).toEqual([{ jobId: 'b', target: 'local' }]);
    expect(result.notes).toEqual([{ jobId: 'a', note: 'There is no target "gone".' }]);
  });

  it('says why a job waits only when it is not for its turn', () => {
    const lent = { ...local, free: 0, refusal: 'The card is lent to ollama.' };
    expect(schedule([job('a')], [lent], 0, 10).notes).toEqual([{ jobId: 'a', note: 'The card is lent to ollama.' }]);
    expect(schedule([job('a')], [{ ...local, free: 0 }], 0, 10).notes).toEqual([{ jobId: 'a', note: null }]);
  });

  it('never gives more than a target or the whole may take (any jobs, any targets)', () => {
    const names = fc.constantFrom('local', 'studio', 'pod');
    fc.assert(
      fc.property(
        fc.array(fc.oneof(names, fc.constant('auto')), { maxLength: 30 }),
        fc.array(fc.record({ free: fc.nat(4), load: fc.nat(9) }), { minLength: 3, maxLength: 3 }),
        fc.nat(5),
        fc.nat(12),
        (wanted, offers, running, limit) => {
          const targets = [local, studio, pod].map((target, index) => ({ ...target, ...offers[index] }));
          const waiting = wanted.map((target, index) => job(`j${index}`, target));
          const { claims, notes } = schedule(waiting, targets, running, limit);
          expect(running + claims.length).toBeLessThanOrEqual(Math.max(limit, running));
          for (const { name, free } of targets) {
            expect(claims.filter(({ target }) => target === name).length).toBeLessThanOrEqual(free);
          }
          const settled = [...claims, ...notes].map(({ jobId }) => jobId).sort();
          expect(settled).toEqual(waiting.map(({ id }) => id).sort());
        },
      ),
    );
  });
});
