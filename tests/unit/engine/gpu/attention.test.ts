import { expect, it } from 'vitest';
import type { GpuReading, GpuSnapshot } from '../../../../contract/gpu.ts';
import { createGpuAttention } from '../../../../engine/gpu/attention.ts';

const GB = 2 ** 30;

function card(usedGigabytes: number | null): GpuReading {
  return {
    id: 'gpu-1',
    index: 0,
    name: 'RTX',
    vendor: 'nvidia',
    vramTotalBytes: 24 * GB,
    vramUsedBytes: usedGigabytes === null ? null : usedGigabytes * GB,
    vramComfyBytes: null,
    utilizationPercent: null,
    temperatureCelsius: null,
    powerWatts: null,
  };
}

function scene() {
  const seen = { watchers: 0, told: 0 };
  let listener: (snapshot: GpuSnapshot) => void = () => undefined;
  const attention = createGpuAttention({
    gpu: {
      watch() {
        seen.watchers += 1;
        return () => {
          seen.watchers -= 1;
        };
      },
      onReading(added) {
        listener = added;
        return () => undefined;
      },
    },
    tell() {
      seen.told += 1;
    },
  });
  const read = (...gpus: GpuReading[]) => listener({ at: 0, source: 'nvidia-smi', gpus, note: null });
  return { attention, seen, read };
}

it('measures while ComfyUI is awake, once, and never while it sleeps', () => {
  const { attention, seen } = scene();
  attention.follow(true);
  attention.follow(true);
  expect(seen.watchers).toBe(1);
  attention.follow(false);
  expect(seen.watchers).toBe(0);
  attention.follow(true);
  attention.close();
  expect(seen.watchers).toBe(0);
});

it('tells what a person could see, and not every reading', () => {
  const { attention, seen, read } = scene();
  attention.follow(true);
  read(card(4));
  read(card(4.1));
  read(card(4.3));
  expect(seen.told).toBe(1);
  // Small steps add up: what counts is what was told last.
  read(card(4.6));
  expect(seen.told).toBe(2);
  read(card(null));
  read(card(null));
  read();
  expect(seen.told).toBe(4);
});

it('is silent while ComfyUI sleeps, although somebody else has the card measured', () => {
  const { seen, read } = scene();
  read(card(4));
  expect(seen.told).toBe(0);
});
