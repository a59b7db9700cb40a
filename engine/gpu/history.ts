/**
 * Keeps what was measured of each card for a day: averages over half-minute steps, one small transaction a step.
 * It must not stop the engine: what cannot be written is held for a while, and said.
 */
import type { GpuHistory, GpuHistoryRange, GpuSnapshot } from '../../contract/gpu.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { Database, Row } from '../platform/database.ts';
import {
  addReading,
  addValues,
  averages,
  averagesOf,
  type GpuStep,
  type Measure,
  mapMeasures,
  NOTHING_TOLD,
  stepStart,
  type Totals,
} from './history-steps.ts';

export interface GpuHistoryStore {
  /** Takes a reading into the running step. The same reading twice counts once. */
  record(snapshot: GpuSnapshot): void;
  /** @param now epoch milliseconds; the last step of each column contains it and may still be running */
  query(range: GpuHistoryRange, now: number): GpuHistory;
  /** Writes what is held. The database stays open: it belongs to the caller. */
  close(): void;
}

export interface GpuHistoryDeps {
  readonly database: Database;
  readonly clock: Clock;
  /** Called once when the history cannot be written or read, and again only after it has worked in between. */
  readonly onProblem: (message: string) => void;
}

const STEP_SECONDS = 30;
const RANGES: Readonly<Record<GpuHistoryRange, { readonly stepSeconds: number; readonly spanSeconds: number }>> = {
  hour: { stepSeconds: STEP_SECONDS, spanSeconds: 3600 },
  day: { stepSeconds: 600, spanSeconds: 86_400 },
};
const KEPT_SECONDS = 25 * 3600;
/** Steps that could not be written and are tried again with the next one. */
const MOST_HELD_STEPS = 120;

interface Column {
  readonly name: string;
  readonly vramTotalBytes: number | null;
  readonly totalsByStep: Map<number, Totals>;
}

export function createGpuHistory({ database, clock, onProblem }: GpuHistoryDeps): GpuHistoryStore {
  const sql = prepare(database);
  /** By the start of the step: the running one, and earlier ones that are not written yet. */
  const held = new Map<number, Map<string, GpuStep>>();
  let lastReadingAt = Number.NEGATIVE_INFINITY;
  const failing = new Set<'read' | 'write'>();
  let cancelSaving: CancelTimer = () => undefined;

  function attempt(what: 'read' | 'write', work: () => void): void {
    try {
      work();
      failing.delete(what);
    } catch (error) {
      if (!failing.has(what)) onProblem(`Stoker cannot ${what} the GPU history at the moment: ${messageOf(error)}.`);
      failing.add(what);
    }
  }

  /** Writes the held steps that begin before `end` (epoch seconds), all or none. */
  function saveStepsBefore(end: number): void {
    const due = [...held].filter(([stepAt]) => stepAt < end);
    if (due.length === 0) return;
    attempt('write', () => {
      database.transaction(() => {
        for (const [stepAt, steps] of due) for (const step of steps.values()) saveStep(stepAt, step);
        // A clock that was set back leaves steps in the future; no later step would ever replace them.
        const nowSeconds = clock.now() / 1000;
        sql.pruneSteps.run(nowSeconds - KEPT_SECONDS, nowSeconds + KEPT_SECONDS);
        sql.pruneGpus.run();
      });
      for (const [stepAt] of due) held.delete(stepAt);
    });
    for (const stepAt of [...held.keys()].slice(0, Math.max(0, held.size - MOST_HELD_STEPS))) held.delete(stepAt);
  }

  function saveStep(stepAt: number, step: GpuStep): void {
    const key = sql.saveGpu.get(step.id, step.name, step.vramTotalBytes)?.key ?? null;
    const { vramUsedBytes, vramComfyBytes, utilizationPercent, powerWatts } = averages(step);
    sql.saveStep.run(stepAt, key, vramUsedBytes, vramComfyBytes, utilizationPercent, powerWatts);
  }

  function columnsBetween(first: number, end: number, stepSeconds: number): Map<string, Column> {
    const columns = new Map<string, Column>();
    const columnOf = (id: string, name: string, vramTotalBytes: number | null): Column => {
      const column = columns.get(id) ?? { name, vramTotalBytes, totalsByStep: new Map() };
      columns.set(id, column);
      return column;
    };
    attempt('read', () => {
      for (const row of sql.read.all(stepSeconds, first, end)) {
        columnOf(String(row.id), String(row.name), numberOrNull(row.vram_total_bytes)).totalsByStep.set(
          Number(row.at),
          totalsFromRow(row),
        );
      }
    });
    for (const [stepAt, steps] of held) {
      if (stepAt < first || stepAt >= end) continue;
      const at = stepStart(stepAt, stepSeconds);
      for (const step of steps.values()) {
        const { totalsByStep } = columnOf(step.id, step.name, step.vramTotalBytes);
        totalsByStep.set(at, addValues(totalsByStep.get(at) ?? NOTHING_TOLD, averages(step)));
      }
    }
    return columns;
  }

  return {
    record(snapshot) {
      if (snapshot.at === lastReadingAt || snapshot.gpus.length === 0) return;
      lastReadingAt = snapshot.at;
      const stepAt = stepStart(snapshot.at / 1000, STEP_SECONDS);
      const running = held.get(stepAt);
      const steps = running ?? new Map<string, GpuStep>();
      for (const reading of snapshot.gpus) steps.set(reading.id, addReading(steps.get(reading.id), reading));
      held.set(stepAt, steps);
      if (running) return;
      saveStepsBefore(stepAt);
      cancelSaving();
      // Measuring may stop within the step: then no later reading would have it written.
      cancelSaving = clock.after((stepAt + STEP_SECONDS) * 1000 - clock.now(), () => {
        saveStepsBefore(Number.POSITIVE_INFINITY);
      });
    },

    query(range, now) {
      const { stepSeconds, spanSeconds } = RANGES[range];
      const end = stepStart(now / 1000, stepSeconds) + stepSeconds;
      const first = end - spanSeconds;
      const times = Array.from({ length: spanSeconds / stepSeconds }, (_, index) => first + index * stepSeconds);
      const gpus = [...columnsBetween(first, end, stepSeconds)].map(([id, { name, vramTotalBytes, totalsByStep }]) => {
        const values = times.map((time) => averagesOf(totalsByStep.get(time) ?? NOTHING_TOLD));
        const column = (measure: Measure) => values.map((value) => value[measure]);
        return { id, name, vramTotalBytes, times: [...times], ...mapMeasures(column) };
      });
      return { range, stepSeconds, gpus };
    },

    close() {
      cancelSaving();
      saveStepsBefore(Number.POSITIVE_INFINITY);
    },
  };
}

