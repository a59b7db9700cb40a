import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProcessRecord } from '../../../../../engine/supervisor/processes/orphans.ts';
import {
  createProcessTree,
  type ProcessTree,
  type ProcessTreeDeps,
} from '../../../../../engine/supervisor/processes/process-tree.ts';
import { createTaskkill } from '../../../../../engine/supervisor/processes/process-tree-windows.ts';
import { createFakeMachine, type FakeMachine, type FakeProcess } from '../../../../support/fake-machine.ts';

const NONCE = 'n0nce';

interface Scene {
  readonly machine: FakeMachine;
  readonly engine: FakeProcess;
  readonly root: FakeProcess;
  readonly tree: ProcessTree;
  /** Milliseconds the tree has waited. */
  readonly waited: () => number;
}

/** An engine that has launched ComfyUI, detached and with its nonce. */
function scene(overrides: Partial<ProcessTreeDeps> = {}, machine: FakeMachine = createFakeMachine()): Scene {
  const engine = machine.spawn({ parentPid: 1, label: 'engine', command: 'stoker serve' });
  const root = machine.spawn({
    parentPid: engine.pid,
    label: 'ours',
    group: 'own',
    environment: { STOKER_NONCE: NONCE },
  });
  let elapsedMs = 0;
  const tree = createProcessTree({
    table: machine.table,
    records: { read: () => recordOf(root, engine) },
    kill: machine.kill,
    ownPid: engine.pid,
    clock: { monotonic: () => elapsedMs },
    wait: async (delayMs) => {
      elapsedMs += delayMs;
    },
    ...overrides,
  });
  return { machine, engine, root, tree, waited: () => elapsedMs };
}

function recordOf(root: FakeProcess, engine: FakeProcess): ProcessRecord {
  return {
    pid: root.pid,
    startToken: root.startToken,
    nonce: NONCE,
    host: '127.0.0.1',
    port: 8190,
    generation: 1,
    enginePid: engine.pid,
    launchedAt: 0,
    withoutCustomNodes: false,
  };
}

const labels = (machine: FakeMachine) => machine.living().map((process) => process.label);

describe('askToEnd', () => {
  test('sends SIGTERM once to the group and to members that left it', async () => {
    const { machine, root, tree } = scene();
    machine.spawn({ parentPid: root.pid, label: 'ours', withstands: ['SIGTERM'] });
    machine.spawn({ parentPid: root.pid, label: 'ours', group: 'own', withstands: ['SIGTERM'] });
    await tree.askToEnd(root.pid);
    expect(machine.hits.map((hit) => [hit.process.pid, hit.signal])).toEqual([
      [3, 'SIGTERM'],
      [4, 'SIGTERM'],
      [5, 'SIGTERM'],
    ]);
  });
});

