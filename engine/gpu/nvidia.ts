/**
 * GPU readings from nvidia-smi: looping queries, never a process per sample.
 * One loop for the cards, one for the memory of processes, and where cards are split into MIG devices one for those.
 */
import type { GpuReading } from '../../contract/gpu.ts';
import type { Clock } from '../platform/clock.ts';
import type { ComfyPids } from './comfy-pids.ts';
import { createMigWatch, type NamedMigDevice } from './nvidia-mig-watch.ts';
import {
  addProcessRow,
  comfyMemory,
  forgetSilentGpus,
  NO_PROCESSES,
  PROCESS_QUERY,
  type ProcessTable,
  parseProcessRow,
} from './nvidia-process-memory.ts';
import {
  addRow,
  EMPTY_SAMPLE,
  explainNvidiaFailure,
  GPU_QUERY,
  type NvidiaRow,
  parseGpuRow,
  type Sample,
} from './nvidia-rows.ts';
import { createSmiLoop, type LoopPlan, type LoopTrouble } from './smi-loop.ts';
import type { GpuSource, SourceReport } from './source.ts';

export interface NvidiaSourceDeps {
  /** Where nvidia-smi lies. */
  readonly command: string;
  readonly clock: Clock;
  readonly comfyPids: ComfyPids;
}

/** A card under full load answers late, but not this late. */
const LEAST_SILENCE_MS = 5000;
const FIRST_LINE_MS = 20_000;
/** What ComfyUI holds changes with the models it loads, not with every sample. */
const LEAST_PROCESS_PERIOD_MS = 5000;

interface Watch {
  readonly report: (report: SourceReport) => void;
  readonly processPeriodMs: number;
  sample: Sample;
  processes: ProcessTable;
  comfyWasListed: boolean;
  measured: boolean;
}

/** One watch at a time. The loops live as long as the source, so that a process that will not end is never joined by another. */
export function createNvidiaSource({ command, clock, comfyPids }: NvidiaSourceDeps): GpuSource {
  let watch: Watch | null = null;
  const mig = createMigWatch({ command, clock });

  const cards = createSmiLoop({
    command,
    clock,
    onLine(line) {
      const row = parseGpuRow(line);
      if (!row || !watch) return false;
      const { sample, finished } = addRow(watch.sample, row);
      watch.sample = sample;
      if (finished) publish(watch, finished);
      return true;
    },
    onTrouble(trouble) {
      if (!watch) return;
      watch.sample = EMPTY_SAMPLE;
      if (trouble.kind === 'hang') {
        void memory.stop();
        memory.start(memoryPlan(watch.processPeriodMs));
      }
      watch.report(troubleReport(trouble, watch.measured));
    },
  });

  const memory = createSmiLoop({
    command,
    clock,
    onLine(line) {
      const row = parseProcessRow(line);
      if (row && watch) watch.processes = addProcessRow(watch.processes, row, clock.monotonic());
      return row !== null;
    },
    // Said by the loop of the cards already; without rows the memory is simply not told.
    onTrouble: () => undefined,
  });

  function publish(current: Watch, finished: Sample): void {
    current.measured = true;
    if (finished.rows.some(({ split }) => split)) mig.start();
    current.processes = forgetSilentGpus(current.processes, clock.monotonic() - 2.5 * current.processPeriodMs);
    const pids = comfyPids.known();
    const held = pids && comfyMemory(current.processes, pids, current.comfyWasListed);
    current.comfyWasListed = held?.comfyIsListed ?? current.comfyWasListed;
    const gpus = finished.rows.flatMap((row) => {
      const devices = row.split ? mig.devicesOf(row.uuid) : [];
      if (devices.length > 0) return splitCard(row, devices, held?.told ? pids : null);
      return [reading(row, held?.bytesOn(row.uuid) ?? null)];
    });
    current.report({ kind: 'readings', source: 'nvidia-smi', gpus, note: missingCards(finished) });
  }

  return {
    start(periodMs, report) {
      const processPeriodMs = Math.max(periodMs, LEAST_PROCESS_PERIOD_MS);
      watch = {
        report,
        processPeriodMs,
        sample: EMPTY_SAMPLE,
        processes: NO_PROCESSES,
        comfyWasListed: false,
        measured: false,
      };
      cards.start({
        args: [...GPU_QUERY, '-lms', String(periodMs)],
        limits: { silenceMs: Math.max(3 * periodMs, LEAST_SILENCE_MS), firstLineMs: FIRST_LINE_MS },
      });
      memory.start(memoryPlan(processPeriodMs));
      return async () => {
        watch = null;
        await Promise.all([cards.stop(), memory.stop(), mig.stop()]);
      };
    },
  };
}

const memoryPlan = (processPeriodMs: number): LoopPlan => ({
  args: [...PROCESS_QUERY, '-lms', String(processPeriodMs)],
  limits: { silenceMs: null, firstLineMs: FIRST_LINE_MS },
});

function troubleReport({ kind, words }: LoopTrouble, measured: boolean): SourceReport {
  if (kind === 'exit') return { kind: measured ? 'trouble' : 'unusable', message: explainNvidiaFailure(words) };
  const said = words ? ` It said: ${words}` : '';
  return { kind: 'trouble', message: `nvidia-smi stopped answering; Stoker ended it and tries again.${said}` };
}

function missingCards({ rows, complete }: Sample): string | null {
  if (complete) return null;
  return `${rows.length} of ${rows[0]?.count ?? 0} GPUs answer: the driver may have lost one. Restarting the computer brings it back.`;
}

const reading = (row: NvidiaRow, vramComfyBytes: number | null): GpuReading => ({
  id: row.uuid,
  index: row.index,
  name: row.name,
  vendor: 'nvidia',
  vramTotalBytes: row.vramTotalBytes,
  vramUsedBytes: row.vramUsedBytes,
  vramComfyBytes,
  utilizationPercent: row.utilizationPercent,
  temperatureCelsius: row.temperatureCelsius,
  powerWatts: row.powerWatts,
});

/** The card keeps what belongs to the board, the slices have the memory: whoever adds up the list counts nothing twice. */
function splitCard(
  row: NvidiaRow,
  devices: readonly NamedMigDevice[],
  comfyPids: ReadonlySet<number> | null,
): GpuReading[] {
  const board = { ...reading(row, null), name: `${row.name} (split)`, vramTotalBytes: null, vramUsedBytes: null };
  const slices = devices.map((device) => ({
    ...reading(row, heldIn(device, comfyPids)),
    id: device.name?.uuid ?? `${row.uuid}/mig-${device.index}`,
    name: `${row.name} MIG ${device.name?.profile ?? device.index}`,
    vramTotalBytes: device.vramTotalBytes,
    vramUsedBytes: device.vramUsedBytes,
    utilizationPercent: null,
    temperatureCelsius: null,
    powerWatts: null,
  }));
  return [board, ...slices];
}

function heldIn({ processes }: NamedMigDevice, comfyPids: ReadonlySet<number> | null): number | null {
  if (!comfyPids) return null;
  let bytes = 0;
  for (const { pid, usedBytes } of processes) {
    if (!comfyPids.has(pid)) continue;
    if (usedBytes === null) return null;
    bytes += usedBytes;
  }
  return bytes;
}
