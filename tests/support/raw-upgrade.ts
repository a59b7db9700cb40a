/** A WebSocket handshake and frames by hand, for what a well-behaved client never does. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { until } from './until.ts';

export interface RawUpgrade {
  readonly socket: Socket;
  /** Everything received so far, as latin1. */
  text(): string;
  /** Status of the answer to the handshake. */
  status(): number;
  /** JSON after the head of an answer that refused. */
  body(): unknown;
  ended(): Promise<void>;
}

const open = new Set<Socket>();

/** Cuts what is left; call it in `afterEach`. */
export function cutRawUpgrades(): void {
  for (const socket of open) socket.destroy();
  open.clear();
}

/** Resolves when the answer's head has come. @param headers lines to add or, by name, to replace */
export async function rawUpgrade(
  port: number,
  target: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawUpgrade> {
  const socket = connect({ host: '127.0.0.1', port });
  open.add(socket);
  const chunks: Buffer[] = [];
  let ended = false;
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.on('close', () => {
    ended = true;
    open.delete(socket);
  });
  await once(socket, 'connect');
  const lines = Object.entries({
    Host: `127.0.0.1:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  socket.write(`GET ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  const text = (): string => Buffer.concat(chunks).toString('latin1');
  await until(() => text().includes('\r\n\r\n') || ended);
  return {
    socket,
    text,
    status: () => Number(text().split(' ')[1]),
    body: () => JSON.parse(text().slice(text().indexOf('\r\n\r\n') + 4)),
    ended: () => until(() => ended),
  };
}

/** A masked client frame with the zero mask. @param first FIN, reserved bits and opcode */
export function clientFrame(first: number, payload: Buffer): Buffer {
  const mask = [0, 0, 0, 0];
  const length = payload.length;
  if (length < 126) return Buffer.concat([Buffer.from([first, 0x80 | length, ...mask]), payload]);
  const head = Buffer.alloc(10);
  head[0] = first;
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, Buffer.from(mask), payload]);
}
