import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createCoalescedTask } from '../../../../engine/comfyui/coalesced-task.ts';
import { createManualClock } from '../../../support/manual-clock.ts';

/** A task whose runs take a given time, and the record of when each began and ended. */
function setUp(durationMs = 0) {
  const clock = createManualClock();
  const runs: { begun: number; ended: number }[] = [];
  let inside = 0;
  let mostInside = 0;
  const onError = vi.fn();
  let failure: Error | null = null;
  const task = createCoalescedTask({
    clock,
    minimumGapMs: 100,
    gapPerDuration: 10,
    onError,
    async run() {
      const record = { begun: clock.monotonic(), ended: Number.NaN };
      runs.push(record);
      inside += 1;
      mostInside = Math.max(mostInside, inside);
      if (durationMs > 0) await new Promise<void>((resolve) => void clock.after(durationMs, resolve));
      inside -= 1;
      record.ended = clock.monotonic();
      if (failure !== null) throw failure;
      return runs.length;
    },
  });
  return {
    clock,
    runs,
    task,
    onError,
    mostInside: () => mostInside,
    failWith(error: Error | null) {
      failure = error;
    },
  };
}

describe('a coalesced task', () => {
  it('makes one run of many requests, and one more of those that came while it ran', async () => {
    const { clock, runs, task } = setUp(50);
    for (let call = 0; call < 100; call += 1) task.request();
    await clock.advance(10);
    for (let call = 0; call < 100; call += 1) task.request();
    await clock.advance(10_000);
    expect(runs).toHaveLength(2);
  });

  it('leaves a gap in proportion to what a run took', async () => {
    const { clock, runs, task } = setUp(50);
    task.request();
    await clock.advance(60);
    task.request();
    await clock.advance(10_000);
    expect((runs[1]?.begun ?? 0) - (runs[0]?.ended ?? 0)).toBe(500);
  });

  it('runs now without a gap, and answers from a run that began after the call', async () => {
    const { clock, runs, task } = setUp(50);
    task.request();
    await clock.advance(10);
    const answer = task.runNow();
    await clock.advance(1000);
    expect(await answer).toBe(2);
    expect(runs[1]?.begun).toBe(runs[0]?.ended);
  });

  it('serves everybody who waits with one run', async () => {
    const { clock, runs, task } = setUp(50);
    const first = task.runNow();
    const others = [task.runNow(), task.runNow()];
    await clock.advance(1000);
    expect(await Promise.all([first, ...others])).toEqual([1, 2, 2]);
    expect(runs).toHaveLength(2);
  });

  it('tells a failure to those who wait, and of a requested run to the listener', async () => {
    const { clock, task, onError, failWith } = setUp();
    failWith(new Error('no answer'));
    await expect(task.runNow()).rejects.toThrow('no answer');
    expect(onError).not.toHaveBeenCalled();
    task.request();
    await clock.advance(1000);
    expect(onError).toHaveBeenCalledOnce();
    failWith(null);
    expect(await task.runNow()).toBe(3);
  });

  it('begins nothing after close', async () => {
    const { clock, runs, task } = setUp(50);
    task.request();
    await clock.advance(10);
    const waiting = task.runNow();
    task.request();
    task.close();
    await expect(waiting).rejects.toThrow('closed');
    await expect(task.runNow()).rejects.toThrow('closed');
    await clock.advance(1000);
    expect(runs).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });

  it('never runs twice at once, and always once after the last call', async () => {
    const call = fc.record({ waitMs: fc.integer({ min: 0, max: 300 }), now: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 0, max: 80 }),
        async (calls, durationMs) => {
          const { clock, runs, task, mostInside } = setUp(durationMs);
          let lastCallAt = 0;
          for (const { waitMs, now } of calls) {
            await clock.advance(waitMs);
            lastCallAt = clock.monotonic();
            if (now) void task.runNow();
            else task.request();
          }
          await clock.advance(5000);
          expect(mostInside()).toBe(1);
          expect(runs.at(-1)?.begun ?? 0).toBeGreaterThanOrEqual(lastCallAt);
        },
      ),
      { numRuns: 100 },
    );
  });
});
