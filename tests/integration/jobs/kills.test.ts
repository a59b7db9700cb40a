/** A short run of tests/soak/jobs-kills.test.ts, so that what it proves is proved with every change. */
import { afterEach, expect, it } from 'vitest';
import { soakJobs } from '../../soak/jobs-under-kills.ts';
import { stopAllComfyui } from '../../support/comfyui-process.ts';
import { stopEngines } from '../../support/engine-process.ts';
import { stopRunpods } from '../../support/runpod-process.ts';
import { seededRandom, soakSeed } from '../../support/seeded-random.ts';

const seed = soakSeed();

afterEach(async () => {
  await stopEngines();
  await stopRunpods();
  await stopAllComfyui();
});

it(`ten kills under load: no accepted job lost, none run twice, every cent booked (seed ${seed})`, {
  timeout: 400_000,
}, async () => {
  const report = await soakJobs(10, seededRandom(seed));

  expect(report.faults).toEqual([]);
  expect(report.accepted).toBeGreaterThan(10);
});
