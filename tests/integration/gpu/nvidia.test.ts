import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GpuSnapshot } from '../../../contract/gpu.ts';
import { machineGpuSources } from '../../../engine/gpu/machine-sources.ts';
import { createGpuMonitor, type GpuMonitor } from '../../../engine/gpu/monitor.ts';
import { silentLog } from '../../../engine/platform/log.ts';
import { createFakeNvidiaSmi, type FakeNvidiaSmi } from '../../support/fake-nvidia-smi.ts';
import { gpuFixture, gpuFixtureLines } from '../../support/gpu-fixture.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { waitFor } from '../../support/real-processes.ts';

const MIB = 1024 * 1024;
const CARDS = '--query-gpu';
const PROCESSES = '--query-compute-apps';
const LINGER_MS = 5000;
const SILENCE_MS = 6000;

let smi: FakeNvidiaSmi;
/** Waits and back-offs pass by hand; the processes live in real time. */
let clock: ManualClock;
let comfyPids: ReadonlySet<number>;
let readings: GpuSnapshot[];
let monitor: GpuMonitor;

beforeEach(() => {
  smi = createFakeNvidiaSmi({
    gpu: gpuFixtureLines('rtx-4080-super-linux.gpu.csv'),
    apps: gpuFixtureLines('rtx-4080-super-linux.apps.csv'),
  });
  clock = createManualClock();
  comfyPids = new Set([5022]);
  readings = [];
  monitor = createGpuMonitor({
    clock,
    log: silentLog(),
    settings: () => ({ monitor: 'auto', sampleSeconds: 2 }),
    ...machineGpuSources({
      clock,
      comfyPids: async () => comfyPids,
      readSystemStats: async () => null,
      onlySystemStats: false,
      places: {
        platform: 'linux',
        environment: { PATH: smi.command.slice(0, smi.command.lastIndexOf('/')) },
        isRunnable: async (file) => file === smi.command,
        root: '/nowhere',
      },
    }),
  });
  monitor.onReading((snapshot) => readings.push(snapshot));
});
afterEach(async () => {
  const closed = monitor.close();
  await clock.advance(10_000);
  await closed;
  smi.remove();
});

const untilReadings = (count: number) => waitFor(`${count} readings`, () => readings.length >= count);
const untilNote = (pattern: RegExp) =>
  waitFor(`a note like ${pattern}`, () => pattern.test(monitor.snapshot().note ?? ''));
const untilStarts = (count: number) => waitFor(`${count} starts`, () => smi.starts(CARDS).length >= count);
const untilDead = () => waitFor('all processes to be gone', () => smi.alive().length === 0);

describe('nvidia-smi', () => {
  test('does not run while nobody looks', async () => {
    await clock.advance(3_600_000);
    expect(smi.starts()).toEqual([]);
  });

  test('is one process for many samples, and one for the memory of processes', async () => {
    monitor.watch();
    await untilReadings(30);
    expect([smi.starts(CARDS).length, smi.starts(PROCESSES).length, smi.starts().length]).toEqual([1, 1, 2]);
    expect(monitor.snapshot()).toMatchObject({
      source: 'nvidia-smi',
      note: null,
      gpus: [{ name: 'NVIDIA GeForce RTX 4080 SUPER', vramUsedBytes: 1474 * MIB, powerWatts: 84.24 }],
    });
  });

  test('ends some seconds after the last one looked away, and starts again for the next one', async () => {
    const letGo = monitor.watch();
    await untilReadings(1);
    letGo();
    await clock.advance(LINGER_MS - 1);
    expect(smi.alive(CARDS)).toHaveLength(1);
    await clock.advance(1);
    await untilDead();
    monitor.watch();
    await untilStarts(2);
  });

  test('is not started again by a page that is loaded again', async () => {
    for (let reload = 0; reload < 3; reload += 1) {
      const letGo = monitor.watch();
      await untilReadings(readings.length + 2);
      letGo();
      await clock.advance(LINGER_MS - 1);
    }
    expect(smi.starts(CARDS)).toHaveLength(1);
  });

  test('ends with the monitor', async () => {
    monitor.watch();
    await untilReadings(1);
    await monitor.close();
    expect(smi.alive()).toEqual([]);
  });

  test('that ignores the gentle signal is killed', async () => {
    smi.plan({ ignoreSigterm: true });
    monitor.watch();
    await untilReadings(1);
    const closed = monitor.close();
    await clock.advance(999);
    expect(smi.alive(CARDS)).toHaveLength(1);
    await clock.advance(1);
    await closed;
    await untilDead();
  });
});

