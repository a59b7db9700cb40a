/** A WebSocket client that records everything that happens to it, frame by frame. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { until } from './until.ts';

export interface SocketClient {
  readonly socket: WebSocket;
  /** Text frames, parsed. */
  readonly messages: { type: string; data: Record<string, unknown> }[];
  readonly binaries: Buffer[];
  closedWith: number | null;
  types(): string[];
  say(type: string, data: object): void;
  /** `count` text frames have come. */
  heard(count: number): Promise<void>;
  closed(): Promise<number>;
}

const open = new Set<WebSocket>();

/** Cuts what is left; call it in `afterEach`. */
export function cutSocketClients(): void {
  for (const socket of open) socket.terminate();
  open.clear();
}

/** @param url of the socket, `ws://…` */
export async function connectSocket(url: string): Promise<SocketClient> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  open.add(socket);
  const client: SocketClient = {
    socket,
    messages: [],
    binaries: [],
    closedWith: null,
    types: () => client.messages.map(({ type }) => type),
    say: (type, data) => socket.send(JSON.stringify({ type, data })),
    heard: (count) => until(() => client.messages.length >= count),
    async closed() {
      await until(() => client.closedWith !== null);
      return client.closedWith ?? 0;
    },
  };
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) client.binaries.push(data);
    else client.messages.push(JSON.parse(String(data)));
  });
  socket.on('close', (code) => {
    client.closedWith = code;
    open.delete(socket);
  });
  await once(socket, 'open');
  socket.on('error', () => undefined);
  return client;
}
