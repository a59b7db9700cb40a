/** Puts the parts together: folders, nodes, queue, runner, routes, server. The only file that knows all of them. */
import { statSync } from 'node:fs';
import { createPromptQueue } from './execution/prompt-queue.ts';
import { createPromptRunner, type PromptRunner } from './execution/prompt-runner.ts';
import { createVideoMemory } from './execution/video-memory.ts';
import { createMessageHub } from './http/message-hub.ts';
import { promptRoutes } from './http/prompt-routes.ts';
import { createRouteTable } from './http/route-table.ts';
import { createHttpServer } from './http/server.ts';
import { simulationRoutes } from './http/simulation-routes.ts';
import { serverFeatures, systemRoutes } from './http/system-routes.ts';
import { uploadRoutes } from './http/upload-routes.ts';
import { userRoutes } from './http/user-routes.ts';
import { viewRoutes } from './http/view-routes.ts';
import { createImageWorkshop } from './images/image-workshop.ts';
import { declaredNodes } from './nodes/declared-nodes.ts';
import { imageNodes } from './nodes/image-nodes.ts';
import { labNodes } from './nodes/lab-nodes.ts';
import { modelNodes } from './nodes/model-nodes.ts';
import { createNodeCatalogue } from './nodes/node-catalogue.ts';
import { savingNodes } from './nodes/saving-nodes.ts';
import { frontEndRoutes } from './page/front-end-root.ts';
import { pageRoutes } from './page/page-routes.ts';
import type { SimulatorArguments } from './process/arguments.ts';
import { loadedCustomNodes } from './process/boot-log.ts';
import type { Crash } from './process/crash.ts';
import type { Folders } from './process/folders.ts';
import type { ProcessLog } from './process/process-log.ts';

export interface ComfyuiParts {
  options: SimulatorArguments;
  folders: Folders;
  log: ProcessLog;
  /** The file a worker thread is started from. */
  entry: URL;
  crash(how: Crash): void;
  restart?: () => void;
}

export interface Comfyui {
  /** Rejects when the address cannot be bound. */
  listen(address: string, port: number): Promise<void>;
  hang(): void;
}

export function createComfyui({ options, folders, log, entry, crash, restart }: ComfyuiParts): Comfyui {
  const { cpu, maxUploadBytes, simulation } = options;
  const workshop = createImageWorkshop(entry);
  const context = { folders, workshop, embedMetadata: !options.disableMetadata };
  const hasLabNodes = loadedCustomNodes(options).includes('lab_nodes');
  const catalogue = createNodeCatalogue([
    ...imageNodes(context),
    ...savingNodes(context),
    ...modelNodes(context),
    ...(hasLabNodes ? labNodes(context) : []),
    ...(options.disableAllCustomNodes ? [] : declaredNodes(folders.customNodes)),
  ]);
  const memory = createVideoMemory(cpu ? 0 : simulation.vramTotalBytes);

  // The hub asks the runner, the runner talks through the hub, and both look at the queue.
  const queueInfo = () => ({ exec_info: { queue_remaining: queue.remaining() } });
  const hub = createMessageHub({
    queueInfo,
    features: () => serverFeatures(maxUploadBytes),
    executingNode: (clientId) => runner.executingNode(clientId),
    warn: (message) => log.print(message),
  });
  const queue = createPromptQueue(
    () => hub.publish('status', { status: queueInfo() }, undefined),
    () => runner.wake(),
  );
  const runner: PromptRunner = createPromptRunner({ queue, hub, catalogue, memory, log, loadMs: simulation.loadMs });

  const levers = { hang: () => server.hang(), crash, ...(restart ? { restart } : {}) };
  const server = createHttpServer({
    hub,
    log,
    maxBodyBytes: maxUploadBytes,
    routes: createRouteTable([
      ...promptRoutes({ queue, runner, catalogue, log }),
      ...systemRoutes({ folders, catalogue, memory, hub, log, cpu, maxUploadBytes }),
      ...viewRoutes(folders, workshop),
      ...uploadRoutes(folders, workshop),
      ...userRoutes(folders.user),
      ...simulationRoutes(levers),
      ...(options.frontEndRoot === undefined
        ? pageRoutes(statSync(entry).mtime)
        : frontEndRoutes(options.frontEndRoot)),
    ]),
  });
  return { listen: server.listen, hang: server.hang };
}
