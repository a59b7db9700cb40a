import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../../contract/supervisor-state.ts';
import { SupervisorStateSchema } from '../../../../contract/supervisor-state.ts';
import {
  type Context,
  type Effect,
  initialMachine,
  type Life,
  type LifeOf,
  type Machine,
  type Policy,
  publicState,
  type SupervisorEvent,
} from '../../../../engine/supervisor/state.ts';
import { transition } from '../../../../engine/supervisor/transition.ts';

const NOW = 1_000_000;
const failure: Failure = {
  code: 'crashed',
  message: 'ComfyUI crashed.',
  exitCode: 1,
  signal: null,
  suspect: null,
  offerWithoutCustomNodes: false,
  logTail: [],
};
const policy: Policy = {
  startTimeoutMs: 120_000,
  stopGraceMs: 10_000,
  restartAfterCrash: true,
  maxCrashes: 5,
  crashWindowMs: 600_000,
};
const context: Context = { now: NOW, random: 0, policy };

const starting: LifeOf<'starting'> = {
  kind: 'starting',
  generation: 1,
  attempt: 1,
  since: NOW - 8_000,
  reason: 'user',
  phase: 'python',
  detail: null,
  withoutCustomNodes: false,
  recovering: false,
};
const running: LifeOf<'running'> = {
  kind: 'running',
  generation: 1,
  pid: 42,
  port: 9000,
  since: NOW,
  reason: 'user',
  withoutCustomNodes: false,
};
const stopping: LifeOf<'stopping'> = {
  kind: 'stopping',
  generation: 1,
  reason: 'user',
  since: NOW,
  deadline: NOW + 10_000,
  withoutCustomNodes: false,
  next: { kind: 'stopped' },
};
const failed: LifeOf<'failed'> = { kind: 'failed', since: NOW, error: failure, processLeft: false };

const lives: Life[] = [
  { kind: 'stopped', since: NOW, reason: 'user' },
  starting,
  { ...starting, recovering: true },
  running,
  stopping,
  { ...stopping, next: { kind: 'start', reason: 'request', withoutCustomNodes: false } },
  { ...stopping, next: { kind: 'failure', failure, recovering: false } },
  { ...stopping, next: { kind: 'failure', failure, recovering: true } },
  { kind: 'backingOff', attempt: 2, retryAt: NOW + 1_000, since: NOW, error: failure, withoutCustomNodes: false },
  failed,
  { ...failed, error: { ...failure, code: 'gave_up' } },
  { ...failed, processLeft: true },
];

const found = {
  kind: 'found',
  generation: 7,
  pid: 42,
  port: 9000,
  withoutCustomNodes: false,
  limitMs: 60_000,
} as const;
const events: Record<string, SupervisorEvent> = {
  'startWanted (user)': { kind: 'startWanted', reason: 'user', withoutCustomNodes: false },
  'startWanted (request)': { kind: 'startWanted', reason: 'request', withoutCustomNodes: false },
  stopWanted: { kind: 'stopWanted', reason: 'user' },
  restartWanted: { kind: 'restartWanted', withoutCustomNodes: false },
  'found (answering)': { ...found, answering: true },
  'found (starting)': { ...found, answering: false },
  bootProgressed: { kind: 'bootProgressed', generation: 1, phase: 'torch', detail: null },
  answered: { kind: 'answered', generation: 1, pid: 42, port: 9000 },
  launchRefused: { kind: 'launchRefused', generation: 1, failure, permanent: false },
  'launchRefused (permanent)': { kind: 'launchRefused', generation: 1, failure, permanent: true },
  startLimitReached: { kind: 'startLimitReached', generation: 1, failure },
  'exited (crash)': { kind: 'exited', generation: 1, failure, permanent: false },
  'exited (permanent)': { kind: 'exited', generation: 1, failure, permanent: true },
  'exited (own will)': { kind: 'exited', generation: 1, failure: null, permanent: false },
  hung: { kind: 'hung', generation: 1, failure },
  restartSeen: { kind: 'restartSeen', generation: 1 },
  ended: { kind: 'ended', generation: 1 },
  endFailed: { kind: 'endFailed', generation: 1, failure },
  backOffOver: { kind: 'backOffOver' },
  stable: { kind: 'stable', generation: 1 },
};

