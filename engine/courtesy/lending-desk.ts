/** Puts the parts of the courtesy together: files, watchers, parking, and the supervisor as others may use it. Decides nothing. */
import { join } from 'node:path';
import type { QueueItemsClient } from '../comfyui/queue-items.ts';
import type { GpuMonitor } from '../gpu/monitor.ts';
import type { Journal } from '../jobs/journal.ts';
import type { ProcessTable } from '../supervisor/processes/process-table.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import { type Courtesy, type CourtesyDeps, createCourtesy } from './courtesy.ts';
import { createCourtesyStore } from './courtesy-store.ts';
import { guardSupervisor } from './guarded-supervisor.ts';
import { createParking } from './parking.ts';
import { createProgramWatch } from './program-watch.ts';
import { createVramWatch } from './vram-watch.ts';
import { createWithdrawals, type Withdrawals } from './withdrawals.ts';

export interface LendingDesk {
  readonly courtesy: Courtesy;
  readonly guarded: Supervisor;
  readonly withdrawals: Withdrawals;
  settingsChanged(): void;
}

export interface LendingDeskDeps
  extends Pick<CourtesyDeps, 'settings' | 'freeVram' | 'historySaved' | 'requestsInFlight' | 'tell' | 'clock' | 'log'> {
  /** Keeps who has the card. */
  readonly folder: string;
  readonly supervisor: Supervisor;
  readonly queueItems: QueueItemsClient;
  readonly journal: () => Journal;
  readonly table: Pick<ProcessTable, 'list'>;
  readonly comfyPids: () => Promise<readonly number[]>;
  readonly gpu: Pick<GpuMonitor, 'onReading' | 'watch' | 'snapshot'>;
  readonly platform: NodeJS.Platform;
  /** What must be let go of is added here. */
  readonly closings: (() => unknown)[];
}

export function createLendingDesk(deps: LendingDeskDeps): LendingDesk {
  const { folder, supervisor, settings, log } = deps;
  const withdrawals = createWithdrawals(deps.journal);
  const parking = createParking({ comfy: deps.queueItems, withdraw: withdrawals.add });
  const programs = createProgramWatch({ ...deps, listed: () => settings().programs, onChange: () => courtesy.look() });
  const vram = createVramWatch({
    limitBytes: () => settings().foreignVramGigabytes * 2 ** 30,
    gpu: deps.gpu,
    supervisor,
    onChange: () => courtesy.look(),
  });
  const courtesy = createCourtesy({
    ...deps,
    programs: programs.running,
    foreignVram: vram.isTooMuch,
    parking,
    keptPrompts: () => deps.journal().kept() + withdrawals.pagePrompts(),
    store: createCourtesyStore({ file: join(folder, 'courtesy.json'), log }),
  });
  deps.closings.push(courtesy.close, vram.close, programs.close);

  return {
    courtesy,
    guarded: guardSupervisor(supervisor, courtesy),
    withdrawals,
    settingsChanged() {
      programs.look();
      vram.look();
      courtesy.look();
    },
  };
}
