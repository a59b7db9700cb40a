/** Recorded GPU readings as the columns a plot draws, and as the words that say the same to someone who cannot see it. */
import type { GpuHistory } from '../../contract/gpu.ts';

export type GpuHistoryColumns = GpuHistory['gpus'][number];
export type Column = readonly (number | null)[];

/** Times in epoch seconds, strictly rising; every step that nobody measured is a null, so that the line breaks there. */
export interface Series {
  readonly times: readonly number[];
  readonly vramUsedBytes: Column;
  readonly vramComfyBytes: Column;
  readonly utilizationPercent: Column;
  readonly powerWatts: Column;
}

const COLUMNS = ['vramUsedBytes', 'vramComfyBytes', 'utilizationPercent', 'powerWatts'] as const;
export type ColumnName = (typeof COLUMNS)[number];

/** A step that comes this much later than the one before it left at least one out. */
const GAP_FACTOR = 1.5;

/** Puts a null wherever steps are missing, so that a plot never draws a line across a time nobody measured. */
export function seriesWithGaps(history: GpuHistoryColumns, stepSeconds: number): Series {
  const times: number[] = [];
  const columns: Record<ColumnName, (number | null)[]> = {
    vramUsedBytes: [],
    vramComfyBytes: [],
    utilizationPercent: [],
    powerWatts: [],
  };
  history.times.forEach((time, index) => {
    const previous = times.at(-1);
    if (previous !== undefined && time <= previous) return;
    if (previous !== undefined && time - previous > stepSeconds * GAP_FACTOR) {
      times.push(previous + stepSeconds);
      for (const name of COLUMNS) columns[name].push(null);
    }
    times.push(time);
    for (const name of COLUMNS) columns[name].push(history[name][index] ?? null);
  });
  return { times, ...columns };
}

export interface ColumnSummary {
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  /** The newest measured value. */
  readonly last: number;
}

/** Null when nothing was measured. */
export function summarize(column: Column): ColumnSummary | null {
  const measured = column.filter((value) => value !== null);
  const last = measured.at(-1);
  if (last === undefined) return null;
  let [minimum, maximum, sum] = [last, last, 0];
  for (const value of measured) {
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    sum += value;
  }
  return { minimum, maximum, mean: sum / measured.length, last };
}

/** Indices of measured values without a measured neighbour. */
export function isolatedPoints(column: ArrayLike<number | null | undefined>): number[] {
  const isMeasured = (index: number): boolean => column[index] !== null && column[index] !== undefined;
  return Array.from({ length: column.length }, (_unused, index) => index).filter(
    (index) => isMeasured(index) && !isMeasured(index - 1) && !isMeasured(index + 1),
  );
}

/** The window a plot shows, in epoch seconds: always the whole hour or day, so that an empty part is seen as empty. */
export function plotWindow(range: GpuHistory['range'], nowMs: number): readonly [number, number] {
  const end = nowMs / 1000;
  return [end - (range === 'hour' ? 3600 : 86_400), end];
}

/** A round upper end for an axis that starts at zero: 1, 2 or 5 times a power of ten, at least `least`. */
export function niceMaximum(value: number, least: number): number {
  const wanted = Math.max(value, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= wanted) ?? 10;
  return factor * power;
}
