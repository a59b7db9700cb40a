/** The tables of the GPU history in the engine's database. */
import type { Migration } from '../platform/database-migrations.ts';

/**
 * One row per card and step, with the averages of what was measured in it; a step without a row is a gap.
 * Memory is kept in bytes, `step_at` in epoch seconds.
 */
export const GPU_HISTORY_MIGRATIONS: readonly Migration[] = [
  {
    id: 1,
    sql: `
    CREATE TABLE gpu (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      vram_total_bytes REAL
    ) STRICT;
    CREATE TABLE gpu_step (
      step_at INTEGER NOT NULL,
      gpu_key INTEGER NOT NULL REFERENCES gpu (key) ON DELETE CASCADE,
      vram_used_bytes REAL,
      vram_comfy_bytes REAL,
      utilization_percent REAL,
      power_watts REAL,
      PRIMARY KEY (step_at, gpu_key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX gpu_step_by_gpu ON gpu_step (gpu_key);
  `,
  },
];
