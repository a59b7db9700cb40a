import { beforeEach, describe, expect, it } from 'vitest';
import type { Status } from '../../../../contract/status.ts';
import type { EngineOutcome } from '../../../../electron/engine/engine-host.ts';
import type { EngineState } from '../../../../electron/engine/engine-link.ts';
import { type BusyAnswer, createQuit, type Work } from '../../../../electron/lifecycle/quit.ts';
import { endInOrder } from '../../../../electron/lifecycle/shutdown.ts';
import { exampleStatus } from '../../../support/fake-engine.ts';
import { until } from '../../../support/until.ts';

const queue = (running: number, pending: number): Status['queue'] => ({
  running,
  pending,
  known: true,
  current: null,
  items: [],
});

/** Everything quitting touches, with what it did in order. */
function createScene() {
  const did: string[] = [];
  const listeners = new Set<() => void>();
  const scene = {
    did,
    status: exampleStatus() as Status | null,
    engineState: { kind: 'connected', url: 'http://127.0.0.1:8188', ours: true } as EngineState,
    answer: 'cancel' as BusyAnswer,
    questions: [] as Work[],
    windows: 'closed' as 'closed' | 'kept',
    outcomes: [] as EngineOutcome[],
    change(status: Status | null) {
      scene.status = status;
      for (const listener of [...listeners]) listener();
    },
    listeners,
  };
  const quit = createQuit({
    link: {
      state: () => scene.engineState,
      status: () => scene.status,
      onChange(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    async endEngine(force) {
      const outcome = scene.outcomes.shift() ?? 'done';
      did.push(`engine ${force ? 'forced' : 'asked'}: ${outcome}`);
      return outcome;
    },
    async askAboutWork(work) {
      scene.questions.push(work);
      did.push('question');
      return scene.answer;
    },
    async closeWindows() {
      did.push(`windows ${scene.windows}`);
      return scene.windows;
    },
    onStay: () => did.push('stay'),
    joiners: [{ name: 'tray', limitMs: 1_000, end: () => did.push('tray') }],
    exit: () => did.push('exit'),
    log: (line) => did.push(line),
  });
  quit.started();
  return { ...scene, scene, quit };
}

let { scene, quit, did } = createScene();
beforeEach(() => {
  ({ scene, quit, did } = createScene());
});
const untilGone = () => until(() => quit.phase() === 'gone');

describe('quitting', () => {
  it('asks nothing without work, and ends windows, engine, tray and shell in that order', async () => {
    quit.ask();
    await untilGone();
    expect(did).toEqual(['windows closed', 'engine asked: done', 'tray', 'exit']);
  });

  it('asks about work, and comes to nothing when the user changes their mind', async () => {
    scene.status = exampleStatus({ queue: queue(1, 3) });
    quit.ask();
    await until(() => did.length === 2);
    expect(scene.questions).toEqual([{ running: 1, waiting: 3, remote: 0 }]);
    expect(did).toEqual(['question', 'stay']);
    // A second wish asks again: the first question is over.
    scene.answer = 'now';
    await until(() => {
      quit.ask();
      return did.length > 2;
    });
    await untilGone();
    expect(did).toEqual(['question', 'stay', 'question', 'windows closed', 'engine forced: done', 'tray', 'exit']);
  });

  it('waits for the work when asked to, also through a restart of the engine', async () => {
    scene.status = exampleStatus({ queue: queue(1, 0) });
    scene.answer = 'whenDone';
    quit.ask();
    await until(() => scene.listeners.size === 1);
    scene.change(exampleStatus({ queue: queue(0, 1) }));
    scene.engineState = { kind: 'restarting', attempt: 1, reason: 'It ended.' };
    scene.change(null);
    expect(did).toEqual(['question']);
    scene.engineState = { kind: 'connected', url: 'http://127.0.0.1:8188', ours: true };
    await until(() => {
      scene.change(exampleStatus());
      return did.length > 1;
    });
    await untilGone();
    expect(did).toEqual(['question', 'windows closed', 'engine asked: done', 'tray', 'exit']);
    expect(scene.listeners.size).toBe(0);
  });

  it('asks when the work began after the first look, and the engine says so', async () => {
    scene.outcomes = ['busy'];
    scene.answer = 'now';
    quit.ask();
    await untilGone();
    expect(did).toEqual([
      'windows closed',
      'engine asked: busy',
      'question',
      'windows closed',
      'engine forced: done',
      'tray',
      'exit',
    ]);
  });

  it('leaves the engine alone when a window has unsaved changes', async () => {
    scene.windows = 'kept';
    quit.ask();
    await until(() => did.length > 0);
    await Promise.resolve();
    expect(did).toEqual(['windows kept']);
    expect(quit.phase()).toBe('running');
  });

  it('asks nobody when the session ends, also while a question is open, and ends once', async () => {
    scene.status = exampleStatus({ queue: queue(1, 0) });
    quit.now();
    quit.now();
    quit.ask();
    await untilGone();
    expect(did).toEqual(['engine forced: done', 'tray', 'exit']);
  });

  it('for a restart of the shell lets the engine go on', async () => {
    quit.withoutEngine(() => did.push('relaunch'));
    await untilGone();
    expect(did).toEqual(['windows closed', 'tray', 'relaunch']);
  });
});

describe('ending in order', () => {
  it('goes on past one that hangs and one that fails, and tells both', async () => {
    const log: string[] = [];
    const ended: string[] = [];
    await endInOrder(
      [
        { name: 'slow', limitMs: 1, end: () => new Promise(() => undefined) },
        {
          name: 'broken',
          limitMs: 1_000,
          end: () => {
            throw new Error('no disk');
          },
        },
        { name: 'last', limitMs: 1_000, end: () => ended.push('last') },
      ],
      (line) => log.push(line),
    );
    expect(ended).toEqual(['last']);
    expect(log).toEqual(['quit: slow did not end within 0.001 s', 'quit: broken failed: Error: no disk']);
  });
});
