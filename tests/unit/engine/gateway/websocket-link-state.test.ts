import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isSettled,
  type LinkEffect,
  type LinkEvent,
  type LinkState,
  stateLimitMs,
  transition,
} from '../../../../engine/gateway/websocket-link-state.ts';

const RESTING: LinkState = { kind: 'resting' };

/** Where a chain of events leads from rest, and every effect on the way. */
function run(...events: LinkEvent[]): { state: LinkState; effects: LinkEffect[] } {
  return events.reduce<{ state: LinkState; effects: LinkEffect[] }>(
    ({ state, effects }, event) => {
      const step = transition(state, event);
      return { state: step.state, effects: [...effects, ...step.effects] };
    },
    { state: RESTING, effects: [] },
  );
}

describe('a link to ComfyUI', () => {
  it.each<[string, LinkEvent[], LinkState, LinkEffect[]]>([
    [
      'dials when ComfyUI answers, and is live after its first status',
      ['ready', 'opened', 'greeted'],
      { kind: 'live' },
      ['dial'],
    ],
    ['rests while ComfyUI sleeps, whoever comes', ['renewed', 'overdue', 'lost'], RESTING, []],
    [
      'tries again after a refused connection, later each time',
      ['ready', 'lost', 'overdue', 'lost'],
      { kind: 'backingOff', failures: 2 },
      ['dial', 'dial'],
    ],
    [
      'tries again at once after a lost one',
      ['ready', 'opened', 'greeted', 'lost'],
      { kind: 'backingOff', failures: 0 },
      ['dial'],
    ],
    ['stops trying when ComfyUI is gone', ['ready', 'opened', 'greeted', 'lost', 'going'], RESTING, ['dial']],
    [
      'hears the last words of one that is ending',
      ['ready', 'opened', 'greeted', 'going'],
      { kind: 'leaving' },
      ['dial'],
    ],
    ['and rests when they are over', ['ready', 'opened', 'greeted', 'going', 'lost'], RESTING, ['dial']],
    [
      'or when it is told that nothing is left',
      ['ready', 'opened', 'greeted', 'going', 'gone'],
      RESTING,
      ['dial', 'terminate'],
    ],
    [
      'dials the next ComfyUI',
      ['ready', 'opened', 'greeted', 'going', 'gone', 'ready'],
      { kind: 'dialling', failures: 0 },
      ['dial', 'terminate', 'dial'],
    ],
    [
      'waits for the end of the old connection before it dials for a newcomer',
      ['ready', 'opened', 'greeted', 'renewed'],
      { kind: 'closing', next: 'dial' },
      ['dial', 'close'],
    ],
    [
      'and dials then',
      ['ready', 'opened', 'greeted', 'renewed', 'lost'],
      { kind: 'dialling', failures: 0 },
      ['dial', 'close', 'dial'],
    ],
    [
      'does so once for several newcomers',
      ['ready', 'opened', 'greeted', 'renewed', 'renewed', 'lost'],
      { kind: 'dialling', failures: 0 },
      ['dial', 'close', 'dial'],
    ],
    [
      'a newcomer while it dials is served by that connection',
      ['ready', 'renewed', 'opened'],
      { kind: 'greeting', failures: 0 },
      ['dial'],
    ],
    [
      'a connection without a first status was forgotten: another one',
      ['ready', 'opened', 'overdue', 'lost'],
      { kind: 'dialling', failures: 0 },
      ['dial', 'close', 'dial'],
    ],
    [
      'hangs up when its last client left',
      ['ready', 'opened', 'greeted', 'abandoned', 'lost'],
      RESTING,
      ['dial', 'close'],
    ],
    [
      'a client who comes back while it hangs up waits for that',
      ['ready', 'opened', 'greeted', 'abandoned', 'renewed', 'lost'],
      { kind: 'dialling', failures: 0 },
      ['dial', 'close', 'dial'],
    ],
    [
      'a newcomer does not wait out the pause of others',
      ['ready', 'lost', 'renewed'],
      { kind: 'dialling', failures: 0 },
      ['dial', 'dial'],
    ],
  ])('%s', (_name, events, state, effects) => {
    expect(run(...events)).toEqual({ state, effects });
  });

  it('is no reason to hold a prompt back once it is live, resting, or has failed', () => {
    expect(isSettled(run().state)).toBe(true);
    expect(isSettled(run('ready').state)).toBe(false);
    expect(isSettled(run('ready', 'opened').state)).toBe(false);
    expect(isSettled(run('ready', 'opened', 'greeted').state)).toBe(true);
    expect(isSettled(run('ready', 'lost').state)).toBe(true);
    expect(isSettled(run('ready', 'opened', 'greeted', 'renewed').state)).toBe(false);
    expect(isSettled(run('ready', 'opened', 'greeted', 'abandoned').state)).toBe(true);
  });

  it('backs off up to a limit', () => {
    const pause = (failures: number) => stateLimitMs({ kind: 'backingOff', failures });
    expect([0, 1, 2, 3].map(pause)).toEqual([50, 100, 200, 400]);
    expect(pause(50)).toBe(3000);
  });
});

/** Plays the other side: a connection that is dialled exists until it is lost or terminated. */
const events: LinkEvent[] = ['ready', 'going', 'gone', 'opened', 'greeted', 'lost', 'overdue', 'renewed', 'abandoned'];

describe('whatever happens', () => {
  it('there is never a second connection before the first has ended, and none without ComfyUI', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 60 }), (wanted) => {
        let state: LinkState = RESTING;
        let connection: 'none' | 'dialled' | 'open' = 'none';
        let comfy: 'none' | 'running' | 'going' = 'none';
        for (const event of wanted) {
          // Only what can really happen next.
          if (event === 'opened' && connection !== 'dialled') continue;
          if (event === 'greeted' && connection !== 'open') continue;
          if (event === 'lost' && connection === 'none') continue;
          if (event === 'overdue' && stateLimitMs(state) === null) continue;
          if (event === 'ready' && comfy !== 'none') continue;
          if (event === 'going' && comfy !== 'running') continue;
          if (event === 'gone' && comfy !== 'going') continue;
          if (event === 'ready') comfy = 'running';
          if (event === 'going') comfy = 'going';
          if (event === 'gone') comfy = 'none';
          if (event === 'opened') connection = 'open';
          if (event === 'lost') connection = 'none';
          const step = transition(state, event);
          for (const effect of step.effects) {
            if (effect === 'terminate') connection = 'none';
            if (effect === 'dial') {
              expect(connection).toBe('none');
              expect(comfy).toBe('running');
              connection = 'dialled';
            }
          }
          state = step.state;
          if (comfy === 'none') expect(connection).toBe('none');
          if (state.kind === 'live' || state.kind === 'greeting') expect(connection).toBe('open');
          if (state.kind === 'resting' || state.kind === 'backingOff') expect(connection).toBe('none');
        }
      }),
      { numRuns: 20_000 },
    );
  });
});
