import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isolatedPoints,
  niceMaximum,
  plotWindow,
  seriesWithGaps,
  summarize,
} from '../../../../renderer/lib/history-series.ts';

const columns = (times: number[], values: (number | null)[]) => ({
  id: 'a',
  name: 'a',
  vramTotalBytes: null,
  times,
  vramUsedBytes: values,
  vramComfyBytes: values,
  utilizationPercent: values,
  powerWatts: values,
});

describe('gaps', () => {
  test('missing steps break the line instead of being drawn across', () => {
    const series = seriesWithGaps(columns([10, 20, 60, 70], [1, 2, 3, 4]), 10);
    expect([series.times, series.powerWatts]).toEqual([
      [10, 20, 30, 60, 70],
      [1, 2, null, 3, 4],
    ]);
  });

  test('nulls of the engine stay nulls', () => {
    expect(seriesWithGaps(columns([10, 20], [1, null]), 10).vramUsedBytes).toEqual([1, null]);
  });

  test('times always rise, whatever came: a plot needs that', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000)), (times) => {
        const series = seriesWithGaps(columns(times, times), 10);
        expect(series.times.every((time, index) => index === 0 || time > (series.times[index - 1] ?? 0))).toBe(true);
        expect(series.vramUsedBytes).toHaveLength(series.times.length);
      }),
    );
  });
});

describe('a column in four numbers', () => {
  test('a column is summarised without its gaps', () => {
    expect(summarize([2, null, 4, null])).toEqual({ minimum: 2, maximum: 4, mean: 3, last: 4 });
  });

  test('nothing measured is no zero', () => expect(summarize([null, null])).toBeNull());
});

test('the window is the whole hour or day, so that an empty part is seen', () => {
  expect(plotWindow('hour', 7_200_000)).toEqual([3600, 7200]);
  expect(plotWindow('day', 172_800_000)).toEqual([86_400, 172_800]);
});

test('an axis ends at a round number that holds every value', () => {
  expect([niceMaximum(409, 50), niceMaximum(0, 50), niceMaximum(1000, 1)]).toEqual([500, 50, 1000]);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (value) => {
      expect(niceMaximum(value, 1)).toBeGreaterThanOrEqual(value);
    }),
  );
});

test('a reading alone between gaps is found, so that it can be drawn', () => {
  expect(isolatedPoints([1, null, 2, 3, null, null, 4])).toEqual([0, 6]);
  expect(isolatedPoints([])).toEqual([]);
});
