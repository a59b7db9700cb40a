import { describe, expect, it } from 'vitest';
import type { Preferences, UpdateState } from '../../../../contract/desktop.ts';
import type { Status } from '../../../../contract/status.ts';
import { createUpdateCourse } from '../../../../electron/updates/update-course.ts';
import type { UpdaterListeners } from '../../../../electron/updates/updater.ts';
import { asleep, working } from '../../../support/dashboard-fixtures.ts';
import { createManualClock } from '../../../support/manual-clock.ts';

const NOW = Date.parse('2026-11-21T13:00:00Z');
const HOUR = 3_600_000;

type Find = (server: UpdaterListeners) => void;
const nothing: Find = (server) => server.nothingNewer();
const newVersion: Find = (server) => {
  server.found('0.2.0');
  server.progress(50.4);
  server.downloaded('0.2.0', 'Faster.');
};

function stage(
  changes: {
    initial?: UpdateState & { kind: 'unsupported' | 'idle' };
    updates?: Preferences['updates'];
    status?: Status;
    cannotLoad?: boolean;
  } = {},
) {
  const time = createManualClock(NOW);
  const done: string[] = [];
  const states: string[] = [];
  const listeners = new Set<() => void>();
  let status = changes.status ?? asleep(NOW);
  let preference = changes.updates ?? 'check';
  let find = nothing;
  const onChange = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const change = () => {
    for (const listener of listeners) listener();
  };
  const updates = createUpdateCourse({
    link: {
      state: () => ({ kind: 'connected', url: 'http://127.0.0.1:8188', ours: true }),
      status: () => status,
      onChange,
    },
    preferences: { get: () => ({ updates: preference }), onChange },
    initial: changes.initial ?? { kind: 'idle', checkedAt: null },
    async openUpdater(server) {
      done.push('load');
      if (changes.cannotLoad) throw new Error('broken\n  at stack');
      return {
        async check() {
          done.push('look');
          find(server);
        },
        install: () => done.push('install'),
      };
    },
    describeFailure: (message) => `The update did not work: ${message}`,
    time,
    endForUpdate(install) {
      done.push('end everything');
      install();
    },
  });
  updates.onChange(() => states.push(updates.state().kind));
  return {
    updates,
    time,
    listeners,
    states,
    done: () => done.splice(0),
    server(next: Find) {
      find = next;
    },
    become(next: Status) {
      status = next;
      change();
    },
    prefer(next: Preferences['updates']) {
      preference = next;
      change();
    },
  };
}

describe('looking for a newer version', () => {
  it('begins half a minute after the start and goes on daily; only then is the updater loaded', async () => {
    const desk = stage();
    await desk.time.advance(29_999);
    expect(desk.done()).toEqual([]);
    await desk.time.advance(1);
    expect(desk.done()).toEqual(['load', 'look']);
    await desk.time.advance(24 * HOUR);
    expect(desk.done()).toEqual(['look']);
    expect(desk.updates.state()).toEqual({ kind: 'idle', checkedAt: NOW + 30_000 + 24 * HOUR });
  });

  it('does not happen unless wanted, and follows the wish', async () => {
    const desk = stage({ updates: 'off' });
    await desk.time.advance(48 * HOUR);
    expect(desk.done()).toEqual([]);
    desk.prefer('check');
    await desk.time.advance(30_000);
    expect(desk.done()).toEqual(['load', 'look']);
    desk.prefer('off');
    await desk.time.advance(48 * HOUR);
    expect(desk.done()).toEqual([]);
    expect(desk.time.timers).toBe(0);
  });

  it('happens by hand also when the daily look is off', async () => {
    const desk = stage({ updates: 'off' });
    expect(await desk.updates.check()).toEqual({ kind: 'idle', checkedAt: NOW });
  });

  it('never happens in a copy that cannot update itself', async () => {
    const initial = { kind: 'unsupported', reason: 'A package.' } as const;
    const desk = stage({ initial });
    await desk.time.advance(48 * HOUR);
    expect(await desk.updates.check()).toEqual(initial);
    expect(desk.done()).toEqual([]);
    expect(desk.time.timers).toBe(0);
  });

  it('fetches what it finds and says so on the way', async () => {
    const desk = stage();
    desk.server(newVersion);
    expect(await desk.updates.check()).toEqual({
      kind: 'ready',
      version: '0.2.0',
      notes: 'Faster.',
      waitsForWork: false,
    });
    expect(desk.states).toEqual(['checking', 'downloading', 'downloading', 'ready']);
  });

  it('a failure is a state with one line, and the next look may do better', async () => {
    const desk = stage();
    desk.server((server) => server.failed(new Error('Cannot find latest.yml\nHeaders: {…}\n at stack')));
    expect(await desk.updates.check()).toEqual({
      kind: 'failed',
      message: 'The update did not work: Cannot find latest.yml',
    });
    desk.server(newVersion);
    expect(await desk.updates.check()).toMatchObject({ kind: 'ready' });
  });

  it('an updater that cannot be loaded is tried again', async () => {
    const desk = stage({ cannotLoad: true });
    expect(await desk.updates.check()).toEqual({ kind: 'failed', message: 'The update did not work: broken' });
    await desk.updates.check();
    expect(desk.done()).toEqual(['load', 'load']);
  });
});

describe('installing', () => {
  const readyDesk = async (status: Status) => {
    const desk = stage({ status });
    desk.server(newVersion);
    await desk.updates.check();
    desk.done();
    return desk;
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('ends everything first', async () => {
    const desk = await readyDesk(asleep(NOW));
    desk.updates.install();
    await settle();
    expect(desk.done()).toEqual(['end everything', 'install']);
  });

  it('waits until ComfyUI has done its work', async () => {
    const desk = await readyDesk(working(NOW));
    expect(desk.updates.state()).toMatchObject({ waitsForWork: true });
    desk.updates.install();
    desk.become(working(NOW));
    await settle();
    expect(desk.done()).toEqual([]);
    desk.become(asleep(NOW));
    await settle();
    expect(desk.done()).toEqual(['end everything', 'install']);
    expect(desk.updates.state()).toMatchObject({ waitsForWork: false });
  });

  it('never happens unasked', async () => {
    const desk = await readyDesk(working(NOW));
    desk.become(asleep(NOW));
    await settle();
    expect(desk.done()).toEqual([]);
  });

  it('does nothing without a ready update', async () => {
    const desk = stage();
    desk.updates.install();
    desk.server(newVersion);
    await desk.updates.check();
    await settle();
    expect(desk.done()).toEqual(['load', 'look']);
  });
});

it('leaves nothing behind', () => {
  const desk = stage();
  desk.updates.dispose();
  expect(desk.time.timers).toBe(0);
  expect(desk.listeners.size).toBe(0);
});
