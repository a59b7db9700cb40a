/** What the history draws of a card: which measures, with which lines, up to which value, and the same in words. */
import { words } from '../words.ts';
import { formatPercent, formatPower, formatVram } from './format.ts';
import { type Column, niceMaximum, type Series, summarize } from './history-series.ts';

export interface PlotLine {
  readonly values: Column;
  /** Name of a custom property of the style sheet. */
  readonly strokeVariable: string;
}

export interface Measure {
  readonly name: string;
  readonly lines: readonly PlotLine[];
  /** The line that the words are about. */
  readonly main: Column;
  readonly maximum: number;
  readonly format: (value: number) => string;
  readonly formatTick: (value: number) => string;
  readonly head: string;
  /** More than one line: they need to be told apart. */
  readonly hasKey: boolean;
}

const isMeasured = (column: Column): boolean => column.some((value) => value !== null);

/** What was never measured on this card (power on a laptop, memory of ComfyUI on Windows) has no drawing. */
export function measuresOf(series: Series, vramTotalBytes: number | null): Measure[] {
  const used = summarize(series.vramUsedBytes);
  const utilization = summarize(series.utilizationPercent);
  const power = summarize(series.powerWatts);
  const byComfy = isMeasured(series.vramComfyBytes);
  const measures: Measure[] = [];
  if (used !== null) {
    measures.push({
      name: words.gpu.vram,
      lines: [
        { values: series.vramUsedBytes, strokeVariable: '--vram-others' },
        ...(byComfy ? [{ values: series.vramComfyBytes, strokeVariable: '--vram-comfy' }] : []),
      ],
      main: series.vramUsedBytes,
      maximum: vramTotalBytes ?? niceMaximum(used.maximum, 2 ** 30),
      format: formatVram,
      formatTick: (bytes) => formatVram(bytes, { unit: false }).replace(/[.,]0$/, ''),
      head:
        vramTotalBytes === null
          ? words.history.peak(formatVram(used.maximum))
          : words.history.peakOf(formatVram(used.maximum, { unit: false }), formatVram(vramTotalBytes)),
      hasKey: byComfy,
    });
  }
  if (utilization !== null) {
    measures.push({
      name: words.gpu.utilization,
      lines: [{ values: series.utilizationPercent, strokeVariable: '--ink-muted' }],
      main: series.utilizationPercent,
      maximum: 100,
      format: formatPercent,
      formatTick: formatPercent,
      head: words.history.mean(formatPercent(utilization.mean)),
      hasKey: false,
    });
  }
  if (power !== null) {
    measures.push({
      name: words.gpu.power,
      lines: [{ values: series.powerWatts, strokeVariable: '--ink-muted' }],
      main: series.powerWatts,
      maximum: niceMaximum(power.maximum, 50),
      format: formatPower,
      formatTick: formatPower,
      head: `${words.history.mean(formatPower(power.mean))}, ${words.history.peak(formatPower(power.maximum))}`,
      hasKey: false,
    });
  }
  return measures;
}

export function valueWords(measure: Measure, point: number): string {
  const value = measure.main[point];
  return value === null || value === undefined ? words.history.gap : measure.format(value);
}

export function summaryWords(measure: Measure, range: string): string {
  const summary = summarize(measure.main);
  if (summary === null) return words.history.nothing(measure.name, range);
  const { minimum, maximum, mean, last } = summary;
  const [low, high, middle, newest] = [minimum, maximum, mean, last].map(measure.format);
  return words.history.summary(measure.name, range, low ?? '', high ?? '', middle ?? '', newest ?? '');
}
