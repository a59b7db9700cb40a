/** Puts together how the supervisor sees and touches the processes of this machine. The only file that knows all of these parts. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../platform/log.ts';
import { type Probe, probeSystemStats } from './health/stats-probe.ts';
import { createCpuTime, type ReadCpuSeconds } from './processes/cpu-time.ts';
import { createStartLifeline, type StartLifeline } from './processes/lifeline.ts';
import { createProcessRecords, type ProcessRecords } from './processes/orphans.ts';
import { createProcessTable, type SearchableProcessTable } from './processes/process-table.ts';
import { createProcessTree, type ProcessTree } from './processes/process-tree.ts';

/** How the supervisor sees and touches the processes of this machine. */
export interface Processes {
  readonly table: SearchableProcessTable;
  readonly tree: ProcessTree;
  readonly records: ProcessRecords;
  readonly recordFile: string;
  readonly startLifeline: StartLifeline;
  readonly readCpuSeconds: ReadCpuSeconds;
  readonly probe: Probe;
  /** Keeps the engine alive meanwhile, unlike the timers of Clock. */
  readonly wait: (delayMs: number) => Promise<void>;
}

/** @param dataFolder must exist; keeps the record of the process */
export function createProcesses(deps: {
  readonly dataFolder: string;
  readonly log: Log;
  readonly platform: NodeJS.Platform;
}): Processes {
  const { log, platform } = deps;
  const recordFile = join(deps.dataFolder, 'process.json');
  const table = createProcessTable(platform);
  const records = createProcessRecords({ file: recordFile, table });
  return {
    table,
    records,
    recordFile,
    tree: createProcessTree({ table, records }),
    startLifeline: createStartLifeline({ log, platform }),
    readCpuSeconds: createCpuTime(platform),
    probe: probeSystemStats,
    wait: (delayMs) => sleep(delayMs),
  };
}
