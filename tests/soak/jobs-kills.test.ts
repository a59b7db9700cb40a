/** Not part of `npm test`: `npm run soak` (STOKER_SOAK_KILLS=200; STOKER_SOAK_SEED repeats the plan of a run). A short run is in tests/integration/jobs. */
import { afterEach, expect, it } from 'vitest';
import { stopAllComfyui } from '../support/comfyui-process.ts';
import { stopEngines } from '../support/engine-process.ts';
import { stopRunpods } from '../support/runpod-process.ts';
import { seededRandom, soakSeed } from '../support/seeded-random.ts';
import { soakJobs } from './jobs-under-kills.ts';

const kills = Number(process.env.STOKER_SOAK_KILLS ?? 200);
const seed = soakSeed();

afterEach(async () => {
  await stopEngines();
  await stopRunpods();
  await stopAllComfyui();
});

it(`jobs survive ${kills} kills of engine, ComfyUI and worker (seed ${seed})`, { timeout: 3_600_000 }, async () => {
  const startedAt = Date.now();
  const report = await soakJobs(kills, seededRandom(seed));
  console.info(JSON.stringify({ seed, seconds: Math.round((Date.now() - startedAt) / 1000), ...report }, null, 1));
  expect(report.faults).toEqual([]);
  expect(report.accepted).toBeGreaterThan(kills);
});
