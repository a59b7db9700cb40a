import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IdleStatus, QueueStatus } from '../../../../contract/status.ts';
import { createActivityMeter } from '../../../../engine/idle/activity-meter.ts';
import { createIdleWatch, type KeepAwakeStore } from '../../../../engine/idle/idle-watch.ts';
import { AppError } from '../../../../engine/platform/app-error.ts';
import { createListeners } from '../../../../engine/platform/listeners.ts';
import { silentLog } from '../../../../engine/platform/log.ts';
import { createFakeSupervisor } from '../../../support/fake-supervisor.ts';
import { createManualClock } from '../../../support/manual-clock.ts';

const EMPTY: QueueStatus = { running: 0, pending: 0, known: true, current: null, items: [] };
const BUSY: QueueStatus = { ...EMPTY, running: 1 };
const MINUTE = 60_000;

/** An idle watch over a running ComfyUI: stops after 300 s, frees after `freeAfterSeconds`. */
function setUp({ freeAfterSeconds = 0, stopAfterSeconds = 300, keptAwakeUntil = null as number | null } = {}) {
  const clock = createManualClock();
  const meter = createActivityMeter(clock);
  const supervisor = createFakeSupervisor();
  const queueChanged = createListeners<QueueStatus>();
  const settingsChanged = createListeners<void>();
  const idle = { freeAfterSeconds, stopAfterSeconds, everyRequestCounts: false };
  let queue = EMPTY;
  const asked: number[] = [];
  const freedAt: number[] = [];
  const told: IdleStatus[] = [];
  let keptAwake = keptAwakeUntil;
  const keepAwakeStore: KeepAwakeStore = {
    load: () => keptAwake,
    save(until) {
      keptAwake = until;
    },
  };
  const test = {
    clock,
    meter,
    supervisor,
    idle,
    asked,
    freedAt,
    told,
    keptAwake: () => keptAwake,
    setQueue(next: QueueStatus) {
      queue = next;
      queueChanged.notify(next);
    },
    settingsChanged: () => settingsChanged.notify(),
    /** What happens while ComfyUI is asked before a stop. */
    whileAsked: async (): Promise<void> => undefined,
    free: async (): Promise<void> => undefined,
    watch: undefined as unknown as ReturnType<typeof createIdleWatch>,
  };
  supervisor.run(1);
  test.watch = createIdleWatch({
    meter,
    supervisor,
    clock,
    keepAwakeStore,
    log: silentLog(),
    settings: { current: () => ({ idle }), onChange: (listener) => settingsChanged.add(listener) },
    queue: {
      snapshot: () => queue,
      onChange: (listener) => queueChanged.add(listener),
      async refresh() {
        asked.push(clock.monotonic());
        await test.whileAsked();
        return queue;
      },
    },
    async freeVram() {
      freedAt.push(clock.monotonic());
      await test.free();
    },
  });
  test.watch.onChange((status) => told.push(status));
  return test;
}

