import { beforeEach, describe, expect, test } from 'vitest';
import type { GpuReading, GpuSnapshot } from '../../../../contract/gpu.ts';
import type { FoundSources } from '../../../../engine/gpu/machine-sources.ts';
import { createGpuMonitor, type GpuMonitor } from '../../../../engine/gpu/monitor.ts';
import type { GpuSource, SourceReport } from '../../../../engine/gpu/source.ts';
import { silentLog } from '../../../../engine/platform/log.ts';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.ts';

const MINUTE_MS = 60_000;
const CARD: GpuReading = {
  id: 'GPU-1',
  index: 0,
  name: 'A card',
  vendor: 'nvidia',
  vramTotalBytes: 24e9,
  vramUsedBytes: 1e9,
  vramComfyBytes: 0,
  utilizationPercent: 0,
  temperatureCelsius: 30,
  powerWatts: 9,
};
const readings = (gpus: GpuReading[] = [CARD]): SourceReport => ({
  kind: 'readings',
  source: 'nvidia-smi',
  gpus,
  note: null,
});

/** A source that says what the test has it say. */
class SpokenSource implements GpuSource {
  starts = 0;
  periodMs = 0;
  #report: ((report: SourceReport) => void) | null = null;

  start(periodMs: number, report: (report: SourceReport) => void): () => Promise<void> {
    this.starts += 1;
    this.periodMs = periodMs;
    this.#report = report;
    return async () => {
      if (this.#report === report) this.#report = null;
    };
  }
  get running(): boolean {
    return this.#report !== null;
  }
  say(report: SourceReport): void {
    this.#report?.(report);
  }
}

let clock: ManualClock;
let nvidia: SpokenSource;
let amd: SpokenSource;
let comfy: SpokenSource;
let found: FoundSources;
let searches: number;
let settings: { monitor: 'auto' | 'off'; sampleSeconds: number };
let monitor: GpuMonitor;
let heard: GpuSnapshot[];

beforeEach(() => {
  clock = createManualClock();
  [nvidia, amd, comfy] = [new SpokenSource(), new SpokenSource(), new SpokenSource()];
  found = { sources: [nvidia, amd], missing: 'No GPU was found.' };
  searches = 0;
  settings = { monitor: 'auto', sampleSeconds: 2 };
  monitor = createGpuMonitor({
    clock,
    log: silentLog(),
    settings: () => settings,
    async findSources() {
      searches += 1;
      return found;
    },
    fallback: comfy,
  });
  heard = [];
  monitor.onReading((snapshot) => heard.push(snapshot));
});

async function watch(): Promise<() => void> {
  const letGo = monitor.watch();
  await clock.advance(0);
  return letGo;
}

describe('while nobody looks', () => {
  test('nothing runs, nothing is searched, and no timer is set', async () => {
    await clock.advance(60 * MINUTE_MS);
    expect({ searches, starts: nvidia.starts, timers: clock.timers }).toEqual({ searches: 0, starts: 0, timers: 0 });
    expect(monitor.snapshot()).toMatchObject({ source: 'none', gpus: [], note: 'The GPU has not been measured yet.' });
  });

  test('the last reading stays, with the time it was made', async () => {
    const letGo = await watch();
    nvidia.say(readings());
    const { at } = monitor.snapshot();
    letGo();
    await clock.advance(60 * MINUTE_MS);
    expect(monitor.snapshot()).toMatchObject({ at, gpus: [CARD] });
  });
});

describe('while somebody looks', () => {
  test('one source measures for all, at the period of the settings', async () => {
    await watch();
    await watch();
    nvidia.say(readings());
    expect(nvidia).toMatchObject({ starts: 1, periodMs: 2000, running: true });
    expect(amd.starts).toBe(0);
    expect(heard).toEqual([{ at: clock.now(), source: 'nvidia-smi', gpus: [CARD], note: null }]);
  });

  test('it goes on until the last of them has let go, however often one does', async () => {
    const [first, second] = [await watch(), await watch()];
    first();
    first();
    await clock.advance(MINUTE_MS);
    expect(nvidia.running).toBe(true);
    second();
    await clock.advance(MINUTE_MS);
    expect(nvidia.running).toBe(false);
  });

  test('a page that is loaded again does not start it again', async () => {
    for (let reload = 0; reload < 3; reload += 1) {
      const letGo = await watch();
      await clock.advance(1000);
      letGo();
      await clock.advance(2000);
    }
    expect(nvidia).toMatchObject({ starts: 1, running: true });
  });

  test('trouble is said beside the last reading, which keeps its time', async () => {
    await watch();
    nvidia.say(readings());
    const { at } = monitor.snapshot();
    await clock.advance(9000);
    nvidia.say({ kind: 'trouble', message: 'nvidia-smi stopped answering.' });
    nvidia.say({ kind: 'trouble', message: 'nvidia-smi stopped answering.' });
    expect(heard.slice(1)).toEqual([{ at, source: 'nvidia-smi', gpus: [CARD], note: 'nvidia-smi stopped answering.' }]);
    nvidia.say(readings());
    expect(monitor.snapshot().note).toBeNull();
  });

  test('changed settings are taken over at once', async () => {
    await watch();
    settings = { monitor: 'auto', sampleSeconds: 10 };
    monitor.settingsChanged();
    await clock.advance(0);
    expect(nvidia.periodMs).toBe(10_000);
    settings = { monitor: 'off', sampleSeconds: 10 };
    monitor.settingsChanged();
    await clock.advance(0);
    expect(nvidia.running).toBe(false);
    expect(monitor.snapshot()).toMatchObject({ gpus: [], note: 'The GPU monitor is switched off in Settings.' });
  });
});

describe('a source without anything to tell', () => {
  test('is left for the next one, and its reason is said', async () => {
    await watch();
    nvidia.say({ kind: 'unusable', message: 'The driver is not loaded.' });
    amd.say(readings());
    expect(nvidia.running).toBe(false);
    expect(monitor.snapshot()).toMatchObject({ gpus: [CARD], note: 'The driver is not loaded.' });
  });

  test('is left for ComfyUI itself when it was the last one', async () => {
    await watch();
    nvidia.say({ kind: 'unusable', message: 'The driver is not loaded.' });
    amd.say({ kind: 'unusable', message: 'amd-smi finds no GPU.' });
    comfy.say({ kind: 'readings', source: 'none', gpus: [], note: 'ComfyUI runs on the CPU.' });
    expect(monitor.snapshot()).toMatchObject({
      gpus: [],
      note: 'The driver is not loaded. amd-smi finds no GPU. ComfyUI runs on the CPU.',
    });
  });

  test('is not tried each time somebody looks, but again after five minutes', async () => {
    found = { sources: [], missing: 'No GPU was found.' };
    for (let look = 0; look < 4; look += 1) {
      const letGo = await watch();
      letGo();
      await clock.advance(MINUTE_MS);
    }
    expect(searches).toBe(1);
    await clock.advance(2 * MINUTE_MS);
    await watch();
    expect(searches).toBe(2);
  });

  test('is no error: no GPU is a normal state, in words', async () => {
    found = { sources: [], missing: 'No GPU was found.' };
    await watch();
    comfy.say({ kind: 'readings', source: 'none', gpus: [], note: null });
    expect(monitor.snapshot()).toEqual({ at: clock.now(), source: 'none', gpus: [], note: 'No GPU was found.' });
  });

  test('does not make the simulator’s card look like a failure', async () => {
    found = { sources: [], missing: null };
    await watch();
    comfy.say({ kind: 'readings', source: 'simulator', gpus: [CARD], note: null });
    expect(monitor.snapshot()).toMatchObject({ source: 'simulator', note: null });
  });
});

describe('a source that was found', () => {
  test('is taken again without a search', async () => {
    const letGo = await watch();
    nvidia.say(readings());
    letGo();
    await clock.advance(60 * MINUTE_MS);
    await watch();
    expect({ searches, starts: nvidia.starts }).toEqual({ searches: 1, starts: 2 });
  });

  test('is taken again when the first look was over before it said anything', async () => {
    const letGo = await watch();
    letGo();
    await clock.advance(10_000);
    await watch();
    expect({ searches, starts: nvidia.starts, fallback: comfy.starts }).toEqual({
      searches: 1,
      starts: 2,
      fallback: 0,
    });
  });

  test('is not heard any more after it was stopped', async () => {
    const letGo = await watch();
    letGo();
    await clock.advance(MINUTE_MS);
    nvidia.say(readings());
    expect(heard).toEqual([]);
  });
});

describe('one reading now', () => {
  test('comes from a loop that ends soon after', async () => {
    const reading = monitor.readOnce();
    await clock.advance(0);
    nvidia.say(readings());
    expect(await reading).toMatchObject({ gpus: [CARD] });
    await clock.advance(MINUTE_MS);
    expect(nvidia.running).toBe(false);
  });

  test('asked for again and again is no process each time', async () => {
    for (let call = 0; call < 5; call += 1) {
      const reading = monitor.readOnce();
      await clock.advance(0);
      nvidia.say(readings());
      await reading;
      await clock.advance(3000);
    }
    expect(nvidia.starts).toBe(1);
  });

  test('of a driver that does not answer is what there is, after some seconds', async () => {
    const reading = monitor.readOnce();
    await clock.advance(10_000);
    expect(await reading).toMatchObject({ gpus: [] });
  });

  test('is refused by nobody: switched off, it says so', async () => {
    settings = { monitor: 'off', sampleSeconds: 2 };
    expect(await monitor.readOnce()).toMatchObject({ note: 'The GPU monitor is switched off in Settings.' });
  });
});

test('closing ends the measurement, and nobody starts another one', async () => {
  await watch();
  await monitor.close();
  await watch();
  expect(nvidia).toMatchObject({ starts: 1, running: false });
  expect(clock.timers).toBe(0);
});

test('a search that comes back after the close starts nothing', async () => {
  monitor.watch();
  await monitor.close();
  await clock.advance(0);
  expect(nvidia.starts).toBe(0);
});
