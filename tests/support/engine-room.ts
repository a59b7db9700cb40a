/**
 * The rooms that make sleep and wake, wired as the engine wires them, over a real supervisor and real ComfyUI processes:
 * relay, queue watch, idle watch and meter. A prompt takes the path that the gateway takes with a held request.
 */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import type { Settings } from '../../contract/settings.ts';
import { createComfyClient } from '../../engine/comfyui/client.ts';
import { createHistoryStore } from '../../engine/comfyui/history-store.ts';
import { createQueueWatch, type QueueWatch } from '../../engine/comfyui/queue-watch.ts';
import { createSocketRelay, type SocketRelay } from '../../engine/gateway/websocket.ts';
import { type ActivityMeter, createActivityMeter } from '../../engine/idle/activity-meter.ts';
import { createIdleWatch, type IdleWatch } from '../../engine/idle/idle-watch.ts';
import { createKeepAwakeStore } from '../../engine/idle/keep-awake-store.ts';
import { systemClock } from '../../engine/platform/clock.ts';
import { silentLog } from '../../engine/platform/log.ts';
import { endSupervised, type Supervised, supervise } from './supervised-comfyui.ts';
import type { Workflow } from './workflows.ts';

export interface EngineRoom extends Pick<Supervised, 'supervisor' | 'transitions' | 'reach' | 'entered' | 'post'> {
  readonly relay: SocketRelay;
  readonly queue: QueueWatch;
  readonly idle: IdleWatch;
  readonly meter: ActivityMeter;
  /** `ws://127.0.0.1:port` of the relay. */
  readonly url: string;
  /** What the idle policy goes by; takes effect at once. */
  setIdle(idle: Partial<Settings['idle']>): void;
  /** Wakes ComfyUI when it sleeps and submits the prompt. */
  submit(workflow: Workflow, clientId?: string): Promise<{ status: number; promptId: string }>;
}

const closers = new Set<() => Promise<void>>();

/** Ends every room and every process; call it in `afterEach`. */
export async function closeEngineRooms(): Promise<void> {
  await Promise.all([...closers].map((close) => close()));
  closers.clear();
  await endSupervised();
}

export async function openEngineRoom(options: { readonly simulator?: readonly string[] } = {}): Promise<EngineRoom> {
  const log = silentLog();
  const clock = systemClock;
  const supervised = supervise(options);
  const { supervisor, dataFolder } = supervised;
  const meter = createActivityMeter(clock);
  const comfy = createComfyClient({ address: supervisor.address, clock });
  const historyStore = createHistoryStore({ file: join(dataFolder, 'last-history.json'), log });
  const queue = createQueueWatch({ supervisor, client: comfy, historyStore, clock, log });
  queue.onChange(({ running }) => supervisor.setBusy(running > 0));
  const relay = createSocketRelay({
    preview: () => undefined,
    supervisor,
    comfy,
    queue,
    clock,
    log,
    authorize: () => null,
    tokenFilter: () => null,
    maxSockets: () => 100,
  });
  let onSettings: () => void = () => undefined;
  let rules: Settings['idle'] = { freeAfterSeconds: 0, stopAfterSeconds: 0, everyRequestCounts: false };
  const idle = createIdleWatch({
    meter,
    queue,
    supervisor,
    freeVram: comfy.freeVram,
    keepAwakeStore: createKeepAwakeStore({ file: join(dataFolder, 'keep-awake.json'), log }),
    settings: {
      current: () => ({ idle: rules }),
      onChange(listener) {
        onSettings = listener;
        return () => undefined;
      },
    },
    clock,
    log,
  });

  const connections = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => relay.handleUpgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  closers.add(async () => {
    idle.close();
    for (const socket of connections) socket.destroy();
    await relay.close();
    queue.close();
    await comfy.close();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    supervisor,
    transitions: supervised.transitions,
    reach: supervised.reach,
    entered: supervised.entered,
    post: supervised.post,
    relay,
    queue,
    idle,
    meter,
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setIdle(changed) {
      rules = { ...rules, ...changed };
      onSettings();
    },
    async submit(prompt, clientId) {
      const end = meter.begin('held');
      try {
        const { host, port } = await supervisor.ensureRunning('request');
        await relay.readyBarrier();
        queue.expectChange();
        const answer = await fetch(`http://${host}:${port}/prompt`, {
          method: 'POST',
          body: JSON.stringify({ prompt, client_id: clientId }),
        });
        const { prompt_id: promptId } = (await answer.json()) as { prompt_id: string };
        queue.expectChange();
        return { status: answer.status, promptId };
      } finally {
        end();
      }
    },
  };
}
