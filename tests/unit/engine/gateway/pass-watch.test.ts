import { beforeEach, describe, expect, it } from 'vitest';
import type { Pass, PassPhase } from '../../../../engine/gateway/pass.ts';
import { createPassWatch, type PassWatch } from '../../../../engine/gateway/pass-watch.ts';
import { createActivityMeter } from '../../../../engine/idle/activity-meter.ts';
import type { AppError } from '../../../../engine/platform/app-error.ts';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.ts';

interface StagedPass {
  moved: number;
  phaseNow: PassPhase;
  readonly errors: AppError[];
  readonly pass: Pass;
}

let clock: ManualClock;
let meter: ReturnType<typeof createActivityMeter>;
let watch: PassWatch;

beforeEach(() => {
  clock = createManualClock();
  meter = createActivityMeter(clock);
  watch = createPassWatch({ clock, meter, silenceTimeoutSeconds: () => 300 });
});

function stagedPass(counts = true): StagedPass {
  const errors: AppError[] = [];
  const staged: StagedPass = {
    moved: 0,
    phaseNow: 'request',
    errors,
    pass: {
      counts,
      watchIndex: -1,
      movedBytes: () => staged.moved,
      phase: () => staged.phaseNow,
      abort: (error: AppError) => {
        errors.push(error);
        watch.remove(staged.pass);
      },
    } as unknown as Pass,
  };
  return staged;
}

describe('the silence limit', () => {
  it('ends a pass on which nothing has moved for so long', async () => {
    const staged = stagedPass();
    watch.add(staged.pass);
    await clock.advance(299_000);
    expect(staged.errors).toEqual([]);
    await clock.advance(2_000);
    expect(staged.errors.map(({ code }) => code)).toEqual(['upstream_silent']);
  });

  it('a slow trickle is no silence (llama-swap#225)', async () => {
    const staged = stagedPass();
    watch.add(staged.pass);
    for (let minute = 0; minute < 60; minute += 1) {
      staged.moved += 1;
      await clock.advance(60_000);
    }
    expect(staged.errors).toEqual([]);
  });
});

describe('what keeps ComfyUI awake', () => {
  it('a pass that lasts blocks sleeping, under the name of what moves', async () => {
    const staged = stagedPass();
    watch.add(staged.pass);
    expect(meter.snapshot().inFlight).toEqual({ request: 0, held: 0, upload: 0, download: 0 });
    staged.phaseNow = 'upload';
    await clock.advance(500);
    expect(meter.snapshot().inFlight).toEqual({ request: 0, held: 0, upload: 1, download: 0 });
    staged.phaseNow = 'download';
    await clock.advance(500);
    expect(meter.snapshot().inFlight).toEqual({ request: 0, held: 0, upload: 0, download: 1 });
    watch.remove(staged.pass);
    expect(meter.snapshot().inFlight).toEqual({ request: 0, held: 0, upload: 0, download: 0 });
  });

  it('a quick one moves the last activity, at once or within half a second', async () => {
    await clock.advance(10_000);
    const one = stagedPass();
    watch.add(one.pass);
    expect(meter.snapshot().lastActivityAt).toBe(clock.now());
    await clock.advance(100);
    watch.remove(one.pass);
    await clock.advance(500);
    expect(clock.now() - meter.snapshot().lastActivityAt).toBeLessThanOrEqual(500);
  });

  it('a read that does not count leaves no trace', async () => {
    const before = meter.snapshot();
    await clock.advance(10_000);
    const staged = stagedPass(false);
    watch.add(staged.pass);
    await clock.advance(10_000);
    watch.remove(staged.pass);
    expect(meter.snapshot()).toEqual(before);
  });
});

it('has no timer while nothing is on its way', async () => {
  const staged = stagedPass();
  watch.add(staged.pass);
  watch.remove(staged.pass);
  await clock.advance(1000);
  expect(clock.timers).toBe(0);
});

it('keeps count when passes end in any order', () => {
  const all = [stagedPass(), stagedPass(), stagedPass(), stagedPass()];
  for (const { pass } of all) watch.add(pass);
  for (const index of [1, 3, 0, 2]) {
    const { pass } = all[index] as StagedPass;
    expect(watch.some((other) => other === pass)).toBe(true);
    watch.remove(pass);
    expect(watch.some((other) => other === pass)).toBe(false);
  }
  expect(watch.count()).toBe(0);
});