describe('end', () => {
  test('leaves no process of five behind (pains 15, 16: "5 ComfyUI.exe and python.exe still running")', async () => {
    const { machine, root, tree } = scene();
    const worker = machine.spawn({ parentPid: root.pid, label: 'ours' });
    machine.spawn({ parentPid: worker.pid, label: 'ours', group: 'own' });
    machine.spawn({ parentPid: worker.pid, label: 'ours' });
    machine.die(worker.pid);
    machine.spawn({ parentPid: root.pid, label: 'ours' });
    expect(await tree.end(root.pid)).toEqual([]);
    expect(labels(machine)).toEqual(['engine']);
  });

  test('finds a grandchild that left the group and whose parents are dead, by its nonce', async () => {
    const { machine, root, tree } = scene();
    const child = machine.spawn({ parentPid: root.pid, label: 'ours' });
    machine.spawn({ parentPid: child.pid, label: 'ours', group: 'own' });
    machine.die(child.pid);
    machine.die(root.pid);
    expect(await tree.end(root.pid)).toEqual([]);
    expect(labels(machine)).toEqual(['engine']);
  });

  test('remembers a grandchild that was seen before it hid its environment and lost its parents', async () => {
    const { machine, root, tree } = scene();
    const child = machine.spawn({ parentPid: root.pid, label: 'ours' });
    const hidden = machine.spawn({ parentPid: child.pid, label: 'ours', group: 'own', environment: {} });
    expect(await tree.remaining(root.pid)).toContain(hidden.pid);
    machine.die(child.pid);
    machine.die(root.pid);
    expect(await tree.end(root.pid)).toEqual([]);
    expect(labels(machine)).toEqual(['engine']);
  });

  test('does not close the browser that ComfyUI opened (pain 18)', async () => {
    const { machine, root, tree } = scene();
    const browser = machine.spawn({
      parentPid: root.pid,
      label: 'browser',
      group: 'own',
      command: '/usr/lib/firefox/firefox',
    });
    machine.spawn({ parentPid: browser.pid, label: 'browser', command: '/usr/lib/firefox/firefox -contentproc' });
    const download = machine.spawn({ parentPid: browser.pid, label: 'viewer', command: '/usr/bin/vlc a.mp4' });
    expect(await tree.end(root.pid)).toEqual([]);
    expect(labels(machine)).toEqual(['engine', 'browser', 'browser', 'viewer']);

    machine.die(browser.pid);
    expect(await tree.remaining(root.pid)).not.toContain(download.pid);
  });

  test('closes a browser that never left the group, and a headless one: they are ComfyUI’s tools', async () => {
    const { machine, root, tree } = scene();
    machine.spawn({ parentPid: root.pid, label: 'ours', command: '/usr/bin/firefox' });
    machine.spawn({ parentPid: root.pid, label: 'ours', group: 'own', command: '/usr/bin/chromium --headless=new' });
    await tree.end(root.pid);
    expect(labels(machine)).toEqual(['engine']);
  });

  test('says who is left when a process withstands everything for 5 s', async () => {
    const { machine, root, tree, waited } = scene();
    const stuck = machine.spawn({ parentPid: root.pid, label: 'ours', withstands: ['SIGKILL'] });
    expect(await tree.end(root.pid)).toEqual([stuck.pid]);
    expect(waited()).toBeGreaterThanOrEqual(5_000);
  });

  test('uses the last resort once, on those that withstood a second of killing', async () => {
    const machine = createFakeMachine();
    const resorted: number[] = [];
    const lastResort = async (pid: number) => {
      resorted.push(pid);
      machine.die(pid);
    };
    const { root, tree } = scene({ lastResort }, machine);
    const stuck = machine.spawn({ parentPid: root.pid, label: 'ours', withstands: ['SIGKILL'] });
    expect(await tree.end(root.pid)).toEqual([]);
    expect(resorted).toEqual([stuck.pid]);
  });

  test('goes on when a signal is not permitted, and passes on an error it does not know', async () => {
    const permission = scene({
      kill: () => {
        throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
      },
    });
    expect(await permission.tree.end(permission.root.pid)).toEqual([permission.root.pid]);

    const broken = scene({
      kill: () => {
        throw Object.assign(new Error('kill EINVAL'), { code: 'EINVAL' });
      },
    });
    await expect(broken.tree.end(broken.root.pid)).rejects.toThrow('EINVAL');
  });
});

describe('what is not proven to be ours is not touched', () => {
  test('a stranger that was given the pid of a dead ComfyUI (pains 20, 22)', async () => {
    const { machine, root, tree } = scene();
    machine.die(root.pid);
    const stranger = machine.spawn({ parentPid: 1, label: 'stranger', group: 'own' });
    expect(stranger.pid).toBe(root.pid);
    machine.spawn({ parentPid: stranger.pid, label: 'stranger' });
    await tree.askToEnd(root.pid);
    expect(await tree.end(root.pid)).toEqual([]);
    expect(machine.hits).toEqual([]);
  });

  test('the background jobs of a stranger that had the pid of a long dead ComfyUI, and is gone too', async () => {
    const { machine, root, tree } = scene();
    machine.die(root.pid);
    const shell = machine.spawn({ parentPid: 1, label: 'stranger', group: 'own' });
    machine.spawn({ parentPid: shell.pid, label: 'stranger' });
    machine.die(shell.pid);
    expect(await tree.end(root.pid)).toEqual([]);
    expect(machine.hits).toEqual([]);
  });

  test('a stranger that is given a member’s pid between the look and the signal', async () => {
    const { machine, root, tree } = scene();
    const helper = machine.spawn({ parentPid: root.pid, label: 'ours', group: 'own' });
    let looks = 0;
    machine.beforeLook = () => {
      looks += 1;
      if (looks !== 3) return;
      machine.die(helper.pid);
      machine.spawn({ parentPid: 1, label: 'stranger', group: 'own' });
    };
    expect(await tree.end(root.pid)).toEqual([]);
    expect(labels(machine)).toEqual(['engine', 'stranger']);
  });

  test('the engine itself and what started it, wherever they stand in the tree', async () => {
    const machine = createFakeMachine();
    const root = machine.spawn({ parentPid: 1, label: 'terminal', environment: { STOKER_NONCE: NONCE } });
    const engine = machine.spawn({ parentPid: root.pid, label: 'engine' });
    machine.spawn({ parentPid: root.pid, label: 'ours' });
    const { tree } = scene({ ownPid: engine.pid, records: { read: () => recordOf(root, engine) } }, machine);
    await tree.end(root.pid);
    expect(new Set(machine.hits.map((hit) => hit.process.label))).toEqual(new Set(['ours']));
  });

  test('a process without record, nonce or kinship', async () => {
    const { machine, tree } = scene({ records: { read: () => null } });
    const stranger = machine.spawn({ parentPid: 1, label: 'stranger' });
    expect(await tree.remaining(stranger.pid)).toEqual([]);
    expect(await tree.end(stranger.pid)).toEqual([]);
    expect(machine.hits).toEqual([]);
  });

  test('the browser that ComfyUI opened, though it carries the nonce (pain 18)', async () => {
    const { machine, root, tree } = scene({ records: { read: () => null } });
    const browser = machine.spawn({ parentPid: root.pid, label: 'browser', group: 'own', command: '/usr/bin/firefox' });
    expect(await tree.end(browser.pid)).toEqual([]);
    expect(machine.hits).toEqual([]);
  });

  test.each([-5, 0, 1])('pid %s', async (pid) => {
    const { machine, tree } = scene({ records: { read: () => null } });
    await tree.askToEnd(pid);
    expect(await tree.end(pid)).toEqual([]);
    expect(machine.hits).toEqual([]);
  });

  test('the engine, when ComfyUI shares its group: then members are signalled one by one', async () => {
    const machine = createFakeMachine();
    const { engine, tree } = scene({ records: { read: () => null } }, machine);
    const child = machine.spawn({ parentPid: engine.pid, label: 'ours', environment: { STOKER_NONCE: 'other' } });
    expect(child.groupId).toBe(engine.groupId);
    expect(await tree.end(child.pid)).toEqual([]);
    expect(machine.hits.map((hit) => hit.process.pid)).toEqual([child.pid]);
  });

  test('a child is ours before its record is written', async () => {
    const { machine, root, tree } = scene({ records: { read: () => null } });
    expect(await tree.remaining(root.pid)).toEqual([root.pid]);
    machine.die(root.pid);
    expect(await tree.remaining(root.pid)).toEqual([]);
  });
});

