/**
 * One uPlot drawing, themed by the style sheet. Draws what it is given; says nothing: the words beside it do.
 * Values may change; which lines there are may not (give it another key).
 */
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { onAppearanceChange } from '../appearance.ts';
import { formatClock } from '../lib/format.ts';
import type { PlotLine } from '../lib/history-measures.ts';
import { isolatedPoints } from '../lib/history-series.ts';
import styles from './Plot.module.css';

export interface PlotProps {
  readonly times: readonly number[];
  readonly lines: readonly PlotLine[];
  /** Epoch seconds. */
  readonly window: readonly [number, number];
  readonly maximum: number;
  readonly formatTick: (value: number) => string;
  /** The drawing at the bottom carries the clock for those above it. */
  readonly withClock: boolean;
  /** Index of the reading under the pointer in any drawing of the group; null when the pointer left. */
  readonly onPoint: (index: number | null) => void;
}

const HEIGHT = 74;
const CLOCK_HEIGHT = 22;
const AXIS_WIDTH = 44;
const CURSOR_GROUP = 'gpu-history';

export function Plot(props: PlotProps) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    const drawing = new uPlot(optionsOf(element, latest), dataOf(latest.current), element);
    plot.current = drawing;
    const resized = new ResizeObserver(() => drawing.setSize({ width: element.clientWidth, height: drawing.height }));
    resized.observe(element);
    const stopListening = onAppearanceChange(() => drawing.redraw(false, true));
    return () => {
      stopListening();
      resized.disconnect();
      drawing.destroy();
      plot.current = null;
    };
  }, []);

  useEffect(() => {
    plot.current?.setData(dataOf(props));
  });

  return <div ref={holder} className={styles.plot} aria-hidden="true" />;
}

function dataOf({ times, lines }: PlotProps): uPlot.AlignedData {
  return [[...times], ...lines.map((line) => [...line.values])];
}

function optionsOf(element: HTMLElement, latest: { readonly current: PlotProps }): uPlot.Options {
  const { lines, withClock } = latest.current;
  const colour = (variable: string) => () => getComputedStyle(element).getPropertyValue(variable).trim();
  const font = () => `11px ${getComputedStyle(element).fontFamily}`;
  return {
    width: element.clientWidth,
    height: HEIGHT + (withClock ? CLOCK_HEIGHT : 0),
    padding: [6, 2, withClock ? 0 : 4, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 6 },
      drag: { x: false, y: false, setScale: false },
      sync: { key: CURSOR_GROUP },
    },
    scales: {
      x: { time: true, range: () => [...latest.current.window] },
      y: { range: () => [0, latest.current.maximum] },
    },
    axes: [
      {
        show: withClock,
        size: CLOCK_HEIGHT,
        gap: 4,
        font: font(),
        space: 70,
        stroke: colour('--ink-muted'),
        grid: { show: false },
        ticks: { show: false },
        // A label at the very edge would be cut: none is better than half of one.
        values: (plot, times) =>
          times.map((time) => (plot.valToPos(time, 'x') > plot.over.clientWidth - 18 ? '' : formatClock(time * 1000))),
      },
      {
        size: AXIS_WIDTH,
        gap: 6,
        font: font(),
        stroke: colour('--ink-muted'),
        splits: () => [0, latest.current.maximum / 2, latest.current.maximum],
        values: (_plot, values) => values.map((value) => latest.current.formatTick(value)),
        grid: { stroke: colour('--plot-grid'), width: 1 },
        ticks: { show: false },
      },
    ],
    series: [
      {},
      ...lines.map(
        (line): uPlot.Series => ({
          stroke: colour(line.strokeVariable),
          width: 1.25,
          // A reading between two gaps has no line: it is drawn as a point, or it would not be seen.
          points: { show: true, size: 3, filter: (plot, index) => isolatedPoints(plot.data[index] ?? []) },
          spanGaps: false,
          // Faint, so that the grid and the line below stay seen through it.
          fill: () => `${colour(line.strokeVariable)()}2e`,
        }),
      ),
    ],
    hooks: { setCursor: [(drawing) => latest.current.onPoint(drawing.cursor.idx ?? null)] },
  };
}
