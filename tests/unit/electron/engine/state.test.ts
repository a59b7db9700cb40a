import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Host,
  type HostEvent,
  type HostState,
  initialHost,
  transition,
} from '../../../../electron/engine/state.ts';

const url = 'http://127.0.0.1:8188';
const lost: HostEvent = { kind: 'lost', reason: 'It ended.', code: null, final: false };

const states: Readonly<Record<string, Host>> = {
  starting: initialHost,
  connected: { state: { kind: 'connected', url, ours: true }, restarts: 0 },
  'connected (5 restarts)': { state: { kind: 'connected', url, ours: true }, restarts: 5 },
  restarting: { state: { kind: 'restarting', attempt: 1, reason: 'It ended.' }, restarts: 1 },
  'restarting (5 restarts)': { state: { kind: 'restarting', attempt: 5, reason: 'It ended.' }, restarts: 5 },
  gaveUp: { state: { kind: 'gaveUp', reason: 'It ended.', code: null }, restarts: 5 },
  ending: { state: { kind: 'ending' }, restarts: 0 },
};
const events: Readonly<Record<string, HostEvent>> = {
  answered: { kind: 'answered', url, ours: true },
  lost,
  'lost (final)': { ...lost, final: true } as HostEvent,
  provedStable: { kind: 'provedStable' },
  startWanted: { kind: 'startWanted' },
  endWanted: { kind: 'endWanted' },
};

/** The last state of these events, beginning with the start of the shell. */
function stateAfter(...sequence: readonly HostEvent[]): Host {
  return sequence.reduce((host, event) => transition(host, event).host, initialHost);
}

describe('the drawing in docs/state-machines.md', () => {
  const text = readFileSync(resolve(import.meta.dirname, '../../../../docs/state-machines.md'), 'utf8');
  const section = text.slice(text.indexOf('## Engine host')).split('\n## ')[0] ?? '';
  const drawn = section
    .split('\n')
    .filter((line) => /^\| (?!from|-)/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, from, event, to, effects]) => `${from} + ${event} → ${to} [${effects}]`);

  const coded = Object.entries(states).flatMap(([from, host]) =>
    Object.entries(events).flatMap(([name, event]) => {
      const { host: next, effects } = transition(host, event);
      const to = next.state.kind;
      const moved = next.state !== host.state || next.restarts !== host.restarts || effects.length > 0;
      return moved ? [`${from} + ${name} → ${to} [${effects.map((effect) => effect.kind).join(', ')}]`] : [];
    }),
  );

  it('has a row for every transition of the code, and no other', () => {
    expect(drawn).toEqual(coded);
  });

  it('draws an arrow for every change of state', () => {
    const arrows = new Set([...section.matchAll(/^ {4}(\w+) --> (\w+)/gm)].map(([, from, to]) => `${from} → ${to}`));
    const changes = coded.map((row) => row.replace(/^(\w+).* → (\w+).*$/, '$1 → $2'));
    const drawable = changes.filter((change) => new Set(change.split(' → ')).size > 1);
    expect([...new Set(drawable)].filter((change) => !arrows.has(change))).toEqual([]);
  });
});

describe('an engine that keeps ending', () => {
  it('is started again five times, later each time, and then given up with the last reason', () => {
    const delays: number[] = [];
    let host = stateAfter({ kind: 'answered', url, ours: true });
    for (let loss = 1; loss <= 6; loss += 1) {
      const step = transition(host, { kind: 'lost', reason: `loss ${loss}`, code: null, final: false });
      host = step.host;
      for (const effect of step.effects) if (effect.kind === 'open') delays.push(effect.delayMs);
    }
    expect(delays).toEqual([0, 1_000, 2_000, 4_000, 8_000]);
    expect(host.state).toEqual({ kind: 'gaveUp', reason: 'loss 6', code: null });
  });

  it('is not forgiven for answering in between', () => {
    const up: HostEvent = { kind: 'answered', url, ours: true };
    expect(stateAfter(up, lost, up, lost, up, lost, up, lost, up, lost, up, lost).state.kind).toBe('gaveUp');
  });

  it('begins anew after some stable minutes', () => {
    const up: HostEvent = { kind: 'answered', url, ours: true };
    const host = stateAfter(up, lost, up, lost, up, { kind: 'provedStable' }, lost);
    expect(host.state).toEqual({ kind: 'restarting', attempt: 1, reason: 'It ended.' });
  });
});

it('gives up at once what starting again cannot help, and tells its code', () => {
  const host = stateAfter({ kind: 'lost', reason: 'Taken.', code: 'public_port_taken', final: true });
  expect(host.state).toEqual({ kind: 'gaveUp', reason: 'Taken.', code: 'public_port_taken' });
});

it('never starts an engine while it ends, and never more than five in a row without a stable time', () => {
  const anyEvent = fc.constantFrom(...Object.values(events));
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (sequence) => {
      let host = initialHost;
      let restarts = 0;
      for (const event of sequence) {
        const before: HostState = host.state;
        const step = transition(host, event);
        const opens = step.effects.filter((effect) => effect.kind === 'open').length;
        if (event.kind === 'provedStable' || event.kind === 'startWanted') restarts = 0;
        if (event.kind === 'lost') restarts += opens;
        expect(restarts).toBeLessThanOrEqual(5);
        if (before.kind === 'ending' && event.kind !== 'startWanted') expect(opens).toBe(0);
        host = step.host;
      }
    }),
  );
});
