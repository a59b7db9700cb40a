import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GpuSnapshot } from '../../../contract/gpu.ts';
import { createGpuHistory, type GpuHistoryStore } from '../../../engine/gpu/history.ts';
import { GPU_HISTORY_MIGRATIONS } from '../../../engine/gpu/history-schema.ts';
import { type Database, openDatabase } from '../../../engine/platform/database.ts';
import { silentLog } from '../../../engine/platform/log.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

let folder: string;
let clock: ManualClock;
let problems: string[];
let open: { readonly database: Database; readonly history: GpuHistoryStore } | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-history-'));
  clock = createManualClock(Date.UTC(2026, 10, 21, 12));
  problems = [];
  open = null;
});
afterEach(() => {
  close();
  rmSync(folder, { recursive: true, force: true });
});

/** As the engine does it. */
function start(file = join(folder, 'stoker.db')): GpuHistoryStore {
  const onProblem = (message: string) => void problems.push(message);
  const database = openDatabase({
    file,
    migrations: GPU_HISTORY_MIGRATIONS,
    now: () => clock.now(),
    log: silentLog(),
    onProblem,
    whenUnusable: 'memory',
  });
  const history = createGpuHistory({ database, clock, onProblem });
  open = { database, history };
  return history;
}
function close(): void {
  open?.history.close();
  open?.database.close();
  open = null;
}

const reading = (powerWatts: number): GpuSnapshot => ({
  at: clock.now(),
  source: 'nvidia-smi',
  note: null,
  gpus: [
    {
      id: 'GPU-1',
      index: 0,
      name: 'A card',
      vendor: 'nvidia',
      vramTotalBytes: 24e9,
      vramUsedBytes: 1e9,
      vramComfyBytes: null,
      utilizationPercent: 5,
      temperatureCelsius: 40,
      powerWatts,
    },
  ],
});
const lastWatts = (history: GpuHistoryStore) => history.query('hour', clock.now()).gpus[0]?.powerWatts.slice(-3);

test('what was measured is there after a restart, also the step that was not over', async () => {
  const before = start();
  before.record(reading(10));
  await clock.advance(30_000);
  before.record(reading(20));
  close();
  await clock.advance(30_000);
  expect(lastWatts(start())).toEqual([10, 20, null]);
});

test('a damaged file costs the history, not the engine: it is kept aside and said', () => {
  writeFileSync(join(folder, 'stoker.db'), 'no database at all '.repeat(300));
  const history = start();
  history.record(reading(10));
  expect(lastWatts(history)).toEqual([null, null, 10]);
  expect(problems).toEqual([expect.stringMatching(/is damaged.*kept as stoker\.db\.bad-20261121T120000Z/)]);
  expect(readdirSync(folder)).toContain('stoker.db.bad-20261121T120000Z');
});

test('a folder that cannot be written costs only what a restart would need', () => {
  const history = start(join(folder, 'missing', 'stoker.db'));
  history.record(reading(10));
  expect(lastWatts(history)).toEqual([null, null, 10]);
  expect(problems).toEqual([expect.stringContaining('kept in memory until Stoker stops')]);
});

const disk = mountSmallDisk('1m');
afterAll(() => disk?.remove());

describe.runIf(disk)('a full disk', () => {
  test('is said once, and what was measured meanwhile is written when there is room again', async () => {
    const file = join(disk?.folder ?? '', 'stoker.db');
    const history = start(file);
    disk?.fill();
    for (let step = 0; step < 40; step += 1) {
      history.record(reading(step));
      await clock.advance(30_000);
    }
    expect(problems).toEqual([expect.stringMatching(/cannot write the GPU history.*full/)]);
    expect(lastWatts(history)).toEqual([38, 39, null]);
    disk?.unfill();
    history.record(reading(40));
    close();
    const after = start(file).query('hour', clock.now()).gpus[0]?.powerWatts;
    expect(after?.slice(-41)).toEqual(Array.from({ length: 41 }, (_, step) => step));
  });
});
