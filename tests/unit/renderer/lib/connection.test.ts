import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ConnectionEvent,
  type ConnectionState,
  DIAL_LIMIT_MS,
  firstConnection,
  retryDelayMs,
  SILENCE_LIMIT_MS,
  transition,
} from '../../../../renderer/lib/connection.ts';

const lost: ConnectionEvent = { kind: 'lost', problem: 'closed' };

function run(events: readonly (readonly [at: number, event: ConnectionEvent])[]): ConnectionState {
  return events.reduce((state, [at, event]) => transition(state, event, at).state, firstConnection(0));
}

describe('losing the engine', () => {
  test('a cut line is redialled soon and remembers when it last heard something', () => {
    const state = run([
      [100, { kind: 'opened' }],
      [5000, { kind: 'heard' }],
      [7000, lost],
    ]);
    expect(state).toEqual({
      kind: 'waiting',
      attempt: 1,
      lastHeardAt: 5000,
      retryAt: 7000 + retryDelayMs(1),
      problem: 'closed',
    });
  });

  test('waits grow to their limit and stay there', () => {
    const waits = Array.from({ length: 10 }, (_unused, index) => retryDelayMs(index + 1));
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBe(15_000);
  });

  test('an engine that hangs is noticed by its missing heartbeat', () => {
    const open = run([[0, { kind: 'opened' }]]);
    expect(transition(open, { kind: 'tick' }, SILENCE_LIMIT_MS).state.kind).toBe('open');
    const late = transition(open, { kind: 'tick' }, SILENCE_LIMIT_MS + 1);
    expect(late).toMatchObject({ state: { kind: 'waiting', problem: 'silent' }, effects: ['hangUp'] });
  });

  test('a machine that swallows the call is given up', () => {
    const late = transition(firstConnection(0), { kind: 'tick' }, DIAL_LIMIT_MS + 1);
    expect(late).toMatchObject({ state: { kind: 'waiting', lastHeardAt: null }, effects: ['hangUp'] });
  });
});

describe('getting it back', () => {
  const waiting = run([
    [0, { kind: 'opened' }],
    [1000, lost],
  ]);

  test('redials when the wait is over and not before', () => {
    expect(transition(waiting, { kind: 'tick' }, 1499).effects).toEqual([]);
    expect(transition(waiting, { kind: 'tick' }, 1500).effects).toEqual(['dial']);
  });

  test('redials at once when asked', () => {
    expect(transition(waiting, { kind: 'retry' }, 1001)).toMatchObject({
      state: { kind: 'connecting', attempt: 2, lastHeardAt: 0 },
      effects: ['dial'],
    });
  });

  test('asking while connected changes nothing', () => {
    const open = run([[0, { kind: 'opened' }]]);
    expect(transition(open, { kind: 'retry' }, 10)).toEqual({ state: open, effects: [] });
  });

  test('a refused token stops the retries', () => {
    const locked = transition(firstConnection(0), { kind: 'refused' }, 10);
    expect(locked).toEqual({ state: { kind: 'locked' }, effects: ['hangUp'] });
    expect(transition(locked.state, { kind: 'tick' }, 1e9).effects).toEqual([]);
  });
});

test('whatever happens, a wait always ends in a dial', () => {
  const event: fc.Arbitrary<ConnectionEvent> = fc.constantFrom<ConnectionEvent>(
    { kind: 'opened' },
    { kind: 'heard' },
    lost,
    { kind: 'lost', problem: 'broken' },
    { kind: 'tick' },
    { kind: 'retry' },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(60_000), event)), (steps) => {
      let now = 0;
      let state = firstConnection(0);
      for (const [delay, each] of steps) {
        now += delay;
        state = transition(state, each, now).state;
      }
      if (state.kind !== 'waiting') return;
      expect(transition(state, { kind: 'tick' }, now + 15_000).effects).toEqual(['dial']);
    }),
  );
});
