/** A socket relay behind a real HTTP server, over a supervisor that the test moves. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createComfyClient } from '../../engine/comfyui/client.ts';
import { createSocketRelay, type SocketRelay } from '../../engine/gateway/websocket.ts';
import type { AppError } from '../../engine/platform/app-error.ts';
import { type Clock, systemClock } from '../../engine/platform/clock.ts';
import { silentLog } from '../../engine/platform/log.ts';
import { createFakeSupervisor, type FakeSupervisor } from './fake-supervisor.ts';

export interface RelayHostOptions {
  readonly clock?: Clock;
  readonly maxSockets?: number;
  readonly authorize?: (request: IncomingMessage) => AppError | null;
  readonly tokenFilter?: (name: 'authorization' | 'cookie', value: string) => string | null;
}

export interface RelayHost {
  readonly relay: SocketRelay;
  readonly supervisor: FakeSupervisor;
  /** `ws://127.0.0.1:port` */
  readonly url: string;
  readonly port: number;
  /** Types of the frames that the queue watch was shown. */
  readonly observed: (string | null)[];
  close(): Promise<void>;
}

const hosts = new Set<RelayHost>();

/** Ends what is left; call it in `afterEach`. */
export async function closeRelayHosts(): Promise<void> {
  await Promise.all([...hosts].map((host) => host.close()));
}

export async function startRelayHost(options: RelayHostOptions = {}): Promise<RelayHost> {
  const clock = options.clock ?? systemClock;
  const supervisor = createFakeSupervisor();
  const observed: (string | null)[] = [];
  const comfy = createComfyClient({ address: supervisor.address, clock: systemClock });
  const relay = createSocketRelay({
    preview: () => undefined,
    supervisor,
    clock,
    comfy,
    log: silentLog(),
    authorize: options.authorize ?? (() => null),
    tokenFilter: () => options.tokenFilter ?? null,
    maxSockets: () => options.maxSockets ?? 4096,
    queue: { observe: (type) => observed.push(type), nodeType: () => 'LabSlow' },
  });
  const connections = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => relay.handleUpgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 1024, resolve));
  const { port } = server.address() as AddressInfo;
  const host: RelayHost = {
    relay,
    supervisor,
    observed,
    port,
    url: `ws://127.0.0.1:${port}`,
    async close() {
      hosts.delete(host);
      for (const socket of connections) socket.destroy();
      await relay.close();
      await comfy.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  hosts.add(host);
  return host;
}