/** One thing that happens on the machine; numbers choose among what is there. */
const happening = fc.oneof(
  fc.record({
    kind: fc.constant('spawn' as const),
    who: fc.nat(),
    group: fc.constantFrom('same' as const, 'own' as const),
    browser: fc.boolean(),
    hidesEnvironment: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('die' as const), who: fc.nat() }),
  fc.record({ kind: fc.constant('stranger' as const), group: fc.constantFrom('same' as const, 'own' as const) }),
);
type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;

function play(machine: FakeMachine, event: Happening, mayHide: boolean): void {
  const family = machine.living().filter((process) => process.label === 'ours' || process.label === 'browser');
  const chosen = 'who' in event ? family[event.who % Math.max(1, family.length)] : undefined;
  switch (event.kind) {
    case 'stranger':
      machine.spawn({ parentPid: 1, label: 'stranger', group: event.group });
      return;
    case 'die':
      if (chosen !== undefined) machine.die(chosen.pid);
      return;
    case 'spawn': {
      if (chosen === undefined) return;
      const isBrowser = chosen.label === 'browser' || (event.browser && event.group === 'own');
      machine.spawn({
        parentPid: chosen.pid,
        label: isBrowser ? 'browser' : 'ours',
        group: event.group,
        ...(isBrowser ? { command: '/opt/google/chrome/chrome http://127.0.0.1:8188' } : {}),
        ...(event.hidesEnvironment && mayHide ? { environment: {} } : {}),
      });
    }
  }
}

/** Plays what is left of the story, up to three events before each look. */
function playBeforeLooks(machine: FakeMachine, story: readonly Happening[], mayHide: boolean): void {
  const events = [...story];
  machine.beforeLook = () => {
    for (const event of events.splice(0, 3)) play(machine, event, mayHide);
  };
}

describe('on a machine where anything happens between two looks, and pids are given again at once', () => {
  const story = fc.array(happening, { maxLength: 40 });

  test('a signal reaches nobody but ComfyUI’s own', async () => {
    await fc.assert(
      fc.asyncProperty(story, story, fc.boolean(), async (before, during, lookEarly) => {
        const { machine, root, tree } = scene();
        for (const event of before) play(machine, event, true);
        if (lookEarly) await tree.remaining(root.pid);
        playBeforeLooks(machine, during, true);
        await tree.askToEnd(root.pid);
        await tree.end(root.pid);
        expect([...new Set(machine.hits.map((hit) => hit.process.label))].filter((label) => label !== 'ours')).toEqual(
          [],
        );
      }),
      { numRuns: 400 },
    );
  });

  test('nothing of ComfyUI is left, and browsers are', async () => {
    await fc.assert(
      fc.asyncProperty(story, story, async (before, during) => {
        const { machine, root, tree } = scene();
        for (const event of before) play(machine, event, false);
        playBeforeLooks(machine, during, false);
        expect(await tree.end(root.pid)).toEqual([]);
        expect(labels(machine)).not.toContain('ours');
      }),
      { numRuns: 400 },
    );
  });
});

describe('taskkill', () => {
  test('forces one process and never its tree, which on Windows holds the browser (pain 18)', async () => {
    const calls: string[][] = [];
    const taskkill = createTaskkill(async (_command, args) => {
      calls.push([...args]);
      return { kind: 'failed', reason: 'ENOENT' };
    });
    await taskkill(7444);
    expect(calls).toEqual([['/F', '/PID', '7444']]);
  });
});
