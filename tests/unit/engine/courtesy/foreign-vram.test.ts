import { expect, it } from 'vitest';
import type { GpuReading } from '../../../../contract/gpu.ts';
import { followReading, NO_FOREIGN_VRAM } from '../../../../engine/courtesy/foreign-vram.ts';

const GB = 2 ** 30;
const card = (used: number | null, comfy: number | null): GpuReading => ({
  id: 'a',
  index: 0,
  name: 'card',
  vendor: 'nvidia',
  vramTotalBytes: 24 * GB,
  vramUsedBytes: used === null ? null : used * GB,
  vramComfyBytes: comfy === null ? null : comfy * GB,
  utilizationPercent: null,
  temperatureCelsius: null,
  powerWatts: null,
});

/** Reads these in turn with a limit of 8 GB; whether each is too much. */
function verdicts(readings: readonly GpuReading[][], comfyRuns = true, limitGigabytes = 8): boolean[] {
  let foreign = NO_FOREIGN_VRAM;
  return readings.map((gpus) => {
    foreign = followReading(foreign, gpus, limitGigabytes * GB, comfyRuns);
    return foreign.isTooMuch;
  });
}

it('takes two readings in a row above the limit, and one below ends it', () => {
  const above = [card(12, 3)];
  const below = [card(12, 4)];
  expect(verdicts([above, below, above, above, below])).toEqual([false, false, false, true, false]);
});

it('never counts what ComfyUI holds, and everything while it does not run', () => {
  expect(verdicts([[card(20, 18)], [card(20, 18)]])).toEqual([false, false]);
  expect(verdicts([[card(9, null)], [card(9, null)]], false)).toEqual([false, true]);
});

it('what the driver does not tell changes nothing', () => {
  const above = [card(12, 3)];
  const unknown = [card(12, null)];
  expect(verdicts([unknown, unknown, [card(null, 0)]])).toEqual([false, false, false]);
  expect(verdicts([above, above, unknown, []])).toEqual([false, true, true, true]);
});

it('looks at the fullest of several cards, and at none without a limit', () => {
  const two = [card(1, 0), card(20, 0)];
  expect(verdicts([two, two])).toEqual([false, true]);
  expect(verdicts([two, two], true, 0)).toEqual([false, false]);
});
