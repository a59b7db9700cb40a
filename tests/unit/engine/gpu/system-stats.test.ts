import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSystemStats } from '../../../../engine/gpu/system-stats.ts';
import { gpuFixture } from '../../../support/gpu-fixture.ts';

const [amd, nvidia, cpu] = JSON.parse(gpuFixture('system-stats.json')) as unknown[];
const deviceOf = (device: object) => parseSystemStats({ devices: [device] });

describe('ComfyUI tells', () => {
  test('an AMD card, which ROCm calls cuda', () => {
    expect(parseSystemStats(amd)).toEqual({
      kind: 'readings',
      source: 'system-stats',
      note: null,
      gpus: [
        {
          id: 'cuda-0',
          index: 0,
          name: 'AMD Radeon RX 7900 XT',
          vendor: 'amd',
          vramTotalBytes: 21_458_059_264,
          vramUsedBytes: 21_458_059_264 - 21_301_428_224,
          vramComfyBytes: 0,
          utilizationPercent: null,
          temperatureCelsius: null,
          powerWatts: null,
        },
      ],
    });
  });

  test('an NVIDIA card without its allocator in the name', () => {
    expect(parseSystemStats(nvidia)).toMatchObject({
      gpus: [{ name: 'NVIDIA GeForce RTX 4060 Ti', vendor: 'nvidia' }],
    });
  });

  test('that it runs on the CPU: no GPU, and no error', () => {
    expect(parseSystemStats(cpu)).toEqual({
      kind: 'readings',
      source: 'none',
      gpus: [],
      note: 'ComfyUI runs on the CPU.',
    });
  });

  test('an Apple GPU, whose memory is the computer’s and whose share is not told', () => {
    expect(
      deviceOf({ name: 'mps', type: 'mps', index: null, vram_total: 8, vram_free: 5, torch_vram_total: 8 }),
    ).toMatchObject({
      gpus: [{ vendor: 'apple', vramTotalBytes: 8, vramUsedBytes: 3, vramComfyBytes: null }],
    });
  });

  test('an Intel card', () => {
    expect(deviceOf({ name: 'xpu:0 Intel(R) Arc(TM) A770 Graphics', type: 'xpu', index: 0 })).toMatchObject({
      gpus: [{ vendor: 'intel', name: 'Intel(R) Arc(TM) A770 Graphics', vramTotalBytes: null }],
    });
  });

  test('a made-up gigabyte for DirectML, which is not shown', () => {
    const device = { name: 'privateuseone', type: 'privateuseone', index: 0, vram_total: 2 ** 30, vram_free: 2 ** 30 };
    expect(deviceOf(device)).toMatchObject({ gpus: [{ vramTotalBytes: null, vramUsedBytes: null }] });
  });

  test('the simulated card, named as such', () => {
    const device = { name: 'cuda:0 Simulated GPU', type: 'cuda', index: 0, vram_total: 24, vram_free: 20 };
    expect(deviceOf(device)).toMatchObject({ source: 'simulator', gpus: [{ name: 'Simulated GPU', vendor: 'other' }] });
  });

  test('something else than statistics: said in words', () => {
    expect(parseSystemStats('<html>')).toMatchObject({ kind: 'trouble' });
  });
});

test('any body is readings or trouble', () => {
  const device = fc.record({ name: fc.string(), type: fc.string(), index: fc.anything(), vram_total: fc.anything() });
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.record({ devices: fc.array(device) })), (body) =>
      ['readings', 'trouble'].includes(parseSystemStats(body).kind),
    ),
  );
});