describe('idle stop', () => {
  it('happens once, at its time, after ComfyUI was asked (ComfyUI#1676, #5780)', async () => {
    const { clock, supervisor, asked } = setUp();
    await clock.advance(5 * MINUTE - 1);
    expect(supervisor.stops).toEqual([]);
    await clock.advance(1);
    expect(supervisor.stops).toEqual(['idle']);
    await clock.advance(60 * MINUTE);
    expect(supervisor.stops).toEqual(['idle']);
    expect(asked).toHaveLength(1);
  });

  it('sets one timer and does not poll', async () => {
    const { clock, meter } = setUp();
    expect(clock.timers).toBe(1);
    for (let count = 0; count < 1000; count += 1) meter.touch();
    expect(clock.timers).toBe(2);
    await clock.advance(1000);
    expect(clock.timers).toBe(1);
  });

  it('counts from the last activity, to the millisecond, however many there were', async () => {
    const { clock, meter, supervisor } = setUp();
    for (let minute = 0; minute < 20; minute += 1) {
      await clock.advance(4 * MINUTE);
      meter.touch();
    }
    expect(supervisor.stops).toEqual([]);
    await clock.advance(5 * MINUTE - 1);
    expect(supervisor.stops).toEqual([]);
    await clock.advance(1);
    expect(supervisor.stops).toEqual(['idle']);
  });

  it('an open tab does not keep the card busy (sablier#402): reconnects and polls never reach the meter', async () => {
    const { clock, watch } = setUp();
    await clock.advance(2 * MINUTE);
    expect(watch.status()).toMatchObject({ idleSeconds: 120, blockedBy: [] });
  });

  it('begins with the end of the work, not with its beginning (llama-swap#588)', async () => {
    const { clock, supervisor, setQueue, watch } = setUp();
    setQueue(BUSY);
    await clock.advance(600 * MINUTE);
    expect(watch.status()).toMatchObject({ idleSeconds: 0, blockedBy: ['running'], stopsAt: null });
    setQueue(EMPTY);
    await clock.advance(5 * MINUTE - 1);
    expect(supervisor.stops).toEqual([]);
    await clock.advance(1);
    expect(supervisor.stops).toEqual(['idle']);
  });

  it('waits for an upload in flight', async () => {
    const { clock, meter, supervisor } = setUp();
    const end = meter.begin('upload');
    await clock.advance(30 * MINUTE);
    end();
    await clock.advance(5 * MINUTE - 1);
    expect(supervisor.stops).toEqual([]);
    await clock.advance(1);
    expect(supervisor.stops).toEqual(['idle']);
  });

  it('follows a changed setting at once', async () => {
    const { clock, idle, settingsChanged, supervisor } = setUp();
    await clock.advance(2 * MINUTE);
    idle.stopAfterSeconds = 60;
    settingsChanged();
    await clock.advance(0);
    expect(supervisor.stops).toEqual(['idle']);
  });

  it('begins anew with every start', async () => {
    const { clock, supervisor } = setUp();
    await clock.advance(5 * MINUTE);
    await clock.advance(60 * MINUTE);
    supervisor.run(1);
    await clock.advance(5 * MINUTE - 1);
    expect(supervisor.stops).toEqual(['idle']);
    await clock.advance(1);
    expect(supervisor.stops).toEqual(['idle', 'idle']);
  });
});

describe('a prompt that races with the stop wins', () => {
  it('when it is on its way to ComfyUI while the queue is asked', async () => {
    const test = setUp();
    let end = (): void => undefined;
    test.whileAsked = async () => {
      end = test.meter.begin('request');
    };
    await test.clock.advance(5 * MINUTE);
    expect(test.supervisor.stops).toEqual([]);
    test.whileAsked = async () => undefined;
    end();
    await test.clock.advance(5 * MINUTE);
    expect(test.supervisor.stops).toEqual(['idle']);
  });

  it('when ComfyUI answers that it has work nobody told of', async () => {
    const test = setUp();
    test.whileAsked = async () => test.setQueue(BUSY);
    await test.clock.advance(60 * MINUTE);
    expect(test.supervisor.stops).toEqual([]);
    expect(test.watch.status().blockedBy).toEqual(['running']);
  });

  it('when it came and went while the queue was asked: the time begins anew', async () => {
    const test = setUp();
    test.whileAsked = async () => test.meter.begin('request')();
    await test.clock.advance(5 * MINUTE);
    expect(test.supervisor.stops).toEqual([]);
    test.whileAsked = async () => undefined;
    await test.clock.advance(5 * MINUTE);
    expect(test.supervisor.stops).toEqual(['idle']);
  });

  it('and one that comes during the stop finds a new ComfyUI, which is not stopped by the old decision', async () => {
    const test = setUp();
    let release = (): void => undefined;
    test.supervisor.stopGate = new Promise((resolve) => {
      release = resolve;
    });
    await test.clock.advance(5 * MINUTE);
    expect(test.supervisor.state().kind).toBe('stopping');
    const end = test.meter.begin('held');
    test.supervisor.run(2);
    release();
    await test.clock.advance(MINUTE);
    end();
    expect(test.supervisor.state().kind).toBe('running');
    expect(test.supervisor.stops).toEqual(['idle']);
  });
});

describe('a ComfyUI that does not answer', () => {
  it('is not stopped for being idle; it is asked again', async () => {
    const test = setUp();
    test.whileAsked = async () => {
      throw new AppError('upstream_unreachable', 'no answer');
    };
    await test.clock.advance(5 * MINUTE + 25_000);
    expect(test.supervisor.stops).toEqual([]);
    expect(test.asked).toHaveLength(3);
    test.whileAsked = async () => undefined;
    await test.clock.advance(10_000);
    expect(test.supervisor.stops).toEqual(['idle']);
  });
});

