import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { YIELD_CAUSES } from '../../../../contract/courtesy.ts';
import { type CourtesyEvent, type CourtesyState, transition } from '../../../../engine/courtesy/state.ts';

const NOW = 5000;
const none: CourtesyState = { kind: 'none' };
const draining: CourtesyState = { kind: 'draining', cause: 'paused', since: 1000 };
const yielded: CourtesyState = { kind: 'yielded', cause: 'paused', since: 2000 };

const STATES: Readonly<Record<string, CourtesyState>> = { none, draining, yielded };
const EVENTS: Readonly<Record<string, CourtesyEvent>> = {
  wanted: { kind: 'wanted', cause: 'paused' },
  'wanted (another cause)': { kind: 'wanted', cause: 'lease' },
  unwanted: { kind: 'unwanted' },
  freed: { kind: 'freed' },
};

const told = (state: CourtesyState): string =>
  state.kind === 'none' || state.cause === 'paused' ? state.kind : `${state.kind} (another cause)`;

describe('the table of docs/state-machines.md', () => {
  const document = readFileSync(resolve(import.meta.dirname, '../../../../docs/state-machines.md'), 'utf8');
  const section = document.slice(document.indexOf('## Courtesy:'));
  const drawn = [...section.matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)]
    .map(([, from = '', event = '', to = '']) => [from, event, to].map((cell) => cell.trim()).join(' > '))
    .filter((line) => Object.keys(STATES).some((name) => line.startsWith(`${name} > `)));

  it('holds every transition of the code, and no other', () => {
    const done = Object.entries(STATES).flatMap(([from, state]) =>
      Object.entries(EVENTS).flatMap(([name, event]) => {
        const next = transition(state, event, NOW);
        return next === state ? [] : [`${from} > ${name} > ${told(next)}`];
      }),
    );
    expect(drawn).toEqual(done);
  });
});

it('is free only after it was drained, and lent only while somebody wants it (any events)', () => {
  const event: fc.Arbitrary<CourtesyEvent> = fc.oneof(
    fc.constantFrom(...YIELD_CAUSES).map((cause) => ({ kind: 'wanted' as const, cause })),
    fc.constantFrom({ kind: 'unwanted' as const }, { kind: 'freed' as const }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let state: CourtesyState = { kind: 'none' };
      for (const [index, each] of events.entries()) {
        const next = transition(state, each, index);
        if (next.kind === 'yielded' && state.kind !== 'yielded') {
          expect([state.kind, each.kind]).toEqual(['draining', 'freed']);
        }
        if (each.kind === 'wanted') expect(next).toMatchObject({ cause: each.cause });
        if (each.kind === 'unwanted') expect(next.kind).toBe('none');
        state = next;
      }
    }),
  );
});
