import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../engine/platform/app-error.ts';
import { createBreaker } from '../../../../engine/targets/breaker.ts';
import {
  type BreakerEvent,
  type BreakerState,
  CLOSED,
  passing,
  transition,
} from '../../../../engine/targets/breaker-state.ts';
import { createManualClock } from '../../../support/manual-clock.ts';

const STATES: Readonly<Record<string, BreakerState>> = {
  closed: CLOSED,
  'closed (2 failures)': { kind: 'closed', failures: 2 },
  open: { kind: 'open', until: 15_000, times: 1 },
  halfOpen: { kind: 'halfOpen', times: 1 },
  trying: { kind: 'trying', times: 1 },
};
const EVENTS = ['answered', 'trouble', 'rested', 'tried', 'letGo'] as const;

const told = (state: BreakerState): string => {
  if (state.kind === 'closed') return state.failures === 0 ? 'closed' : `closed (${state.failures} failures)`;
  return state.kind === 'open' ? `open (${state.until / 1000} s)` : state.kind;
};

describe('the table of docs/state-machines.md', () => {
  const document = readFileSync(resolve(import.meta.dirname, '../../../../docs/state-machines.md'), 'utf8');
  const section = document.slice(document.indexOf('## Breaker:')).split(/\n## /, 1)[0] ?? '';
  const drawn = [...section.matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)]
    .map(([, from = '', event = '', to = '']) => [from, event, to].map((cell) => cell.trim()).join(' > '))
    .filter((line) => Object.keys(STATES).some((name) => line.startsWith(`${name} > `)));

  it('holds every transition of the code, and no other', () => {
    const done = Object.entries(STATES).flatMap(([from, state]) =>
      EVENTS.flatMap((kind) => {
        const next = transition(state, { kind }, 0);
        return next === state ? [] : [`${from} > ${kind} > ${told(next)}`];
      }),
    );
    expect(drawn).toEqual(done);
  });
});

describe('a target in trouble', () => {
  it('is left alone after the third failure in a row, lets one job try, and rests longer each time', async () => {
    const clock = createManualClock();
    const breaker = createBreaker({ name: 'studio', clock, isTrouble: ({ code }) => code === 'server_unreachable' });
    const offer = () => breaker.offer({ free: 2, load: 0, refusal: null });
    const fail = () =>
      breaker
        .watch(Promise.reject(new AppError('server_unreachable', 'studio does not answer.')))
        .catch(() => undefined);
    await fail();
    await fail();
    await breaker.watch(Promise.resolve());
    await fail();
    await fail();
    expect(offer()).toEqual({ free: 2, load: 0, refusal: null });
    await fail();
    expect(offer()).toMatchObject({ free: 0, retryAt: clock.now() + 15_000 });
    expect(offer().refusal).toMatch(/^studio has trouble: studio does not answer\./);

    let changes = 0;
    breaker.onChange(() => {
      changes += 1;
    });
    await clock.advance(15_000);
    expect([offer().free, offer().refusal, changes]).toEqual([1, null, 1]);
    const end = breaker.begin();
    expect(offer().free).toBe(0);
    await fail();
    end();
    expect(offer()).toMatchObject({ free: 0, retryAt: clock.now() + 30_000 });
    await clock.advance(30_000);
    breaker.begin();
    await breaker.watch(Promise.resolve());
    expect(offer()).toEqual({ free: 2, load: 0, refusal: null });
    breaker.close();
  });

  it('is not one whose refusal is about the job, and one refusal of its own comes first', async () => {
    const breaker = createBreaker({ name: 'pod', clock: createManualClock(), isTrouble: () => false });
    const refuse = () => breaker.watch(Promise.reject(new AppError('runpod_refused', 'No.'))).catch(() => undefined);
    for (let count = 0; count < 5; count += 1) await refuse();
    expect(breaker.offer({ free: 1, load: 0, refusal: 'It is paused.' }).refusal).toBe('It is paused.');
    expect(breaker.offer({ free: 1, load: 0, refusal: null }).free).toBe(1);
  });

  it('never gets more than one job before it has answered, and an answer always opens it again (any events)', () => {
    const event: fc.Arbitrary<BreakerEvent> = fc.constantFrom(...EVENTS).map((kind) => ({ kind }));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.nat(9), (events, free) => {
        let state: BreakerState = CLOSED;
        let failures = 0;
        for (const [now, each] of events.entries()) {
          state = transition(state, each, now);
          if (each.kind === 'trouble') failures += 1;
          if (each.kind === 'answered') failures = 0;
          expect(passing(state, free)).toBeLessThanOrEqual(failures >= 3 ? 1 : free);
          if (failures < 3) expect(passing(state, free)).toBe(free);
        }
      }),
    );
  });
});
