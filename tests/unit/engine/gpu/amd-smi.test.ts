import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAmdSmiMetric, parseAmdSmiStatic, parseRocmSmi } from '../../../../engine/gpu/amd-smi.ts';
import { gpuFixture } from '../../../support/gpu-fixture.ts';

const MIB = 1024 * 1024;

describe('amd-smi', () => {
  test('of ROCm 6 prints an array; the name comes from its static data', () => {
    const cards = parseAmdSmiStatic(gpuFixture('amd-smi-6-rx6600.static.json'));
    expect(parseAmdSmiMetric(gpuFixture('amd-smi-6-rx6600.metric.json'), cards)).toEqual([
      {
        id: 'amd-0000:0b:00.0',
        index: 0,
        name: 'Navi 23 [Radeon RX 6600/6600 XT',
        vendor: 'amd',
        vramTotalBytes: 8176 * MIB,
        vramUsedBytes: 202 * MIB,
        vramComfyBytes: null,
        utilizationPercent: 1,
        temperatureCelsius: 36,
        powerWatts: 6,
      },
    ]);
  });

  test('of ROCm 7 puts the array into an object', () => {
    const gpus = parseAmdSmiMetric(gpuFixture('amd-smi-7-two-cards.metric.json'), new Map());
    expect(gpus.map(({ name, vramUsedBytes, powerWatts }) => [name, vramUsedBytes, powerWatts])).toEqual([
      ['AMD GPU 0', 20_450 * MIB, 12.3],
      ['AMD GPU 1', 57 * MIB, 23.4],
    ]);
  });

  test('is understood behind a warning', () => {
    const output = `WARNING: User is missing the following required groups: render\n${gpuFixture('amd-smi-7-two-cards.metric.json')}`;
    expect(parseAmdSmiMetric(output, new Map())).toHaveLength(2);
  });

  test('tells null for whole blocks of "N/A"', () => {
    const output = '{"gpu_data":[{"gpu":2,"usage":"N/A","power":{"socket_power":"N/A"},"mem_usage":"N/A"}]}';
    expect(parseAmdSmiMetric(output, new Map())).toMatchObject([
      { index: 2, utilizationPercent: null, powerWatts: null, vramTotalBytes: null, temperatureCelsius: null },
    ]);
  });

  test('of a card without a sensor at the edge tells its hot spot', () => {
    const output = '[{"gpu":0,"temperature":{"edge":"N/A","hotspot":{"value":61,"unit":"C"}}}]';
    expect(parseAmdSmiMetric(output, new Map())[0]?.temperatureCelsius).toBe(61);
  });
});

describe('rocm-smi', () => {
  test('of ROCm 6.1', () => {
    expect(parseRocmSmi(gpuFixture('rocm-smi-6.1-rx6700xt.json'))).toEqual([
      {
        id: 'amd-0000:07:00.0',
        index: 0,
        name: 'Navi 22 [Radeon RX 6700/6700 XT / 6800M]',
        vendor: 'amd',
        vramTotalBytes: 12_868_124_672,
        vramUsedBytes: 1_572_745_216,
        vramComfyBytes: null,
        utilizationPercent: 0,
        temperatureCelsius: 45,
        powerWatts: 6,
      },
    ]);
  });

  test('of ROCm 4.3 could not name the card: no PCI number is shown as a name', () => {
    expect(parseRocmSmi(gpuFixture('rocm-smi-4.3-rx6700xt.json'))[0]?.name).toBe('AMD GPU 0');
  });

  test('tells four cards and leaves out the machine', () => {
    const gpus = parseRocmSmi(gpuFixture('rocm-smi-6.0-mi100x4.json'));
    expect(gpus.map(({ id }) => id)).toEqual([
      'amd-0000:83:00.0',
      'amd-0000:a3:00.0',
      'amd-0000:c3:00.0',
      'amd-0000:e3:00.0',
    ]);
  });
});

test('any text and any JSON never throws', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((json) => `{"gpu_data":[${json}]}`),
        fc.json().map((json) => `{"card0":${json}}`),
      ),
      (text) => {
        parseAmdSmiMetric(text, parseAmdSmiStatic(text));
        parseRocmSmi(text);
      },
    ),
  );
});
