import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type LoopEffect,
  type LoopEvent,
  type LoopState,
  STOPPED,
  transition,
  waitAfter,
} from '../../../../engine/gpu/smi-loop-state.ts';

const LIMITS = { silenceMs: 6000, firstLineMs: 20_000 };
const running: LoopState = { kind: 'running', since: 0, failures: 0 };
const step = (state: LoopState, event: LoopEvent['kind'], now = 0) => transition(state, { kind: event }, LIMITS, now);

describe('a looping command', () => {
  test('is spawned when asked, and given time for its first line', () => {
    expect(step(STOPPED, 'start')).toEqual({
      state: running,
      effects: [{ kind: 'spawn' }, { kind: 'expectLine', withinMs: 20_000 }],
    });
  });

  test('is not spawned twice', () => {
    expect(step(running, 'start').effects).toEqual([]);
  });

  test('that is silent for too long is ended, reported and tried again later', () => {
    const hung = step(running, 'silenceOver', 7000);
    expect(hung.effects.map(({ kind }) => kind)).toEqual(['forgetTimers', 'end', 'reportHang']);
    expect(step(hung.state, 'exited', 7000)).toEqual({
      state: { kind: 'waiting', failures: 1 },
      effects: [{ kind: 'wait', delayMs: 1000 }],
    });
  });

  test('that prints nothing when there is nothing to tell is never thought to hang', () => {
    const quiet = transition(STOPPED, { kind: 'start' }, { ...LIMITS, silenceMs: null }, 0);
    expect(quiet.effects).toEqual([{ kind: 'spawn' }]);
  });

  test('that keeps failing is tried ever more rarely', () => {
    expect([1, 2, 3, 6, 7, 50].map(waitAfter)).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000]);
    let state: LoopState = running;
    for (let failures = 1; failures <= 3; failures += 1) {
      state = step(state, 'exited').state;
      expect(state).toEqual({ kind: 'waiting', failures });
      state = step(state, 'waitOver').state;
    }
  });

  test('that ran well for a minute fails for the first time again', () => {
    expect(step({ kind: 'running', since: 0, failures: 5 }, 'exited', 60_000).state).toEqual({
      kind: 'waiting',
      failures: 1,
    });
  });

  test('that will not end is not joined by a second one', () => {
    const ending = step(running, 'stop').state;
    const wanted = step(ending, 'start');
    expect(wanted.effects).toEqual([]);
    expect(step(wanted.state, 'exited').effects).toContainEqual({ kind: 'spawn' });
  });

  test('that was stopped while it waited is spawned no more', () => {
    expect(step({ kind: 'waiting', failures: 2 }, 'stop')).toEqual({
      state: STOPPED,
      effects: [{ kind: 'forgetTimers' }],
    });
    expect(step(STOPPED, 'waitOver').effects).toEqual([]);
  });
});

test('whatever happens, there is at most one process, and none after a stop', () => {
  const event = fc.constantFrom<LoopEvent['kind']>('start', 'stop', 'line', 'silenceOver', 'exited', 'waitOver');
  fc.assert(
    fc.property(fc.array(event), (events) => {
      let state: LoopState = STOPPED;
      let alive = 0;
      let now = 0;
      const run = (effects: readonly LoopEffect[]) => {
        alive += effects.filter(({ kind }) => kind === 'spawn').length;
        expect(alive).toBeLessThanOrEqual(1);
      };
      const happen = (kind: LoopEvent['kind']) => {
        // Only a process that lives can print or exit.
        if ((kind === 'exited' || kind === 'line') && alive === 0) return;
        if (kind === 'exited') alive = 0;
        now += 500;
        const next = transition(state, { kind }, LIMITS, now);
        state = next.state;
        run(next.effects);
      };
      for (const kind of events) happen(kind);
      happen('stop');
      happen('exited');
      expect(state).toEqual(STOPPED);
      expect(alive).toBe(0);
    }),
  );
});
