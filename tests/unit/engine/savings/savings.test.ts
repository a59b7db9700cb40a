import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GpuSnapshot } from '../../../../contract/gpu.ts';
import { createLog } from '../../../../engine/platform/log.ts';
import { advance, nothingSaved, type Occupation, savedWattHours } from '../../../../engine/savings/savings.ts';
import { createSavingsWatch } from '../../../../engine/savings/savings-watch.ts';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.ts';

const MINUTE = 60_000;
const moment = (occupation: Occupation, now: number, watts: number | null = null, before = now - MINUTE) => ({
  now,
  before,
  occupation,
  watts,
  hasCard: watts !== null,
});

describe('what sleeping saves', () => {
  it('is time asleep by the power that idling costs more than sleeping', () => {
    let count = nothingSaved(0);
    count = advance(count, moment('idle', MINUTE, 50));
    count = advance(count, moment('idle', 2 * MINUTE, 54));
    for (let minute = 3; minute <= 62; minute += 1) count = advance(count, moment('asleep', minute * MINUTE, 12));
    expect(count).toMatchObject({ asleepMs: 60 * MINUTE, idle: { watts: 52 }, asleep: { watts: 12 } });
    expect(savedWattHours(count)).toBe(40);
  });

  it('is not known before both were measured, and never below nothing', () => {
    const asleep = advance(nothingSaved(0), moment('asleep', MINUTE, 12));
    expect(savedWattHours(asleep)).toBeNull();
    expect(savedWattHours(advance(asleep, moment('idle', 2 * MINUTE, 10)))).toBe(0);
  });

  it('does not count work, a changing state, a sleeping computer or a clock that jumped', () => {
    let count = nothingSaved(0);
    count = advance(count, moment('other', MINUTE, 300));
    count = advance(count, moment('asleep', 9 * 3_600_000, null, MINUTE));
    count = advance(count, moment('asleep', 0, null, 9 * 3_600_000));
    expect(count).toMatchObject({ asleepMs: 0, idle: null, asleep: null });
  });
});

describe('the count on disk', () => {
  let folder: string;
  let clock: ManualClock;
  const snapshot: GpuSnapshot = { at: 0, source: 'none', gpus: [], note: null };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stoker-savings-'));
    clock = createManualClock();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const watch = () =>
    createSavingsWatch({
      file: join(folder, 'savings.json'),
      occupation: () => 'asleep',
      gpu: () => snapshot,
      clock,
      log: createLog({ write: () => undefined }),
    });

  it('goes on after a restart, without the time between', async () => {
    const first = watch();
    for (let minute = 0; minute < 30; minute += 1) await clock.advance(MINUTE);
    first.close();
    await clock.advance(60 * MINUTE);
    const second = watch();
    await clock.advance(MINUTE);
    expect(second.answer()).toMatchObject({ asleepSeconds: 31 * 60, gpuHours: null, wattHours: null });
    second.close();
  });

  it('that cannot be read begins anew', () => {
    writeFileSync(join(folder, 'savings.json'), '{"asleepMs":');
    const begun = watch();
    expect(begun.answer()).toMatchObject({ asleepSeconds: 0, since: clock.now() });
    begun.close();
  });
});
