import { expect, test } from 'vitest';
import { createComfyPids } from '../../../../engine/gpu/comfy-pids.ts';
import { createManualClock } from '../../../support/manual-clock.ts';

test('a process table is read at most every few seconds, however often it is wanted', async () => {
  const clock = createManualClock();
  let reads = 0;
  const pids = createComfyPids({
    clock,
    async read() {
      reads += 1;
      return new Set([reads]);
    },
  });
  expect(pids.known()).toBeNull();
  await clock.advance(0);
  for (let sample = 0; sample < 10; sample += 1) pids.known();
  expect([...(pids.known() ?? [])]).toEqual([1]);
  await clock.advance(5000);
  pids.known();
  await clock.advance(0);
  expect([...(pids.known() ?? [])]).toEqual([2]);
});

test('a table that cannot be read leaves the pids unknown', async () => {
  const clock = createManualClock();
  const pids = createComfyPids({ clock, read: () => Promise.reject(new Error('no /proc')) });
  pids.known();
  await clock.advance(0);
  expect(pids.known()).toBeNull();
});
