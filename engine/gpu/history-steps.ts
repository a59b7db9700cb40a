/** Averages readings over steps of time. A value nobody told stays null and never counts as zero. Pure. */
import type { GpuReading } from '../../contract/gpu.ts';

export type Measure = 'vramUsedBytes' | 'vramComfyBytes' | 'utilizationPercent' | 'powerWatts';
export type Averages = Readonly<Record<Measure, number | null>>;

export interface Total {
  readonly sum: number;
  readonly count: number;
}
export type Totals = Readonly<Record<Measure, Total>>;

/** What was measured of one card within one step. */
export interface GpuStep {
  readonly id: string;
  readonly name: string;
  readonly vramTotalBytes: number | null;
  readonly totals: Totals;
}

/** Where the step that contains `atSeconds` begins, in epoch seconds. */
export const stepStart = (atSeconds: number, stepSeconds: number): number =>
  Math.floor(atSeconds / stepSeconds) * stepSeconds;

export const NOTHING_TOLD: Totals = {
  vramUsedBytes: { sum: 0, count: 0 },
  vramComfyBytes: { sum: 0, count: 0 },
  utilizationPercent: { sum: 0, count: 0 },
  powerWatts: { sum: 0, count: 0 },
};

/** The step with one reading more; the newest name and size win. */
export function addReading(step: GpuStep | undefined, reading: GpuReading): GpuStep {
  return {
    id: reading.id,
    name: reading.name,
    vramTotalBytes: reading.vramTotalBytes ?? step?.vramTotalBytes ?? null,
    totals: addValues(step?.totals ?? NOTHING_TOLD, reading),
  };
}

export const averages = (step: GpuStep): Averages => averagesOf(step.totals);

/** Null where nothing was told. */
export function averagesOf(totals: Totals): Averages {
  return mapMeasures((measure) => (totals[measure].count === 0 ? null : totals[measure].sum / totals[measure].count));
}

export function addValues(totals: Totals, values: Averages): Totals {
  return mapMeasures((measure) => {
    const value = values[measure];
    const { sum, count } = totals[measure];
    return value === null ? { sum, count } : { sum: sum + value, count: count + 1 };
  });
}

export function mapMeasures<Value>(value: (measure: Measure) => Value): Record<Measure, Value> {
  return {
    vramUsedBytes: value('vramUsedBytes'),
    vramComfyBytes: value('vramComfyBytes'),
    utilizationPercent: value('utilizationPercent'),
    powerWatts: value('powerWatts'),
  };
}
