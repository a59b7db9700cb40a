/**
 * ComfyUI's small end for tests of what happens between messages: HTTP and WebSocket on a free port, every word of it said
 * by the test. It keeps the flaw of the real one: when any socket of an id closes, the id is forgotten.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { until } from './until.ts';

/** A connection that was made to it, in the order they came. */
export interface ScriptedSocket {
  readonly clientId: string;
  readonly request: IncomingMessage;
  readonly received: string[];
  readonly socket: WebSocket;
  /** The code it was closed with; null while open. */
  closedWith: number | null;
}

export interface ScriptedComfyui {
  readonly port: number;
  readonly url: string;
  readonly sockets: ScriptedSocket[];
  /** `METHOD /path` of every HTTP request. */
  readonly requests: string[];
  queue: { queue_running: unknown[]; queue_pending: unknown[] };
  history: Record<string, unknown>;
  /** What a new connection hears first; null says nothing. */
  greeting: (clientId: string) => object[] | null;
  /** HTTP status of handshakes; 101 lets them in. */
  handshakeStatus: number;
  /** Waits before answering HTTP. */
  answerGate: Promise<void> | null;
  open(): ScriptedSocket[];
  /** To the connection that is registered for the id, as ComfyUI does: to none when it was forgotten. */
  tell(clientId: string, type: string, data: object): void;
  tellBinary(clientId: string, data: Buffer): void;
  /** To every registered connection. */
  broadcast(type: string, data: object): void;
  /** The number of connections that were made reaches `count`. */
  connections(count: number): Promise<void>;
  close(): Promise<void>;
}

export const status = (remaining: number, sid?: string): object => ({
  type: 'status',
  data: { status: { exec_info: { queue_remaining: remaining } }, ...(sid === undefined ? {} : { sid }) },
});

export async function startScriptedComfyui(): Promise<ScriptedComfyui> {
  const registered = new Map<string, WebSocket>();
  const connections = new Set<Socket>();
  const server = createServer((request, response) => {
    comfy.requests.push(`${request.method} ${request.url}`);
    void (comfy.answerGate ?? Promise.resolve()).then(() => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      const id = /^\/history\/(.+)$/.exec(path)?.[1];
      const answer =
        path === '/queue'
          ? comfy.queue
          : path === '/history'
            ? comfy.history
            : id !== undefined
              ? Object.fromEntries(Object.entries(comfy.history).filter(([key]) => key === decodeURIComponent(id)))
              : {};
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
  });
  const upgrades = new WebSocketServer({ noServer: true });
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    if (comfy.handshakeStatus !== 101) {
      socket.end(`HTTP/1.1 ${comfy.handshakeStatus} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    upgrades.handleUpgrade(request, socket, head, (accepted) => accept(accepted, request));
  });

  function accept(socket: WebSocket, request: IncomingMessage): void {
    const clientId = new URL(request.url ?? '/', 'http://x').searchParams.get('clientId') ?? '';
    const record: ScriptedSocket = { clientId, request, received: [], socket, closedWith: null };
    registered.set(clientId, socket);
    comfy.sockets.push(record);
    socket.on('message', (data) => record.received.push(String(data)));
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      record.closedWith = code;
      registered.delete(clientId);
    });
    for (const message of comfy.greeting(clientId) ?? []) socket.send(JSON.stringify(message));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const comfy: ScriptedComfyui = {
    port,
    url: `http://127.0.0.1:${port}`,
    sockets: [],
    requests: [],
    queue: { queue_running: [], queue_pending: [] },
    history: {},
    greeting: (clientId) => [status(0, clientId)],
    handshakeStatus: 101,
    answerGate: null,
    open: () => comfy.sockets.filter(({ closedWith }) => closedWith === null),
    tell: (clientId, type, data) => registered.get(clientId)?.send(JSON.stringify({ type, data })),
    tellBinary: (clientId, data) => registered.get(clientId)?.send(data),
    broadcast(type, data) {
      for (const socket of registered.values()) socket.send(JSON.stringify({ type, data }));
    },
    connections: (count) => until(() => comfy.sockets.length >= count),
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
  return comfy;
}
