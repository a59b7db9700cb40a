import { describe, expect, it } from 'vitest';
import { endProcess } from '../../../../engine/supervisor/ending.ts';
import type { ComfyProcess } from '../../../../engine/supervisor/launch/comfy-process.ts';

/** Members by the time (in milliseconds after the request) at which each is gone; Infinity: only when killed; NaN: never. */
function scene(rootGoneAt: number, others: readonly number[] = []) {
  let now = 0;
  const calls: string[] = [];
  const members = () =>
    [rootGoneAt, ...others].flatMap((goneAt, index) => (now < goneAt || Number.isNaN(goneAt) ? [100 + index] : []));
  const process: ComfyProcess = {
    pid: 100,
    hasExited: () => now >= rootGoneAt,
    exited: new Promise(() => undefined),
    release: () => undefined,
  };
  const end = (graceMs: number) =>
    endProcess(process, graceMs, {
      tree: {
        askToEnd: async () => void calls.push('ask'),
        end: async () => {
          calls.push(`kill at ${now}`);
          return members().filter((_pid, index) => Number.isNaN([rootGoneAt, ...others][index] ?? 0));
        },
        remaining: async () => members(),
      },
      clock: { monotonic: () => now },
      wait: async (delayMs) => {
        now += delayMs;
      },
    });
  return { end, calls, now: () => now };
}

describe('endProcess', () => {
  it('kills nobody who ends when asked', async () => {
    const { end, calls, now } = scene(60);
    expect(await end(10_000)).toEqual([]);
    expect(calls).toEqual(['ask']);
    expect(now()).toBeLessThan(400);
  });

  it('kills after the grace what does not listen', async () => {
    const { end, calls } = scene(Number.POSITIVE_INFINITY);
    expect(await end(10_000)).toEqual([]);
    expect(calls).toEqual(['ask', expect.stringMatching(/^kill at 10\d\d\d$/)]);
  });

  it('is less patient with what outlives its parent', async () => {
    const { end, calls, now } = scene(60, [Number.POSITIVE_INFINITY]);
    expect(await end(10_000)).toEqual([]);
    expect(calls[1]).toMatch(/^kill at/);
    expect(now()).toBeLessThan(2_000);
  });

  it('waits for a child that needs a moment longer than its parent', async () => {
    const { end, calls } = scene(60, [500]);
    expect(await end(10_000)).toEqual([]);
    expect(calls).toEqual(['ask']);
  });

  it('names what would not go', async () => {
    expect(await scene(Number.NaN).end(0)).toEqual([100]);
  });
});