describe('what ComfyUI holds', () => {
  test('is the memory of its own processes', async () => {
    monitor.watch();
    await waitFor('the memory of ComfyUI', () => monitor.snapshot().gpus[0]?.vramComfyBytes === 503 * MIB);
  });

  test('is not told under Windows (WDDM)', async () => {
    smi.plan({
      gpu: gpuFixtureLines('rtx-2080-super-wddm.gpu.csv'),
      apps: gpuFixtureLines('rtx-2080-super-wddm.apps.csv'),
      lineEnd: '\r\n',
    });
    comfyPids = new Set([25_704]);
    monitor.watch();
    await untilReadings(20);
    expect(monitor.snapshot().gpus[0]).toMatchObject({ vramUsedBytes: 1296 * MIB, vramComfyBytes: null });
  });

  test('becomes nothing when ComfyUI has let go of the card', async () => {
    monitor.watch();
    await waitFor('the memory of ComfyUI', () => monitor.snapshot().gpus[0]?.vramComfyBytes === 503 * MIB);
    smi.plan({ apps: [] });
    await waitFor('nothing held', async () => {
      await clock.advance(4000);
      await untilReadings(readings.length + 1);
      return monitor.snapshot().gpus[0]?.vramComfyBytes === 0;
    });
  });
});

describe('lines', () => {
  test('that arrive in pieces, with Windows ends, are the same readings', async () => {
    smi.plan({ pieces: 7, lineEnd: '\r\n' });
    monitor.watch();
    await untilReadings(3);
    expect(monitor.snapshot().gpus[0]).toMatchObject({ name: 'NVIDIA GeForce RTX 4080 SUPER', powerWatts: 84.24 });
  });

  test('of two cards are one reading', async () => {
    smi.plan({ gpu: gpuFixtureLines('two-cards-linux.gpu.csv') });
    monitor.watch();
    await untilReadings(3);
    expect(monitor.snapshot().gpus.map(({ index, name }) => [index, name])).toEqual([
      [0, 'NVIDIA GeForce RTX 4080 SUPER'],
      [1, 'NVIDIA GeForce RTX 2080 SUPER'],
    ]);
  });

  test('of one card where there were two are a reading with a reason', async () => {
    smi.plan({ gpu: gpuFixtureLines('two-cards-linux.gpu.csv').slice(0, 1) });
    monitor.watch();
    await untilNote(/1 of 2 GPUs answer/);
    expect(monitor.snapshot().gpus).toHaveLength(1);
  });
});

