import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measuresOf, summaryWords } from '../../../../renderer/lib/history-measures.ts';
import { niceMaximum, plotWindow, seriesWithGaps, summarize } from '../../../../renderer/lib/history-series.ts';
import { gpuHistory, gpuReading } from '../../../support/dashboard-fixtures.ts';

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

describe('the same in words', () => {
  test('a column is summarised without its gaps', () => {
    expect(summarize([2, null, 4, null])).toEqual({ minimum: 2, maximum: 4, mean: 3, last: 4 });
  });

  test('nothing measured is no zero', () => expect(summarize([null, null])).toBeNull());

  test('a person who cannot see the plot hears its range', () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    const [card] = gpuHistory('hour', now).gpus;
    if (card === undefined) throw new Error('no card');
    const [vram] = measuresOf(seriesWithGaps(card, 10), card.vramTotalBytes);
    if (vram === undefined) throw new Error('no measure');
    expect(summaryWords(vram, 'Last hour')).toMatch(
      /^VRAM, last hour: between 1\.\d GB and 2\d\.\d GB, mean \d+\.\d GB, last \d+\.\d GB\.$/,
    );
  });

  test('what a card never tells has no drawing', () => {
    const silent = gpuReading({ vramComfyBytes: null, powerWatts: null });
    const [card] = gpuHistory('day', Date.now(), [silent]).gpus;
    if (card === undefined) throw new Error('no card');
    const measures = measuresOf(seriesWithGaps(card, 240), card.vramTotalBytes);
    expect(measures.map(({ name, lines }) => [name, lines.length])).toEqual([
      ['VRAM', 1],
      ['Utilisation', 1],
    ]);
  });
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
