import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCKERS } from '../../../../contract/status.ts';
import { decide, type IdleFacts, type IdleSettings } from '../../../../engine/idle/policy.ts';

const NOW = 1_000_000;
const seconds = (count: number): number => count * 1000;

const idle: IdleFacts = {
  runningSince: 0,
  lastActivityAt: NOW,
  queue: { running: 0, pending: 0, known: true },
  inFlight: { held: 0, upload: 0, download: 0, request: 0 },
  keepAwakeUntil: null,
  stopWhenDone: false,
  freed: false,
  actNotBefore: 0,
};
const settings: IdleSettings = { freeAfterSeconds: 60, stopAfterSeconds: 300 };
const busy = { ...idle.queue, running: 1 };

describe('what blocks (llama-swap#588: a long job must not be unloaded)', () => {
  it.each<[string, Partial<IdleFacts>, string[]]>([
    ['a running prompt', { queue: busy }, ['running']],
    ['a pending prompt', { queue: { ...idle.queue, pending: 2 } }, ['pending']],
    ['a queue nobody knows', { queue: { ...idle.queue, known: false } }, ['queueUnknown']],
    ['a held request', { inFlight: { ...idle.inFlight, held: 1 } }, ['held']],
    ['an upload', { inFlight: { ...idle.inFlight, upload: 1 } }, ['upload']],
    ['a download', { inFlight: { ...idle.inFlight, download: 1 } }, ['download']],
    ['a request', { inFlight: { ...idle.inFlight, request: 1 } }, ['request']],
    ['keep awake', { keepAwakeUntil: NOW + seconds(10_000) }, ['keepAwake']],
    [
      'several at once',
      { queue: { running: 1, pending: 1, known: false }, keepAwakeUntil: NOW + seconds(10_000) },
      ['running', 'pending', 'queueUnknown', 'keepAwake'],
    ],
  ])('%s', (_name, facts, blockedBy) => {
    const late = NOW + seconds(5000);
    expect(decide({ ...idle, ...facts }, settings, late)).toMatchObject({ blockedBy, action: 'none' });
  });

  it('an open tab does not: it is no part of the facts (sablier#402, llama-swap#1001)', () => {
    expect(decide(idle, settings, NOW + seconds(300)).action).toBe('stop');
  });
});

describe('when', () => {
  it.each<[string, Partial<IdleFacts>, Partial<IdleSettings>, number, object]>([
    [
      'at first nothing is due, and the next look is at the freeing',
      {},
      {},
      0,
      {
        action: 'none',
        idleSince: NOW,
        freesAt: NOW + seconds(60),
        stopsAt: NOW + seconds(300),
        nextCheckAt: NOW + seconds(60),
      },
    ],
    ['VRAM is freed after its time', {}, {}, 60, { action: 'free', nextCheckAt: NOW + seconds(300) }],
    ['and once', { freed: true }, {}, 61, { action: 'none', freesAt: null, nextCheckAt: NOW + seconds(300) }],
    ['ComfyUI is stopped at its time', { freed: true }, {}, 300, { action: 'stop', nextCheckAt: null }],
    ['a stop that is due goes before a freeing that is due', {}, {}, 400, { action: 'stop' }],
    ['0 means that VRAM is never freed', {}, { freeAfterSeconds: 0 }, 299, { action: 'none', freesAt: null }],
    [
      '0 means that ComfyUI is never stopped',
      { freed: true },
      { stopAfterSeconds: 0 },
      1e6,
      { action: 'none', stopsAt: null, nextCheckAt: null },
    ],
    [
      'both 0: nothing ever happens',
      {},
      { freeAfterSeconds: 0, stopAfterSeconds: 0 },
      1e6,
      { action: 'none', nextCheckAt: null },
    ],
    [
      'freeing later than stopping is left out',
      {},
      { freeAfterSeconds: 301 },
      0,
      { freesAt: null, nextCheckAt: NOW + seconds(300) },
    ],
    [
      'idleness begins no earlier than ComfyUI',
      { lastActivityAt: 0, runningSince: NOW },
      {},
      299,
      { stopsAt: NOW + seconds(300), action: 'free' },
    ],
    [
      'keep awake puts both off',
      { keepAwakeUntil: NOW + seconds(1000) },
      {},
      500,
      { action: 'none', freesAt: null, stopsAt: NOW + seconds(1000), nextCheckAt: NOW + seconds(1000) },
    ],
    [
      'and no longer than it lasts',
      { keepAwakeUntil: NOW + seconds(1000) },
      {},
      1000,
      { action: 'stop', blockedBy: [] },
    ],
    [
      'keep awake during work is looked at when it ends',
      { queue: busy, keepAwakeUntil: NOW + seconds(9) },
      {},
      0,
      { nextCheckAt: NOW + seconds(9), stopsAt: null },
    ],
    ['stop when done does not wait', { stopWhenDone: true }, {}, 0, { action: 'stop', stopsAt: NOW, freesAt: null }],
    ['stop when done works with idle stop off', { stopWhenDone: true }, { stopAfterSeconds: 0 }, 0, { action: 'stop' }],
    [
      'stop when done waits for the work',
      { stopWhenDone: true, queue: busy },
      {},
      0,
      { action: 'none', stopsAt: null },
    ],
    [
      'a failed attempt is followed by a pause',
      { actNotBefore: NOW + seconds(310) },
      {},
      300,
      { action: 'none', nextCheckAt: NOW + seconds(310) },
    ],
  ])('%s', (_name, facts, changed, afterSeconds, expected) => {
    const now = NOW + seconds(afterSeconds);
    expect(decide({ ...idle, ...facts }, { ...settings, ...changed }, now)).toMatchObject(expected);
  });

  it('has nothing to say about a ComfyUI that does not run', () => {
    expect(decide({ ...idle, runningSince: null, queue: busy }, settings, NOW + seconds(1000))).toEqual({
      blockedBy: [],
      idleSince: null,
      freesAt: null,
      stopsAt: null,
      action: 'none',
      nextCheckAt: null,
    });
  });
});

