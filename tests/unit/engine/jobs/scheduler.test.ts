import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Candidate,
  isWanted,
  type OfferedTarget,
  openWishes,
  schedule,
} from '../../../../engine/jobs/scheduler.ts';

const local: OfferedTarget = { name: 'local', automatic: true, free: 2, load: 0, refusal: null };
const studio: OfferedTarget = { name: 'studio', automatic: true, free: 1, load: 3, refusal: null };
const pod: OfferedTarget = { name: 'pod', automatic: false, free: 5, load: 0, refusal: null };
const job = (id: string, wantedTarget = 'auto', declinedBy: Record<string, string> = {}): Candidate => ({
  id,
  wantedTarget,
  source: 'api',
  attempt: 1,
  declinedBy: new Map(Object.entries(declinedBy)),
});
const prompt = (id: string): Candidate => ({ ...job(id, 'local'), source: 'page' });
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

  it('gives a job that a target has just not taken to another, and says why when there is none', () => {
    const declined = job('a', 'auto', { local: 'ComfyUI does not start.' });
    expect(claimsOf([declined], [local, studio], 0, 10)).toEqual(['a on studio']);
    expect(schedule([declined], [local], 0, 10).notes).toEqual([{ jobId: 'a', note: 'ComfyUI does not start.' }]);
    expect(schedule([declined], [local, { ...studio, free: 0 }], 0, 10).notes).toEqual([{ jobId: 'a', note: null }]);
  });

  const names = ['local', 'studio', 'pod'] as const;
  const anyJobs = fc.array(
    fc.record({
      wanted: fc.constantFrom(...names, 'auto', 'gone'),
      declined: fc.subarray([...names]),
    }),
    { maxLength: 30 },
  );
  const anyOffers = fc.array(fc.record({ free: fc.nat(4), load: fc.nat(9), automatic: fc.boolean() }), {
    minLength: 3,
    maxLength: 3,
  });
  const build = (wishes: readonly { wanted: string; declined: string[] }[]): Candidate[] =>
    wishes.map(({ wanted, declined }, index) =>
      job(`j${index}`, wanted, Object.fromEntries(declined.map((name) => [name, 'no']))),
    );
  type Offers = readonly Pick<OfferedTarget, 'free' | 'load' | 'automatic'>[];
  const offered = (offers: Offers): OfferedTarget[] =>
    names.flatMap((name, index) => {
      const offer = offers[index];
      return offer === undefined ? [] : [{ ...offer, name, refusal: null }];
    });

  it('never gives more than a target or the whole may take, nor where it was not wanted or not taken (any jobs, any targets)', () => {
    fc.assert(
      fc.property(anyJobs, anyOffers, fc.nat(5), fc.nat(12), (wishes, offers, running, limit) => {
        const [waiting, targets] = [build(wishes), offered(offers)];
        const { claims, notes } = schedule(waiting, targets, running, limit);
        expect(running + claims.length).toBeLessThanOrEqual(Math.max(limit, running));
        for (const { name, free } of targets) {
          expect(claims.filter(({ target }) => target === name).length).toBeLessThanOrEqual(free);
        }
        for (const { jobId, target } of claims) {
          const [claimed, place] = [
            waiting.find(({ id }) => id === jobId),
            targets.find(({ name }) => name === target),
          ];
          if (claimed === undefined || place === undefined) expect.unreachable(`${jobId} on ${target}`);
          else {
            expect(isWanted(place, claimed.wantedTarget)).toBe(true);
            expect(claimed.declinedBy.has(target)).toBe(false);
          }
        }
        const settled = [...claims, ...notes].map(({ jobId }) => jobId).sort();
        expect(settled).toEqual(waiting.map(({ id }) => id).sort());
      }),
    );
  });

  it('keeps the order, takes the least loaded, and lets nobody starve behind a job that cannot go (any jobs, any targets)', () => {
    fc.assert(
      fc.property(anyJobs, anyOffers, fc.nat(12), (wishes, offers, limit) => {
        const [waiting, targets] = [build(wishes), offered(offers)];
        const { claims } = schedule(waiting, targets, 0, limit);
        const order = claims.map(({ jobId }) => waiting.findIndex(({ id }) => id === jobId));
        expect(order).toEqual([...order].sort((one, other) => one - other));
        // Played again by hand: each job in turn goes to the least loaded place that takes it then, or to none when there is none.
        const left = targets.map((target) => ({ ...target }));
        let given = 0;
        for (const each of waiting) {
          const open = left.filter(
            (place) => place.free > 0 && isWanted(place, each.wantedTarget) && !each.declinedBy.has(place.name),
          );
          const claim = claims.find(({ jobId }) => jobId === each.id);
          const taken = left.find(({ name }) => name === claim?.target);
          expect(taken !== undefined).toBe(open.length > 0 && given < limit);
          if (taken === undefined) continue;
          expect(taken.load).toBe(Math.min(...open.map(({ load }) => load)));
          taken.free -= 1;
          taken.load += 1;
          given += 1;
        }
      }),
    );
  });

  it('asks the queue for every wish that could be met now, and for no other (any targets)', () => {
    fc.assert(
      fc.property(anyOffers, (offers) => {
        const targets = offered(offers);
        const wishes = new Map(openWishes(targets).map(({ wanted, free }) => [wanted, free]));
        for (const wanted of [...names, 'auto', 'gone']) {
          const free = targets.filter((place) => isWanted(place, wanted)).reduce((sum, place) => sum + place.free, 0);
          expect(wishes.get(wanted) ?? 0).toBe(free);
        }
      }),
    );
  });
});
