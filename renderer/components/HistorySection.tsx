/** The last hour or day of one card: memory, utilisation and power on one time axis, gaps shown as gaps, and the same in words. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { GpuHistory, GpuHistoryRange } from '../../contract/gpu.ts';
import { fetchGpuHistory } from '../api.ts';
import { useLiveConnection } from '../hooks/live.tsx';
import { formatClock } from '../lib/format.ts';
import { measuresOf, summaryWords, valueWords } from '../lib/history-measures.ts';
import { plotWindow, seriesWithGaps } from '../lib/history-series.ts';
import { keys } from '../live-cache.ts';
import { words } from '../words.ts';
import styles from './HistorySection.module.css';
import { Plot } from './Plot.tsx';
import { EmptyNote, Section } from './Section.tsx';
import { ToggleGroup } from './ToggleGroup.tsx';

const RANGES = (['hour', 'day'] as const).map((value) => ({ value, label: words.history.range[value] }));
/** Asking more often than this shows nothing new on a drawing of a thousand pixels. */
const LEAST_REFETCH_SECONDS = 5;
const MOST_REFETCH_SECONDS = 60;

export function HistorySection() {
  const [range, setRange] = useState<GpuHistoryRange>('hour');
  const [chosenId, setChosenId] = useState<string | null>(null);
  const history = useQuery({
    queryKey: keys.gpuHistory(range),
    queryFn: () => fetchGpuHistory(range),
    refetchInterval: ({ state }) =>
      1000 * Math.min(MOST_REFETCH_SECONDS, Math.max(LEAST_REFETCH_SECONDS, state.data?.stepSeconds ?? 0)),
  });
  const cards = history.data?.gpus ?? [];
  const card = cards.find(({ id }) => id === chosenId) ?? cards[0];

  return (
    <Section
      title={words.history.heading}
      aside={
        <div className={styles.choices}>
          {cards.length > 1 && card !== undefined && (
            <ToggleGroup
              label={words.history.chooseCard}
              choices={cards.map(({ id, name }, index) => ({
                value: id,
                label: String(index),
                fullName: `${index} ${name}`,
              }))}
              value={card.id}
              onChange={setChosenId}
            />
          )}
          <ToggleGroup label={words.history.chooseRange} choices={RANGES} value={range} onChange={setRange} />
        </div>
      }
    >
      {history.isError ? (
        <EmptyNote>{words.history.failed}</EmptyNote>
      ) : history.data === undefined ? (
        <div className={styles.loading}>
          <EmptyNote>{words.loading}</EmptyNote>
        </div>
      ) : card === undefined || card.times.length === 0 ? (
        <EmptyNote>{words.history.empty}</EmptyNote>
      ) : (
        <CardPlots history={history.data} card={card} fetchedAt={history.dataUpdatedAt} />
      )}
    </Section>
  );
}

function CardPlots({
  history,
  card,
  fetchedAt,
}: {
  history: GpuHistory;
  card: GpuHistory['gpus'][number];
  fetchedAt: number;
}) {
  const [point, setPoint] = useState<number | null>(null);
  const series = useMemo(() => seriesWithGaps(card, history.stepSeconds), [card, history.stepSeconds]);
  const measures = useMemo(() => measuresOf(series, card.vramTotalBytes), [series, card.vramTotalBytes]);
  const window = plotWindow(history.range, fetchedAt + useLiveConnection().clockSkewMs());
  const time = point === null ? undefined : series.times[point];
  const lastName = measures.at(-1)?.name;

  return (
    <div className={styles.plots}>
      {measures.map((measure) => (
        <figure key={measure.name} className={styles.measure}>
          <figcaption className={styles.caption}>
            <span className={styles.name}>{measure.name}</span>
            {measure.hasKey && <VramKey />}
            <span className={styles.figures} aria-hidden="true">
              {time === undefined || point === null
                ? measure.head
                : `${valueWords(measure, point)} ${words.history.at(formatClock(time * 1000))}`}
            </span>
            <span className="visuallyHidden">{summaryWords(measure, words.history.range[history.range])}</span>
          </figcaption>
          <Plot
            key={[measure.lines.length, measure.name === lastName].join()}
            times={series.times}
            lines={measure.lines}
            window={window}
            maximum={measure.maximum}
            formatTick={measure.formatTick}
            withClock={measure.name === lastName}
            onPoint={setPoint}
          />
        </figure>
      ))}
    </div>
  );
}

function VramKey() {
  return (
    <span className={styles.key}>
      <span className={styles.keyLine} data-line="comfy" aria-hidden="true" />
      {words.history.legendComfy}
      <span className={styles.keyLine} data-line="used" aria-hidden="true" />
      {words.history.legendUsed}
    </span>
  );
}
