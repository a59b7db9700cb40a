import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GpuReading, GpuSnapshot } from '../../../../contract/gpu.ts';
import { createGpuHistory, type GpuHistoryStore } from '../../../../engine/gpu/history.ts';
import { GPU_HISTORY_MIGRATIONS } from '../../../../engine/gpu/history-schema.ts';
import { type Database, openDatabase } from '../../../../engine/platform/database.ts';
import { silentLog } from '../../../../engine/platform/log.ts';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.ts';

/** A step of 30 s and one of 10 min both begin here. */
const NOON = Date.UTC(2026, 10, 21, 12);
const HOUR_STEPS = 120;

let clock: ManualClock;
let database: Database;
let history: GpuHistoryStore;
let problems: string[];

beforeEach(() => {
  clock = createManualClock(NOON);
  problems = [];
  const onProblem = (message: string) => void problems.push(message);
  database = openDatabase({
    file: ':memory:',
    migrations: GPU_HISTORY_MIGRATIONS,
    now: () => clock.now(),
    log: silentLog(),
    onProblem,
    whenUnusable: 'throw',
  });
  history = createGpuHistory({ database, clock, onProblem });
});
afterEach(() => {
  history.close();
  database.close();
});

const card = (values: Partial<GpuReading> = {}): GpuReading => ({
  id: 'GPU-1',
  index: 0,
  name: 'A card',
  vendor: 'nvidia',
  vramTotalBytes: 24e9,
  vramUsedBytes: 10e9,
  vramComfyBytes: 8e9,
  utilizationPercent: 50,
  temperatureCelsius: 60,
  powerWatts: 100,
  ...values,
});
const snapshot = (gpus: GpuReading[] = [card()], at = clock.now()): GpuSnapshot => ({
  at,
  source: 'nvidia-smi',
  gpus,
  note: null,
});

/** Records every 2 s, as the monitor does, for that long. */
async function measureFor(
  seconds: number,
  gpus: (elapsedSeconds: number) => GpuReading[] = () => [card()],
): Promise<void> {
  for (let elapsed = 0; elapsed < seconds; elapsed += 2) {
    history.record(snapshot(gpus(elapsed)));
    await clock.advance(2000);
  }
}
const rowsOnDisk = () => Number(database.prepare('SELECT count(*) AS rows FROM gpu_step').get()?.rows);
const power = (range: 'hour' | 'day') => history.query(range, clock.now()).gpus[0]?.powerWatts ?? [];

describe('the hour', () => {
  test('is averaged over half minutes; the newest step is the running one', async () => {
    await measureFor(30, (elapsed) => [card({ powerWatts: elapsed < 16 ? 100 : 200 })]);
    history.record(snapshot([card({ powerWatts: 40 })]));
    const { stepSeconds, gpus } = history.query('hour', clock.now());
    expect(stepSeconds).toBe(30);
    expect(gpus[0]?.times).toHaveLength(HOUR_STEPS);
    expect(gpus[0]?.times.at(-1)).toBe(clock.now() / 1000);
    expect(gpus[0]?.powerWatts.slice(-2)).toEqual([(8 * 100 + 7 * 200) / 15, 40]);
  });

  test('shows a time nobody measured as a gap, never as zero', async () => {
    await measureFor(30);
    await clock.advance(90_000);
    history.record(snapshot());
    expect(power('hour').slice(-5)).toEqual([100, null, null, null, 100]);
  });

  test('keeps a value nobody told apart from zero', async () => {
    history.record(snapshot([card({ vramComfyBytes: null, utilizationPercent: 0 })]));
    const [gpu] = history.query('hour', clock.now()).gpus;
    expect(gpu?.vramComfyBytes.at(-1)).toBeNull();
    expect(gpu?.utilizationPercent.at(-1)).toBe(0);
  });

  test('counts the same reading once, however often it is announced', async () => {
    const reading = snapshot([card({ powerWatts: 10 })]);
    history.record(reading);
    history.record({ ...reading, note: 'nvidia-smi stopped answering' });
    await clock.advance(1000);
    history.record(snapshot([card({ powerWatts: 30 })]));
    expect(power('hour').at(-1)).toBe(20);
  });

  test('still has a card that was taken away', async () => {
    await measureFor(30, () => [card(), card({ id: 'GPU-2', name: 'Another card' })]);
    await measureFor(60);
    const gpus = history.query('hour', clock.now()).gpus;
    expect(gpus.map(({ id }) => id)).toEqual(['GPU-1', 'GPU-2']);
    expect(gpus[1]?.powerWatts.slice(-4)).toEqual([100, null, null, null]);
  });
});

describe('the day', () => {
  test('is averaged over ten minutes', async () => {
    await measureFor(900, (elapsed) => [card({ powerWatts: elapsed < 600 ? 60 : 20 })]);
    const { stepSeconds, gpus } = history.query('day', clock.now());
    expect(stepSeconds).toBe(600);
    expect(gpus[0]?.times).toHaveLength(144);
    expect(gpus[0]?.powerWatts.slice(-3)).toEqual([null, 60, 20]);
  });

  test('is all that is kept', async () => {
    await measureFor(30);
    await clock.advance(26 * 3_600_000);
    await measureFor(60);
    expect(history.query('day', clock.now()).gpus[0]?.powerWatts.filter((value) => value !== null)).toEqual([100]);
    expect(rowsOnDisk()).toBe(2);
  });

  test('forgets a card it has no step of', async () => {
    await measureFor(30);
    await clock.advance(26 * 3_600_000);
    await measureFor(60, () => [card({ id: 'GPU-2' })]);
    expect(history.query('day', clock.now()).gpus.map(({ id }) => id)).toEqual(['GPU-2']);
  });
});

describe('writing', () => {
  test('is one transaction a step', async () => {
    await measureFor(28);
    expect(rowsOnDisk()).toBe(0);
    await measureFor(4);
    expect(rowsOnDisk()).toBe(1);
  });

  test('does not wait for a reading that never comes: the step is written when it is over', async () => {
    history.record(snapshot());
    await clock.advance(30_000);
    expect(rowsOnDisk()).toBe(1);
  });

  test('that fails is said once; the steps are shown, and written when it works again', async () => {
    database.prepare('ALTER TABLE gpu_step RENAME TO away').run();
    await measureFor(90);
    expect(problems).toEqual([expect.stringContaining('cannot write the GPU history')]);
    database.prepare('ALTER TABLE away RENAME TO gpu_step').run();
    await measureFor(30);
    expect(rowsOnDisk()).toBe(4);
  });

  test('leaves no step in the future behind when the clock was set back', async () => {
    clock.setWallClock(NOON + 400 * 86_400_000);
    await measureFor(30);
    clock.setWallClock(NOON);
    await measureFor(60);
    expect(rowsOnDisk()).toBe(2);
  });
});

test('an average lies between the smallest and the greatest reading of its step', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: 10 }),
      async (watts) => {
        await clock.advance(3_600_000 - (clock.now() % 3_600_000));
        for (const powerWatts of watts) {
          history.record(snapshot([card({ powerWatts })]));
          await clock.advance(1);
        }
        const average = power('hour').at(-1) ?? Number.NaN;
        expect(average).toBeGreaterThanOrEqual(Math.min(...watts) - 1e-9);
        expect(average).toBeLessThanOrEqual(Math.max(...watts) + 1e-9);
      },
    ),
    { numRuns: 30 },
  );
});