function labelOf(life: Life): string {
  switch (life.kind) {
    case 'starting':
      return life.recovering ? 'starting (it ran before)' : 'starting';
    case 'stopping': {
      const ran = life.next.kind === 'failure' && life.next.recovering ? ', it ran before' : '';
      return `stopping (then ${life.next.kind}${ran})`;
    }
    case 'failed':
      if (life.processLeft) return 'failed (process left)';
      return life.error.code === 'gave_up' ? 'failed (gave up)' : 'failed';
    default:
      return life.kind;
  }
}

const machineIn = (life: Life): Machine => ({ ...initialMachine(0), generation: 1, life });

describe('the drawing in docs/state-machines.md', () => {
  const text = readFileSync(resolve(import.meta.dirname, '../../../../docs/state-machines.md'), 'utf8');
  const section = text.slice(text.indexOf('## Supervisor')).split(/\n(?=## )/)[0] ?? '';
  const drawn = section
    .split('\n')
    .filter((line) => /^\| (?!from|-)/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, from, event, to, effects]) => `${from} + ${event} → ${to} [${effects}]`);

  const coded = lives.flatMap((life) =>
    Object.entries(events).flatMap(([name, event]) => {
      const { machine, effects } = transition(machineIn(life), event, context);
      const from = labelOf(life);
      const to = labelOf(machine.life);
      const moved = from !== to || effects.length > 0;
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

describe('transition', () => {
  const step = (life: Life, event: SupervisorEvent, over: Partial<Machine> = {}, context_: Context = context) =>
    transition({ ...machineIn(life), ...over }, event, context_);
  const crash: SupervisorEvent = { kind: 'exited', generation: 1, failure, permanent: false };

  it('gives up after too many crashes in the window, and says how often', () => {
    const crashTimes = [1, 2, 3, 4].map((minutes) => NOW - minutes * 60_000);
    const { machine } = step(running, crash, { crashTimes, crashesInARow: 4 });
    expect(machine.life).toMatchObject({
      kind: 'failed',
      error: { code: 'gave_up', message: expect.stringContaining('crashed 5 times within 10 minutes') },
    });
  });

  it('forgets crashes that are older than the window', () => {
    const crashTimes = [11, 12, 13, 14].map((minutes) => NOW - minutes * 60_000);
    const { machine } = step(running, crash, { crashTimes, crashesInARow: 0 });
    expect(machine).toMatchObject({ life: { kind: 'backingOff', retryAt: NOW + 1_000 }, crashTimes: [NOW] });
  });

  it('waits longer after each crash in a row, and briefly again after stable minutes', () => {
    const wait = (machine: Machine) =>
      step(running, crash, machine, { ...context, policy: { ...policy, maxCrashes: 99 } });
    const waits = [0, 1, 2, 5, 6, 20].map((crashesInARow) => wait({ ...machineIn(running), crashesInARow }).effects);
    expect(waits.flat().map((effect) => effect.kind === 'backOff' && effect.delayMs)).toEqual([
      1_000, 2_000, 4_000, 32_000, 60_000, 60_000,
    ]);
    const stable = step(running, { kind: 'stable', generation: 1 }, { crashesInARow: 4 });
    expect(stable.machine.crashesInARow).toBe(0);
  });

  it('shortens the wait by up to a fifth, so that two machines do not march in step', () => {
    const { effects } = step(running, crash, {}, { ...context, random: 0.999 });
    expect(effects).toEqual([{ kind: 'backOff', delayMs: 800 }]);
  });

  it('does not restart a crashed ComfyUI when the setting says so', () => {
    const { machine } = step(running, crash, {}, { ...context, policy: { ...policy, restartAfterCrash: false } });
    expect(machine.life).toMatchObject({ kind: 'failed', error: { code: 'crashed' } });
  });

  it('starts again without custom nodes what ran without them', () => {
    const crashed = step({ ...running, withoutCustomNodes: true }, crash);
    const { effects } = transition(crashed.machine, { kind: 'backOffOver' }, context);
    expect(effects).toMatchObject([{ kind: 'launch', withoutCustomNodes: true }]);
  });

  it('counts the tries, and begins at one when a person starts it', () => {
    const backingOff = step(running, crash, { crashesInARow: 2 }).machine;
    expect(transition(backingOff, { kind: 'backOffOver' }, context).machine.life).toMatchObject({ attempt: 4 });
    const asked: SupervisorEvent = { kind: 'startWanted', reason: 'user', withoutCustomNodes: false };
    expect(step(failed, asked, { crashesInARow: 4, crashTimes: [NOW] }).machine).toMatchObject({
      life: { attempt: 1 },
      crashesInARow: 0,
      crashTimes: [],
    });
  });

  it('counts the tries from one again after it was stopped', () => {
    const { machine } = step(
      { ...stopping },
      { kind: 'ended', generation: 1 },
      { crashesInARow: 3, crashTimes: [NOW] },
    );
    const asked: SupervisorEvent = { kind: 'startWanted', reason: 'request', withoutCustomNodes: false };
    expect(transition(machine, asked, context).machine).toMatchObject({ life: { attempt: 1 }, crashTimes: [NOW] });
  });

  it('keeps the record of crashes when a request starts it: a page that reloads must not undo it', () => {
    const asked: SupervisorEvent = { kind: 'startWanted', reason: 'request', withoutCustomNodes: false };
    expect(step(failed, asked, { crashTimes: [NOW] }).machine.crashTimes).toEqual([NOW]);
  });

  it('gives a hung process less time than one that can listen', () => {
    expect(step(running, { kind: 'hung', generation: 1, failure }).effects).toEqual([
      { kind: 'end', generation: 1, graceMs: 2_000 },
    ]);
  });

  it('learns how long a start took, but not from one it saw only the end of, or without custom nodes', () => {
    const answer: SupervisorEvent = { kind: 'answered', generation: 1, pid: 42, port: 9000 };
    const learnt = (life: Life) => step(life, answer).effects.filter((effect) => effect.kind === 'rememberStart');
    expect(learnt(starting)).toEqual([{ kind: 'rememberStart', seconds: 8 }]);
    expect(learnt({ ...starting, reason: 'adopted' })).toEqual([]);
    expect(learnt({ ...starting, withoutCustomNodes: true })).toEqual([]);
    expect(learnt({ ...starting, reason: 'restart', recovering: true })).toEqual([]);
  });

  it('gives an adopted process the generation it had, so that late answers of it are still known', () => {
    const { machine } = transition(initialMachine(0), { ...found, answering: true }, context);
    expect(machine).toMatchObject({ generation: 7, life: { generation: 7, reason: 'adopted' } });
  });

  it('says that a start was cancelled when a person stops it', () => {
    const { machine } = step(starting, { kind: 'stopWanted', reason: 'user' });
    expect(machine.life).toMatchObject({ kind: 'stopping', reason: 'startCancelled' });
  });
});

interface Tried {
  readonly machine: Machine;
  readonly effects: readonly Effect[];
  /** After the news, before the effects. */
  readonly processBefore: World['process'];
}

/** What really exists outside the machine, as its effects and news would have it. */
interface World {
  readonly machine: Machine;
  readonly process: 'none' | 'launching' | 'alive';
  /** An `end` is still to bring news. */
  readonly ending: boolean;
}

const generation = fc.oneof(
  { weight: 4, arbitrary: fc.constant('current' as const) },
  { weight: 1, arbitrary: fc.nat(5) },
);
const anyEvent = fc.record({ name: fc.constantFrom(...Object.keys(events)), generation });

function eventFor(name: string, wanted: 'current' | number, machine: Machine): SupervisorEvent {
  const event = events[name] ?? { kind: 'backOffOver' };
  if (!('generation' in event)) return event;
  return { ...event, generation: wanted === 'current' ? machine.generation : wanted };
}

describe('any sequence of events', () => {
  const run = (names: readonly { name: string; generation: 'current' | number }[], check: (step: Tried) => void) => {
    let world: World = { machine: initialMachine(0), process: 'none', ending: false };
    names.forEach(({ name, generation: wanted }, index) => {
      const event = eventFor(name, wanted, world.machine);
      if (!isPossible(event, world)) return;
      const { machine, effects } = transition(world.machine, event, { ...context, now: NOW + index * 1_000 });
      const told = afterNews(world, event);
      check({ machine, effects, processBefore: told.process });
      world = afterEffects({ ...told, machine }, effects);
    });
    return world.machine;
  };

  it('never leads to two processes', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (names) => {
        run(names, ({ effects, processBefore }) => {
          if (effects.some((effect) => effect.kind === 'launch')) expect(processBefore).toBe('none');
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it('never forgets a process: who owns none has none', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (names) => {
        run(names, ({ machine, processBefore }) => {
          const { life } = machine;
          const ownsNone =
            life.kind === 'stopped' || life.kind === 'backingOff' || (life.kind === 'failed' && !life.processLeft);
          if (ownsNone) expect(processBefore).toBe('none');
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it('shows only states that the contract knows, without the inner data of the machine', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (names) => {
        run(names, ({ machine }) => {
          const shown = publicState(machine.life);
          expect(SupervisorStateSchema.parse(shown)).toEqual(shown);
        });
      }),
    );
  });

  it('never shortens the numbering of generations', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (names) => {
        let newest = 0;
        run(names, ({ machine }) => {
          expect(machine.generation).toBeGreaterThanOrEqual(newest);
          newest = machine.generation;
        });
      }),
    );
  });

  it('ends in a settled state once the process has settled, so that everyone who waits is answered', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), fc.boolean(), (names, ready) => {
        let machine = run(names, () => undefined);
        for (let steps = 0; !isSettled(machine.life); steps += 1) {
          expect(steps).toBeLessThan(10);
          machine = transition(machine, settlingNews(machine, ready), context).machine;
        }
      }),
    );
  });
});

/** Nobody sends news of a process that is not there, or of an end that was not asked for. Late news is always possible. */
function isPossible(event: SupervisorEvent, world: World): boolean {
  if ('generation' in event && event.generation !== world.machine.generation && event.kind !== 'found') return true;
  switch (event.kind) {
    case 'found':
      return world.process === 'none';
    case 'launchRefused':
      return world.process === 'launching' && !world.ending;
    case 'ended':
      return world.ending;
    case 'endFailed':
      return world.process !== 'none';
    case 'answered':
    case 'exited':
      return world.process !== 'none' && !world.ending;
    default:
      return true;
  }
}

/** What the news itself says about the world. */
function afterNews(world: World, event: SupervisorEvent): World {
  if (event.kind === 'found' && world.machine.life.kind === 'stopped') return { ...world, process: 'alive' };
  if (!('generation' in event) || event.generation !== world.machine.generation) return world;
  switch (event.kind) {
    case 'answered':
      return { ...world, process: 'alive' };
    case 'exited':
    case 'launchRefused':
      return { ...world, process: 'none' };
    case 'ended':
      return { ...world, process: 'none', ending: false };
    case 'endFailed':
      return { ...world, ending: false };
    default:
      return world;
  }
}

function afterEffects(world: World, effects: readonly Effect[]): World {
  if (effects.some((effect) => effect.kind === 'launch')) return { ...world, process: 'launching' };
  return effects.some((effect) => effect.kind === 'end') ? { ...world, ending: true } : world;
}

function isSettled(life: Life): boolean {
  return life.kind === 'running' || life.kind === 'stopped' || life.kind === 'failed';
}

function settlingNews(machine: Machine, ready: boolean): SupervisorEvent {
  const { generation: current, life } = machine;
  if (life.kind === 'backingOff') return { kind: 'backOffOver' };
  if (life.kind === 'stopping') return { kind: 'ended', generation: current };
  return ready
    ? { kind: 'answered', generation: current, pid: 42, port: 9000 }
    : { kind: 'exited', generation: current, failure, permanent: true };
}
