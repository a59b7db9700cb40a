import { beforeEach, describe, expect, it } from 'vitest';
import type { EngineHost, EngineOutcome } from '../../../../electron/engine/engine-host.ts';
import type { EngineWish } from '../../../../electron/engine/shell-engine.ts';
import type { HostState } from '../../../../electron/engine/state.ts';
import { createEngineDeeds } from '../../../../electron/lifecycle/engine-deeds.ts';
import { until } from '../../../support/until.ts';

let did: string[];
let state: HostState;
let outcomes: EngineOutcome[];
let goOn: boolean;
let givenUpAnswer: 'tryAgain' | 'freePort' | 'quit';
let windowOpen: boolean;
let wish: EngineWish;
let change: () => void;
let deeds: ReturnType<typeof createEngineDeeds>;

beforeEach(() => {
  did = [];
  state = { kind: 'connected', url: 'http://127.0.0.1:8188', ours: true };
  outcomes = [];
  goOn = false;
  givenUpAnswer = 'tryAgain';
  windowOpen = false;
  wish = { demo: false, port: null };
  const host = {
    state: () => state,
    link: {
      status: () => null,
      onChange(listener: () => void) {
        change = listener;
        return () => undefined;
      },
    },
    retry: () => void did.push('retry'),
    async restart(force: boolean, whileDown?: () => void) {
      const outcome = outcomes.shift() ?? 'done';
      did.push(`restart ${force ? 'forced' : 'asked'}: ${outcome}`);
      if (outcome === 'done') whileDown?.();
      return outcome;
    },
  } as unknown as EngineHost;
  deeds = createEngineDeeds({
    host,
    wish,
    questions: {
      aboutRestarting: async () => {
        did.push('question');
        return goOn;
      },
      aboutGivingUp: async (reason, portTaken) => {
        did.push(`${reason} ${portTaken ? 'port' : 'other'}`);
        return givenUpAnswer;
      },
    },
    windows: { anyOpen: () => windowOpen },
    quit: () => did.push('quit'),
  });
});

describe('a restart of the engine', () => {
  it('keeps the work when the user wants that, and changes nothing', async () => {
    outcomes = ['busy'];
    expect(await deeds.switchDemo(true)).toBe(false);
    expect(did).toEqual(['restart asked: busy', 'question']);
    expect(wish.demo).toBe(false);
  });

  it('goes on when the user gives the work up', async () => {
    outcomes = ['busy', 'done'];
    goOn = true;
    expect(await deeds.switchDemo(true)).toBe(true);
    expect(did).toEqual(['restart asked: busy', 'question', 'restart forced: done']);
    expect(wish.demo).toBe(true);
  });
});

describe('an engine that was given up', () => {
  const gaveUp = (code: string | null): void => {
    state = { kind: 'gaveUp', reason: 'nginx listens there.', code };
    change();
    change();
  };

  it('is asked about once, and started again', async () => {
    gaveUp(null);
    await until(() => did.length > 1);
    expect(did).toEqual(['nginx listens there. other', 'retry']);
  });

  it('is told by an open window, which offers to try again itself', async () => {
    windowOpen = true;
    gaveUp(null);
    expect(did).toEqual([]);
  });

  it('may take a free port when its own is taken, also while a window is open', async () => {
    windowOpen = true;
    givenUpAnswer = 'freePort';
    gaveUp('public_port_taken');
    await until(() => did.length > 1);
    expect(did).toEqual(['nginx listens there. port', 'retry']);
    expect(wish.port).toBe(0);
  });

  it('may be the end', async () => {
    givenUpAnswer = 'quit';
    gaveUp(null);
    await until(() => did.length > 1);
    expect(did).toEqual(['nginx listens there. other', 'quit']);
  });

  it('is asked about again the next time', async () => {
    gaveUp(null);
    await until(() => did.length > 1);
    state = { kind: 'starting' };
    change();
    gaveUp(null);
    await until(() => did.length > 3);
    expect(did.filter((what) => what === 'retry')).toHaveLength(2);
  });
});
