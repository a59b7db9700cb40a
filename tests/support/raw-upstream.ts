/** A ComfyUI that is nothing but a listening socket: the test reads what the gateway sent, byte by byte, and writes the answer. */

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { type RawPeer, rawPeer } from './raw-peer.ts';
import { until } from './until.ts';

export interface RawUpstream {
  readonly port: number;
  /** In the order they were made. */
  readonly connections: readonly RawPeer[];
  /** The connection with this number, waited for. */
  connection(index: number): Promise<RawPeer>;
  close(): Promise<void>;
}

export async function startRawUpstream(): Promise<RawUpstream> {
  const connections: RawPeer[] = [];
  const server = createServer({ noDelay: true }, (socket) => connections.push(rawPeer(socket)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 1024, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    async connection(index) {
      await until(() => connections.length > index);
      const found = connections[index];
      if (found === undefined) throw new Error(`there is no connection ${index}`);
      return found;
    },
    async close() {
      for (const { socket } of connections) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An answer as aiohttp writes it. */
export function httpAnswer(body: string, headers = '', status = '200 OK'): string {
  return `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}