describe('always', () => {
  const time = fc.integer({ min: 0, max: 10_000_000 });
  const few = fc.integer({ min: 0, max: 2 });
  const anyFacts: fc.Arbitrary<IdleFacts> = fc.record({
    runningSince: fc.option(time),
    lastActivityAt: time,
    queue: fc.record({ running: few, pending: few, known: fc.boolean() }),
    inFlight: fc.record({ held: few, upload: few, download: few, request: few }),
    keepAwakeUntil: fc.option(time),
    stopWhenDone: fc.boolean(),
    freed: fc.boolean(),
    actNotBefore: time,
  });
  const quietFacts = anyFacts.map((facts) => ({ ...facts, queue: idle.queue, inFlight: idle.inFlight }));
  const anyIdleSettings: fc.Arbitrary<IdleSettings> = fc.record({
    freeAfterSeconds: fc.integer({ min: 0, max: 5000 }),
    stopAfterSeconds: fc.integer({ min: 0, max: 5000 }),
  });

  it('never acts while blocked, and names every blocker once', () => {
    fc.assert(
      fc.property(anyFacts, anyIdleSettings, time, (facts, rules, now) => {
        const { blockedBy, action } = decide(facts, rules, now);
        if (blockedBy.length > 0) expect(action).toBe('none');
        expect(new Set(blockedBy).size).toBe(blockedBy.length);
        for (const blocker of blockedBy) expect(BLOCKERS).toContain(blocker);
      }),
    );
  });

  it('acts exactly from the time it told, and looks again no later', () => {
    fc.assert(
      fc.property(quietFacts, anyIdleSettings, time, (facts, rules, now) => {
        const told = decide(facts, rules, now);
        if (told.stopsAt !== null && told.stopsAt > now) {
          expect(decide(facts, rules, told.stopsAt).action).toBe('stop');
          expect(decide(facts, rules, told.stopsAt - 1).action).not.toBe('stop');
          expect(told.nextCheckAt).not.toBeNull();
          expect(told.nextCheckAt ?? 0).toBeLessThanOrEqual(told.stopsAt);
        }
        if (told.nextCheckAt !== null) expect(told.nextCheckAt).toBeGreaterThan(now);
      }),
    );
  });

  it('following only its own next looks, it stops within its time: no poll is needed', () => {
    fc.assert(
      fc.property(quietFacts, anyIdleSettings, (quiet, rules) => {
        fc.pre(rules.stopAfterSeconds > 0);
        const facts = { ...quiet, runningSince: quiet.runningSince ?? 0 };
        const due = Math.max(
          Math.max(facts.runningSince, facts.lastActivityAt) +
            (facts.stopWhenDone ? 0 : seconds(rules.stopAfterSeconds)),
          facts.keepAwakeUntil ?? 0,
          facts.actNotBefore,
        );
        let now = 0;
        let freed = facts.freed;
        for (let look = 0; look < 10; look += 1) {
          const { action, nextCheckAt } = decide({ ...facts, freed }, rules, now);
          if (action === 'stop') break;
          if (action === 'free') freed = true;
          else now = nextCheckAt ?? Number.NaN;
        }
        expect(now).toBe(due);
      }),
    );
  });

  it('later activity never means an earlier stop', () => {
    fc.assert(
      fc.property(quietFacts, anyIdleSettings, time, fc.nat(100_000), (facts, rules, now, moreMs) => {
        const earlier = decide(facts, rules, now);
        const later = decide({ ...facts, lastActivityAt: facts.lastActivityAt + moreMs }, rules, now);
        if (earlier.stopsAt !== null) expect(later.stopsAt ?? 0).toBeGreaterThanOrEqual(earlier.stopsAt);
      }),
    );
  });
});
