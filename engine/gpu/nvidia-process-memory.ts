/**
 * How much memory ComfyUI's own processes hold on each NVIDIA card.
 *
 * `--query-compute-apps` is the source: it works on split (MIG) cards, where `pmon` reports no memory, and is one CSV row per process
 * without a name to escape. On Windows with a display (WDDM) the driver tells no process's memory (`[N/A]`): that stays null.
 * Inside a container the driver may list no process at all: memory counts as told only once one of ComfyUI's own pids was seen.
 */
import { parseMib } from './smi-number.ts';

export const PROCESS_QUERY = [
  '--query-compute-apps=timestamp,gpu_uuid,pid,used_gpu_memory',
  '--format=csv,noheader,nounits',
] as const;

export interface ProcessRow {
  /** As printed; the rows of one card and one sample share it. */
  readonly sampledAt: string;
  readonly gpuUuid: string;
  readonly pid: number;
  readonly usedBytes: number | null;
}

/** Null for a line that is no row, and for a process whose pid is not told. */
export function parseProcessRow(line: string): ProcessRow | null {
  const [sampledAt, gpuUuid, pid, used] = line.trim().split(', ');
  if (!sampledAt || !gpuUuid?.startsWith('GPU-') || !pid || !/^\d{1,10}$/.test(pid) || used === undefined) return null;
  return { sampledAt, gpuUuid, pid: Number(pid), usedBytes: parseMib(used) };
}

/** The newest rows of each card. A sample without processes prints nothing, so rows also age away. */
export interface ProcessTable {
  readonly byGpu: ReadonlyMap<string, { readonly rows: readonly ProcessRow[]; readonly heardAtMs: number }>;
}

export const NO_PROCESSES: ProcessTable = { byGpu: new Map() };

export function addProcessRow(table: ProcessTable, row: ProcessRow, nowMs: number): ProcessTable {
  const known = table.byGpu.get(row.gpuUuid);
  // A process holds one context per card: when it is named again, another sample has begun, whatever the time stamp says.
  const sameSample = known?.rows.every(({ sampledAt, pid }) => sampledAt === row.sampledAt && pid !== row.pid);
  const rows = known && sameSample ? [...known.rows, row] : [row];
  return { byGpu: new Map(table.byGpu).set(row.gpuUuid, { rows, heardAtMs: nowMs }) };
}

export function forgetSilentGpus(table: ProcessTable, oldestMs: number): ProcessTable {
  const fresh = [...table.byGpu].filter(([, { heardAtMs }]) => heardAtMs >= oldestMs);
  return fresh.length === table.byGpu.size ? table : { byGpu: new Map(fresh) };
}

export interface ComfyMemory {
  /** True once a process of ComfyUI was listed: from then on a card without one really holds nothing of it. */
  readonly comfyIsListed: boolean;
  /** Whether a card without a row of ComfyUI holds nothing of it, rather than not telling. */
  readonly told: boolean;
  /** Null when the driver does not tell. */
  bytesOn(gpuUuid: string): number | null;
}

/** @param wasListed whether a process of ComfyUI was listed earlier in this watch */
export function comfyMemory(table: ProcessTable, comfyPids: ReadonlySet<number>, wasListed: boolean): ComfyMemory {
  const ours = [...table.byGpu.values()].flatMap(({ rows }) => rows).filter(({ pid }) => comfyPids.has(pid));
  const comfyIsListed = wasListed || ours.length > 0;
  const told = comfyIsListed || comfyPids.size === 0;
  return {
    comfyIsListed,
    told,
    bytesOn(gpuUuid) {
      if (!told) return null;
      let bytes = 0;
      for (const row of ours) {
        if (row.gpuUuid !== gpuUuid) continue;
        if (row.usedBytes === null) return null;
        bytes += row.usedBytes;
      }
      return bytes;
    },
  };
}