describe('a driver in trouble', () => {
  test('is said with its own words, and asked again with growing pauses', async () => {
    smi.plan({
      fail: {
        afterSamples: 3,
        code: 15,
        text: 'Unable to determine the device handle for GPU0000:20:00.0: Unknown Error',
      },
    });
    monitor.watch();
    await untilNote(/driver has lost a GPU/);
    for (const [pauseMs, starts] of [
      [1000, 2],
      [2000, 3],
      [4000, 4],
    ] as const) {
      await waitFor('the process to be gone', () => smi.alive(CARDS).length === 0);
      await clock.advance(pauseMs - 1);
      expect(smi.starts(CARDS)).toHaveLength(starts - 1);
      await clock.advance(1);
      await untilStarts(starts);
      await untilNote(/driver has lost a GPU/);
    }
  });

  test('that recovers is measured again, and the reason goes away', async () => {
    smi.plan({ fail: { afterSamples: 3, code: 1, text: 'Unknown Error' } });
    monitor.watch();
    await untilNote(/said: Unknown Error/);
    smi.plan({ fail: { afterSamples: 1_000_000, code: 0, text: '' } });
    await waitFor('the process to be gone', () => smi.alive(CARDS).length === 0);
    await clock.advance(1000);
    await waitFor('a reading without a reason', () => monitor.snapshot().note === null);
  });

  test('that hangs is noticed: the process is ended, said and tried again', async () => {
    monitor.watch();
    await untilReadings(3);
    smi.plan({ hang: true });
    await waitFor('every line it printed', () => readings.length === smi.samplesBeforeHang());
    const { at } = monitor.snapshot();
    await clock.advance(SILENCE_MS);
    expect(monitor.snapshot()).toMatchObject({ at, note: expect.stringContaining('stopped answering') });
    await waitFor('the process to be gone', () => smi.alive(CARDS).length === 0);
    smi.plan({ hang: false });
    await clock.advance(1000);
    await waitFor('a reading without a reason', () => monitor.snapshot().note === null);
    expect(smi.starts(CARDS)).toHaveLength(2);
  });

  test('that prints only garbage is one that does not answer, and is quoted', async () => {
    smi.plan({ garbage: ['0, [GPU is lost], [GPU is lost]', '\u0000\u0001 ???'] });
    monitor.watch();
    await waitFor('the garbage to be quoted', async () => {
      await clock.advance(1000);
      return /stopped answering.*GPU is lost/.test(monitor.snapshot().note ?? '');
    });
  });

  test.each([
    [
      'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.144',
      /Restart the computer/,
    ],
    ['No devices were found', /finds no GPU/],
  ])('from the start (%j) is left alone for five minutes: no process again and again', async (text, reason) => {
    smi.plan({ fail: { afterSamples: 0, code: 18, text } });
    for (let look = 0; look < 4; look += 1) {
      const letGo = monitor.watch();
      await untilNote(reason);
      letGo();
      await clock.advance(60_000);
    }
    expect(monitor.snapshot()).toMatchObject({ source: 'none', gpus: [] });
    expect(smi.starts(CARDS)).toHaveLength(1);
    await clock.advance(60_000);
    monitor.watch();
    await untilStarts(2);
  });
});

test('a card split into MIG devices is shown as the board and its slices, and no memory counts twice', async () => {
  const uuid = 'GPU-27b94a00-ed54-5c24-b1fd-1054085de32a';
  smi.plan({
    gpu: gpuFixtureLines('h100-mig-linux.gpu.csv').map((row) => row.replace(/GPU-[0-9-]+/, uuid)),
    apps: [],
    list: gpuFixture('h100-mig-linux.list.txt').replace(/GPU-[0-9-]+/, uuid),
    xml: gpuFixtureLines('a100-mig.query.xml'),
  });
  comfyPids = new Set();
  monitor.watch();
  await waitFor('the slices with their names', () => monitor.snapshot().gpus[1]?.name.includes('3g.40gb'));
  expect(monitor.snapshot().gpus).toMatchObject([
    { id: uuid, name: 'NVIDIA H100 80GB HBM3 (split)', vramTotalBytes: null, powerWatts: 433.78 },
    {
      id: 'MIG-00000000-0000-0000-0000-000000000000',
      vramTotalBytes: 19_968 * MIB,
      vramUsedBytes: 19 * MIB,
      vramComfyBytes: 0,
      powerWatts: null,
    },
    { id: 'MIG-00000001-0000-0000-0000-000000000001', vramTotalBytes: 19_968 * MIB },
  ]);
});
