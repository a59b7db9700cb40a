/** Wires the supervised ComfyUI: its process, what it says of itself, where its files lie, and when it may sleep. Decides nothing. */
import { join } from 'node:path';
import type { Status } from '../../contract/status.ts';
import { createComfyClient } from '../comfyui/client.ts';
import { inputFolderOf } from '../comfyui/comfy-folders.ts';
import { createHistoryStore } from '../comfyui/history-store.ts';
import { createNodeCatalogue } from '../comfyui/node-catalogue.ts';
import { outputFolderOf } from '../comfyui/output-folder.ts';
import { createQueueWatch } from '../comfyui/queue-watch.ts';
import { watchComfyVersion } from '../comfyui/version-watch.ts';
import { watchWebRoot } from '../comfyui/web-root-watch.ts';
import { simulatedInputFolder, simulatedOutputFolder } from '../demo.ts';
import { createActivityMeter } from '../idle/activity-meter.ts';
import { createIdleWatch } from '../idle/idle-watch.ts';
import { createKeepAwakeStore } from '../idle/keep-awake-store.ts';
import { createSupervisor } from '../supervisor/supervisor.ts';
import type { Ground } from './ground.ts';

export type Supervised = ReturnType<typeof wireSupervised>;

export function wireSupervised({ options, clock, closings, paths, log, processes, settings }: Ground) {
  const { demo, dataFolder, environment } = options;
  const supervisor = createSupervisor({
    settings: settings.current,
    dataFolder: paths.comfyFolder,
    clock,
    log: log.child({ room: 'supervisor' }),
    processes,
    environment,
    platform: process.platform,
    currentNode: () => queue.snapshot().current?.nodeType ?? null,
    random: Math.random,
  });
  closings.push(() => supervisor.close());
  const comfyVersion = watchComfyVersion(supervisor.log);
  const webRoot = watchWebRoot(supervisor.log);
  const client = createComfyClient({ address: supervisor.address, clock });
  closings.push(() => client.close());
  const meter = createActivityMeter(clock);
  const queue = createQueueWatch({
    supervisor,
    client,
    historyStore: createHistoryStore({ file: join(paths.comfyFolder, 'last-history.json'), log }),
    clock,
    log,
  });
  closings.push(() => queue.close());
  const idle = createIdleWatch({
    meter,
    queue,
    supervisor,
    freeVram: client.freeVram,
    settings,
    keepAwakeStore: createKeepAwakeStore({ file: join(dataFolder, 'keep-awake.json'), log }),
    clock,
    log,
  });
  closings.push(() => idle.close());

  return {
    supervisor,
    client,
    meter,
    queue,
    idle,
    catalogue: createNodeCatalogue({ file: join(paths.comfyFolder, 'node-catalogue.json'), log }),
    webRoot,
    inputFolder: (): string | null =>
      demo ? simulatedInputFolder(dataFolder) : inputFolderOf(settings.current().installation),
    outputFolder: (): string | null =>
      demo ? simulatedOutputFolder(dataFolder) : outputFolderOf(settings.current().installation),
    /** Its process and all it has started. */
    async pids(): Promise<number[]> {
      const state = supervisor.state();
      return state.kind === 'running' ? processes.tree.remaining(state.pid) : [];
    },
    installation(): Status['installation'] {
      const { commandLine, folder } = settings.current().installation;
      const label = demo ? 'Built-in simulator' : (commandLine ?? folder);
      return { configured: label !== null, label, comfyuiVersion: comfyVersion() };
    },
  };
}
