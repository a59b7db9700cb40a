/**
 * The WebSocket clients by their client id, and the one ordered queue through which job messages reach them.
 * It keeps ComfyUI's flaw on purpose: when any socket of an id closes, the id is forgotten, and a newer socket of the
 * same id goes silent.
 */
import { randomUUID } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import { pythonJson } from './python-json.ts';

export interface HubSources {
  queueInfo(): unknown;
  features(): unknown;
  /** The node a client's own running job is at, told when the client comes back in the middle of it. */
  executingNode(clientId: string): string | undefined;
  warn(message: string): void;
}

export interface MessageHub {
  /** Takes over an accepted socket; an empty id gets one of 32 hex digits. */
  connect(socket: WebSocket, clientId: string): void;
  /** Queues a JSON message for one client, or for every socket when no client is named. */
  publish(type: string, data: unknown, clientId: string | undefined): void;
  publishBinary(frame: Buffer, clientId: string | undefined): void;
  /** True when the client said so in its first message. */
  supports(clientId: string | undefined, feature: string): boolean;
  /** Keeps messages back until `release`, as a frozen server does. */
  hold(): void;
  release(): void;
}

export function createMessageHub(sources: HubSources): MessageHub {
  const sockets = new Map<string, WebSocket>();
  const featuresOf = new Map<string, Record<string, unknown>>();
  let pending: { frame: string | Buffer; clientId: string | undefined }[] = [];
  let flushing = false;
  let held = false;

  const flush = () => {
    flushing = false;
    if (held) return;
    const batch = pending;
    pending = [];
    for (const { frame, clientId } of batch) {
      const targets = clientId === undefined ? [...sockets.values()] : [sockets.get(clientId)];
      for (const socket of targets) if (socket?.readyState === socket?.OPEN) socket?.send(frame);
    }
  };
  const enqueue = (frame: string | Buffer, clientId: string | undefined) => {
    pending.push({ frame, clientId });
    if (flushing || held) return;
    flushing = true;
    // Not at once: what freezes the loop in the same turn holds the messages back, as the GIL does in the real one.
    setImmediate(flush);
  };

  const onFirstMessage = (id: string, raw: RawData) => {
    const message: unknown = JSON.parse(raw.toString());
    if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== 'feature_flags')
      return;
    const data = 'data' in message ? message.data : undefined;
    featuresOf.set(id, typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {});
    enqueue(frameOf('feature_flags', sources.features()), id);
  };

  return {
    connect(socket, clientId) {
      const id = clientId || randomUUID().replaceAll('-', '');
      sockets.set(id, socket);
      featuresOf.set(id, {});
      let first = true;
      socket.on('message', (raw, binary) => {
        if (binary) return;
        try {
          if (first) onFirstMessage(id, raw);
          first = false;
        } catch {
          sources.warn(`Invalid JSON received from client ${id}: ${raw.toString()}`);
        }
      });
      socket.on('close', () => {
        sockets.delete(id);
        featuresOf.delete(id);
      });
      socket.send(frameOf('status', { status: sources.queueInfo(), sid: id }));
      const node = sources.executingNode(id);
      if (node !== undefined) socket.send(frameOf('executing', { node }));
    },
    publish: (type, data, clientId) => enqueue(frameOf(type, data), clientId),
    publishBinary: (frame, clientId) => enqueue(frame, clientId),
    supports: (clientId, feature) => clientId !== undefined && featuresOf.get(clientId)?.[feature] === true,
    hold() {
      held = true;
    },
    release() {
      held = false;
      flush();
    },
  };
}

const frameOf = (type: string, data: unknown): string => pythonJson({ type, data });