describe('freeing VRAM (ComfyUI#3192)', () => {
  it('comes first, once, and the stop follows at its own time', async () => {
    const { clock, supervisor, freedAt, watch } = setUp({ freeAfterSeconds: 60 });
    const begin = clock.monotonic();
    await clock.advance(4 * MINUTE);
    expect(freedAt).toEqual([begin + MINUTE]);
    expect(watch.status()).toMatchObject({ freed: true, freesAt: null });
    await clock.advance(MINUTE);
    expect(supervisor.stops).toEqual(['idle']);
    expect(freedAt).toHaveLength(1);
  });

  it('happens again after activity', async () => {
    const { clock, meter, freedAt, watch } = setUp({ freeAfterSeconds: 60 });
    await clock.advance(MINUTE);
    meter.touch();
    expect(watch.status().freed).toBe(false);
    await clock.advance(MINUTE);
    expect(freedAt).toHaveLength(2);
  });

  it('that failed is tried again after a pause, and does not hinder the stop', async () => {
    const test = setUp({ freeAfterSeconds: 60 });
    test.free = async () => {
      throw new AppError('upstream_unreachable', 'no answer');
    };
    await test.clock.advance(MINUTE + 15_000);
    expect(test.freedAt).toHaveLength(2);
    expect(test.watch.status().freed).toBe(false);
    await test.clock.advance(4 * MINUTE);
    expect(test.supervisor.stops).toEqual(['idle']);
  });

  it('by hand counts as freed, but not when work came meanwhile', async () => {
    const test = setUp();
    await test.watch.freeVram();
    expect(test.watch.status().freed).toBe(true);
    test.free = async () => test.meter.touch();
    await test.watch.freeVram();
    expect(test.watch.status().freed).toBe(false);
  });
});

describe('keep awake', () => {
  it('keeps ComfyUI until its time, then lets it sleep', async () => {
    const { clock, supervisor, watch } = setUp();
    watch.keepAwake(clock.now() + 60 * MINUTE);
    expect(watch.status().blockedBy).toEqual(['keepAwake']);
    await clock.advance(60 * MINUTE - 1);
    expect(supervisor.stops).toEqual([]);
    await clock.advance(1);
    expect(supervisor.stops).toEqual(['idle']);
    expect(watch.status().keepAwakeUntil).toBeNull();
  });

  it('outlives the engine, and is over when its time passed while no engine ran', async () => {
    const first = setUp();
    first.watch.keepAwake(first.clock.now() + 60 * MINUTE);
    const kept = first.keptAwake();
    const second = setUp({ keptAwakeUntil: kept });
    expect(second.watch.status().blockedBy).toEqual(['keepAwake']);
    const late = setUp({ keptAwakeUntil: 1000 });
    expect(late.watch.status()).toMatchObject({ blockedBy: [], keepAwakeUntil: null });
    expect(late.keptAwake()).toBeNull();
  });

  it('can be taken back', async () => {
    const { clock, supervisor, watch, keptAwake } = setUp();
    watch.keepAwake(clock.now() + 60 * MINUTE);
    await clock.advance(10 * MINUTE);
    watch.keepAwake(null);
    await clock.advance(0);
    expect(supervisor.stops).toEqual(['idle']);
    expect(keptAwake()).toBeNull();
  });

  it('refuses a time that is over', () => {
    const { clock, watch } = setUp();
    expect(() => watch.keepAwake(clock.now())).toThrow(AppError);
    expect(() => watch.keepAwake(Number.NaN)).toThrow(AppError);
  });
});

describe('stop when done', () => {
  it('stops as soon as the last prompt is over, then is over itself', async () => {
    const { clock, supervisor, watch, setQueue } = setUp({ stopAfterSeconds: 0 });
    setQueue(BUSY);
    watch.stopWhenDone(true);
    await clock.advance(60 * MINUTE);
    expect(supervisor.stops).toEqual([]);
    expect(watch.status().stopWhenDone).toBe(true);
    setQueue(EMPTY);
    await clock.advance(0);
    expect(supervisor.stops).toEqual(['queueDone']);
    expect(watch.status().stopWhenDone).toBe(false);
    supervisor.run(2);
    await clock.advance(60 * MINUTE);
    expect(supervisor.stops).toEqual(['queueDone']);
  });

  it('can be taken back', async () => {
    const { clock, supervisor, watch, setQueue } = setUp({ stopAfterSeconds: 0 });
    setQueue(BUSY);
    watch.stopWhenDone(true);
    watch.stopWhenDone(false);
    setQueue(EMPTY);
    await clock.advance(60 * MINUTE);
    expect(supervisor.stops).toEqual([]);
  });

  it('and keep awake take each other back: the newest wish counts', async () => {
    const { clock, supervisor, watch, setQueue } = setUp();
    setQueue(BUSY);
    watch.keepAwake(clock.now() + MINUTE);
    watch.stopWhenDone(true);
    expect(watch.status()).toMatchObject({ keepAwakeUntil: null, stopWhenDone: true });
    watch.keepAwake(clock.now() + MINUTE);
    expect(watch.status().stopWhenDone).toBe(false);
    expect(supervisor.stops).toEqual([]);
  });

  it('is no wish for a later start when nothing runs', async () => {
    const { clock, supervisor, watch } = setUp();
    await supervisor.stop('user');
    watch.stopWhenDone(true);
    supervisor.run(2);
    await clock.advance(MINUTE);
    expect(supervisor.stops).toEqual(['user']);
  });
});

