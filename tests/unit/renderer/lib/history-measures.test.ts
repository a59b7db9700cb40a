import { expect, test } from 'vitest';
import { measuresOf, summaryWords } from '../../../../renderer/lib/history-measures.ts';
import { seriesWithGaps } from '../../../../renderer/lib/history-series.ts';
import { gpuReading } from '../../../support/dashboard-fixtures.ts';
import { gpuHistory } from '../../../support/dashboard-records.ts';

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
