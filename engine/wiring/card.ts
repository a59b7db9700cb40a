/** Wires the graphics card: what it does now and did before, what sleeping saves of it, and who has it. Decides nothing. */
import { join } from 'node:path';
import { createQueueItemsClient } from '../comfyui/queue-items.ts';
import { createLendingDesk } from '../courtesy/lending-desk.ts';
import { createGpuHistory } from '../gpu/history.ts';
import { machineGpuSources } from '../gpu/machine-sources.ts';
import { createGpuMonitor } from '../gpu/monitor.ts';
import type { Journal } from '../jobs/journal.ts';
import { createSavingsWatch } from '../savings/savings-watch.ts';
import type { Ground } from './ground.ts';
import type { Supervised } from './supervised.ts';

export type Card = ReturnType<typeof wireCard>;

/** @param journal is asked for later than this is wired */
export function wireCard(ground: Ground, supervised: Supervised, journal: () => Journal) {
  const { options, clock, closings, paths, log, settings, database, happenings, tellProblem } = ground;
  const { supervisor, client, meter, queue } = supervised;
  const gpu = createGpuMonitor({
    clock,
    log,
    settings: () => settings.current().gpu,
    ...machineGpuSources({
      clock,
      comfyPids: async () => new Set(await supervised.pids()),
      readSystemStats: async () => (supervisor.address() === null ? null : client.systemStats()),
      onlySystemStats: options.demo,
    }),
  });
  closings.push(() => gpu.close());
  const history = createGpuHistory({ database, clock, onProblem: tellProblem });
  closings.push(() => history.close());
  gpu.onReading(history.record);

  const savings = createSavingsWatch({
    file: join(options.dataFolder, 'savings.json'),
    occupation() {
      const { kind } = supervisor.state();
      if (kind === 'stopped') return supervised.installation().configured ? 'asleep' : 'other';
      const { running, pending } = queue.snapshot();
      return kind === 'running' && running + pending === 0 ? 'idle' : 'other';
    },
    gpu: gpu.snapshot,
    clock,
    log,
  });
  closings.push(() => savings.close());

  const queueItems = createQueueItemsClient(supervisor.address);
  closings.push(() => queueItems.close());
  const lendingDesk = createLendingDesk({
    folder: paths.comfyFolder,
    supervisor,
    settings: () => settings.current().courtesy,
    queueItems,
    journal,
    requestsInFlight: () => meter.snapshot().inFlight.request + meter.snapshot().inFlight.upload,
    freeVram: client.freeVram,
    historySaved: queue.refresh,
    table: ground.processes.table,
    comfyPids: supervised.pids,
    gpu,
    tell: (level, message) => happenings.add('courtesy', level, message),
    platform: process.platform,
    clock,
    log: log.child({ room: 'courtesy' }),
    closings,
  });
  return { gpu, history, savings, ...lendingDesk };
}