function prepare(database: Database) {
  return {
    saveGpu: database.prepare(`
      INSERT INTO gpu (id, name, vram_total_bytes) VALUES (?1, ?2, ?3)
      ON CONFLICT (id) DO UPDATE SET name = ?2, vram_total_bytes = coalesce(?3, vram_total_bytes)
      RETURNING key`),
    saveStep: database.prepare('INSERT OR REPLACE INTO gpu_step VALUES (?, ?, ?, ?, ?, ?)'),
    pruneSteps: database.prepare('DELETE FROM gpu_step WHERE step_at < ? OR step_at > ?'),
    pruneGpus: database.prepare('DELETE FROM gpu WHERE NOT EXISTS (SELECT 1 FROM gpu_step WHERE gpu_key = gpu.key)'),
    read: database.prepare(`
      SELECT gpu.id, gpu.name, gpu.vram_total_bytes, step_at - step_at % ? AS at,
        total(vram_used_bytes) AS vram_used_sum, count(vram_used_bytes) AS vram_used_count,
        total(vram_comfy_bytes) AS vram_comfy_sum, count(vram_comfy_bytes) AS vram_comfy_count,
        total(utilization_percent) AS utilization_sum, count(utilization_percent) AS utilization_count,
        total(power_watts) AS power_sum, count(power_watts) AS power_count
      FROM gpu_step JOIN gpu ON gpu.key = gpu_key
      WHERE step_at >= ? AND step_at < ?
      GROUP BY gpu.key, at
      ORDER BY gpu.key`),
  };
}

function totalsFromRow(row: Row): Totals {
  return {
    vramUsedBytes: { sum: Number(row.vram_used_sum), count: Number(row.vram_used_count) },
    vramComfyBytes: { sum: Number(row.vram_comfy_sum), count: Number(row.vram_comfy_count) },
    utilizationPercent: { sum: Number(row.utilization_sum), count: Number(row.utilization_count) },
    powerWatts: { sum: Number(row.power_sum), count: Number(row.power_count) },
  };
}

const numberOrNull = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
