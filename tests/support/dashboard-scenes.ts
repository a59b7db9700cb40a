/** Whole scenes for the dashboard's browser tests: one per state a person can meet. */
import type { GpuReading } from '../../contract/gpu.ts';
import type { Status } from '../../contract/status.ts';
import type { Scene } from './dashboard-engine.ts';
import * as fixtures from './dashboard-fixtures.ts';
import * as records from './dashboard-records.ts';
import { serverTest } from './dashboard-targets.ts';
import { jobOf } from './job-fixtures.ts';

export interface NamedScene {
  readonly name: string;
  readonly build: (now: number) => Scene;
}

/** @param gpus when they differ from what the status carries */
export function sceneOf(now: number, status: Status, changes: Partial<Scene> = {}): Scene {
  const gpus: readonly GpuReading[] = status.gpus;
  return {
    status,
    gpu: { at: now, source: gpus.length === 0 ? 'none' : 'nvidia-smi', gpus: [...gpus], note: status.gpuNote },
    history: (range) => records.gpuHistory(range, now, gpus),
    happenings: records.happenings(now),
    log: records.logLines(now, 1200),
    settings: records.settingsAnswer(),
    installations: records.installations(),
    doctor: records.doctorReport(now),
    secrets: [{ name: 'network.token', place: 'file' }],
    tokens: { tokens: [], url: null, problem: null },
    jobs: [],
    job: (summary) => jobOf(summary),
    preview: null,
    targets: [{ name: 'local', kind: 'local', free: 1, load: 0, refusal: null, automatic: true, retryAt: null }],
    endpoints: [],
    servers: [],
    serverTest: () => serverTest(),
    has: {
      lists: { nodeTypes: null, models: null },
      learnt: { nodeTypes: { present: [], absent: [] }, models: { present: [], absent: [] } },
    },
    gallery: [],
    settingsFile: { stoker: 1, settings: { idle: { stopAfterSeconds: 5400 } } },
    ...changes,
  };
}

const othersHold = (now: number): Status =>
  fixtures.asleep(now, {
    gpus: [
      fixtures.gpuReading({
        vramUsedBytes: 13.4 * 2 ** 30,
        utilizationPercent: 88,
        powerWatts: 310,
        temperatureCelsius: 66,
      }),
    ],
  });

/** Every state of the overview. */
export const OVERVIEW_SCENES: readonly NamedScene[] = [
  { name: 'asleep', build: (now) => sceneOf(now, fixtures.asleep(now)) },
  { name: 'asleep-others-hold-the-card', build: (now) => sceneOf(now, othersHold(now)) },
  { name: 'waking', build: (now) => sceneOf(now, fixtures.waking(now)) },
  { name: 'waking-first-time', build: (now) => sceneOf(now, fixtures.firstWaking(now)) },
  { name: 'ready', build: (now) => sceneOf(now, fixtures.ready(now)) },
  { name: 'kept-awake', build: (now) => sceneOf(now, fixtures.keptAwake(now, now + 47 * 60_000)) },
  { name: 'working', build: (now) => sceneOf(now, fixtures.working(now)) },
  { name: 'working-four-gpus', build: (now) => sceneOf(now, fixtures.working(now, { gpus: fixtures.fourGpus() })) },
  { name: 'paused', build: (now) => sceneOf(now, fixtures.paused(now)) },
  { name: 'lent', build: (now) => sceneOf(now, fixtures.lent(now)) },
  { name: 'draining', build: (now) => sceneOf(now, fixtures.draining(now)) },
  { name: 'stopping', build: (now) => sceneOf(now, fixtures.stopping(now)) },
  { name: 'backing-off', build: (now) => sceneOf(now, fixtures.backingOff(now)) },
  { name: 'failed', build: (now) => sceneOf(now, fixtures.failed(now)) },
  {
    name: 'first-run',
    build: (now) =>
      sceneOf(now, fixtures.unconfigured(now), {
        happenings: [],
        history: (range) => ({ range, stepSeconds: 10, gpus: [] }),
        log: [],
      }),
  },
  {
    name: 'first-run-nothing-found',
    build: (now) => sceneOf(now, fixtures.unconfigured(now), { installations: [], happenings: [] }),
  },
  { name: 'no-gpu', build: (now) => sceneOf(now, fixtures.withoutGpu(now)) },
];