describe('clocks', () => {
  it('setting the wall clock does not change when ComfyUI stops', async () => {
    const { clock, supervisor } = setUp();
    clock.setWallClock(clock.now() - 24 * 60 * MINUTE);
    await clock.advance(5 * MINUTE - 1);
    expect(supervisor.stops).toEqual([]);
    await clock.advance(1);
    expect(supervisor.stops).toEqual(['idle']);
  });

  it('a computer that slept gives its user the whole time again', async () => {
    const { clock, supervisor } = setUp();
    await clock.advance(4 * MINUTE);
    clock.suspend(8 * 60 * MINUTE);
    await clock.advance(2 * MINUTE);
    expect(supervisor.stops).toEqual([]);
    await clock.advance(5 * MINUTE);
    expect(supervisor.stops).toEqual(['idle']);
  });
});

describe('what it publishes', () => {
  it('is the same time twice, and nothing while only time passes', async () => {
    const { clock, told, watch } = setUp();
    const first = watch.status();
    await clock.advance(1234);
    const second = watch.status();
    expect(told).toEqual([]);
    expect(second).toEqual({ ...first, idleSeconds: first.idleSeconds + 1.234 });
    expect(Date.parse(first.stopsAt ?? '')).toBe(1_795_000_000_000 + 5 * MINUTE);
  });

  it('tells of a new countdown shortly after activity, once for a thousand requests', async () => {
    const { clock, meter, told } = setUp();
    await clock.advance(MINUTE);
    for (let count = 0; count < 1000; count += 1) meter.begin('request')();
    await clock.advance(1000);
    expect(told).toHaveLength(1);
    expect(Date.parse(told[0]?.stopsAt ?? '')).toBe(1_795_000_000_000 + 6 * MINUTE);
  });

  it('says nothing and does nothing after close', async () => {
    const { clock, supervisor, watch, told } = setUp();
    watch.close();
    await clock.advance(60 * MINUTE);
    supervisor.run(3);
    expect(supervisor.stops).toEqual([]);
    expect(told).toEqual([]);
    expect(clock.timers).toBe(0);
  });
});

describe('whatever happens', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 20_000 }) }),
    fc.record({
      kind: fc.constantFrom(
        'begin' as const,
        'end' as const,
        'touch' as const,
        'work' as const,
        'drain' as const,
        'wake' as const,
        'crash' as const,
      ),
    }),
  );

  it('never stops with work, and always stops within its time after the last of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const test = setUp({ stopAfterSeconds: 10, freeAfterSeconds: 3 });
        const ends: (() => void)[] = [];
        let working = false;
        const stop = test.supervisor.stop;
        test.supervisor.stop = (reason) => {
          expect(ends).toHaveLength(0);
          expect(working).toBe(false);
          return stop(reason);
        };
        for (const each of steps) {
          if (each.kind === 'wait') await test.clock.advance(each.ms);
          else if (each.kind === 'begin') ends.push(test.meter.begin('held'));
          else if (each.kind === 'end') ends.shift()?.();
          else if (each.kind === 'touch') test.meter.touch();
          else if (each.kind === 'wake' && test.supervisor.state().kind !== 'running') test.supervisor.run(1);
          else if (each.kind === 'crash' && test.supervisor.state().kind === 'running') test.supervisor.crash('x');
          else if (each.kind === 'work' || each.kind === 'drain') {
            working = each.kind === 'work';
            test.setQueue(working ? BUSY : EMPTY);
          }
        }
        for (const end of ends.splice(0)) end();
        working = false;
        test.setQueue(EMPTY);
        if (test.supervisor.state().kind !== 'running') return;
        await test.clock.advance(10_000);
        expect(test.supervisor.state().kind).toBe('stopped');
      }),
      { numRuns: 200 },
    );
  });
});
