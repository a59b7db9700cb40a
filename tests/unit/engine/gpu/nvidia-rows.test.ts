import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addRow,
  EMPTY_SAMPLE,
  explainNvidiaFailure,
  GPU_QUERY,
  type NvidiaRow,
  parseGpuRow,
} from '../../../../engine/gpu/nvidia-rows.ts';
import { gpuFixture, gpuFixtureLines } from '../../../support/gpu-fixture.ts';

const MIB = 1024 * 1024;
const firstRow = (fixture: string): NvidiaRow => {
  const row = parseGpuRow(gpuFixtureLines(fixture)[0] ?? '');
  if (!row) throw new Error(`${fixture} holds no row`);
  return row;
};

describe('recorded rows', () => {
  test('a consumer card under Linux tells everything', () => {
    expect(firstRow('rtx-4080-super-linux.gpu.csv')).toEqual({
      count: 1,
      index: 0,
      uuid: 'GPU-00000000-0000-0000-0000-000000000000',
      name: 'NVIDIA GeForce RTX 4080 SUPER',
      split: false,
      vramTotalBytes: 16_376 * MIB,
      vramUsedBytes: 1474 * MIB,
      utilizationPercent: 7,
      temperatureCelsius: 46,
      powerWatts: 84.24,
    });
  });

  test('a data-centre card at full load', () => {
    expect(firstRow('h200-linux.gpu.csv')).toMatchObject({
      name: 'NVIDIA H200',
      vramTotalBytes: 143_771 * MIB,
      vramUsedBytes: 32_362 * MIB,
      utilizationPercent: 100,
      powerWatts: 627.4,
      split: false,
    });
  });

  test('a card under Windows (WDDM) tells its own memory', () => {
    expect(firstRow('rtx-2080-super-wddm.gpu.csv')).toMatchObject({
      vramUsedBytes: 1296 * MIB,
      powerWatts: 97.43,
    });
  });

  test('a split card does not tell its utilisation: null, not zero', () => {
    expect(firstRow('h100-mig-linux.gpu.csv')).toMatchObject({
      split: true,
      utilizationPercent: null,
      powerWatts: 433.78,
    });
  });

  test('inside a container a split card hides its memory', () => {
    expect(firstRow('container-mig.gpu.csv')).toMatchObject({
      split: true,
      vramTotalBytes: null,
      vramUsedBytes: null,
      temperatureCelsius: 47,
    });
  });
});

describe('a line', () => {
  const line = gpuFixtureLines('rtx-4080-super-linux.gpu.csv')[0] ?? '';

  test('with Windows line ends is the same row', () => {
    expect(parseGpuRow(`${line}\r`)).toEqual(parseGpuRow(line));
  });

  test('with decimal commas is the same row', () => {
    expect(parseGpuRow(line.replace('84.24', '84,24'))?.powerWatts).toBe(84.24);
  });

  test('with commas in the name keeps the name whole', () => {
    expect(parseGpuRow(line.replace('NVIDIA GeForce RTX 4080 SUPER', 'NVIDIA RTX, Special, Edition'))?.name).toBe(
      'NVIDIA RTX, Special, Edition',
    );
  });

  test('cut short is no row', () => {
    for (let length = 0; length < line.lastIndexOf(', ') + 2; length += 1) {
      expect(parseGpuRow(line.slice(0, length))).toBeNull();
    }
  });

  test.each(JSON.parse(gpuFixture('nvidia-failures.json')) as string[])('that says %j is no row', (text) => {
    for (const failure of text.split('\n')) expect(parseGpuRow(failure)).toBeNull();
  });

  test('of any text never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.string()).map((parts) => parts.join(', ')),
        ),
        (text) => {
          parseGpuRow(text);
        },
      ),
    );
  });
});

test('the query asks for nothing a driver of 2020 does not know', () => {
  expect(GPU_QUERY[0]).not.toMatch(/power\.draw\.|memory\.reserved|clocks_event/);
});

describe('a sample', () => {
  const [first, second] = gpuFixtureLines('two-cards-linux.gpu.csv').map(parseGpuRow) as [NvidiaRow, NvidiaRow];

  function finishedSamples(rows: readonly NvidiaRow[]): number[][] {
    let sample = EMPTY_SAMPLE;
    const finished: number[][] = [];
    for (const row of rows) {
      const next = addRow(sample, row);
      sample = next.sample;
      if (next.finished) finished.push(next.finished.rows.map(({ index }) => index));
    }
    return finished;
  }

  test('is finished as soon as every card has spoken', () => {
    expect(finishedSamples([first, second, first, second])).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  test('of a machine that lost a card is finished when the other speaks again', () => {
    expect(finishedSamples([first, second, first, first, first])).toEqual([[0, 1], [0], [0]]);
  });

  test('never holds a card twice', () => {
    const row = fc.integer({ min: 0, max: 4 }).map((index) => ({ ...first, index, count: 3 }));
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        for (const indexes of finishedSamples(rows)) expect(new Set(indexes).size).toBe(indexes.length);
      }),
    );
  });
});

describe('a failure', () => {
  test.each([
    ['Failed to initialize NVML: Driver/library version mismatch', /was updated while the computer was running/],
    ['Unable to determine the device handle for GPU0000:20:00.0: Unknown Error', /has lost a GPU/],
    ["NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", /driver is not loaded/],
    ['Field "mig.mode.current" is not a valid field to query.', /too old/],
    ['No devices were found', /finds no GPU/],
    ['Failed to initialize NVML: Unknown Error', /does not answer/],
  ])('%j is explained, and quoted', (words, explanation) => {
    expect(explainNvidiaFailure(words)).toMatch(explanation);
    expect(explainNvidiaFailure(words)).toContain(words);
  });

  test('nobody has seen yet is quoted', () => {
    expect(explainNvidiaFailure('Segmentation fault')).toContain('said: Segmentation fault');
    expect(explainNvidiaFailure('')).toContain('without a word');
  });
});
