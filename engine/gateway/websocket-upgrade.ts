/** What a WebSocket handshake asks for, and how one is refused. Speaks to nobody but the client that knocked. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AppError } from '../platform/app-error.ts';
import { destinationOf } from './comfy-route.ts';

export type UpgradeTarget =
  /** ComfyUI's own socket, which the relay speaks for. `clientId` is empty when the client brought none. */
  | { readonly kind: 'relay'; readonly clientId: string; readonly query: URLSearchParams }
  /** A custom node's socket: passed through as it is. */
  | { readonly kind: 'tunnel'; readonly path: string }
  | { readonly kind: 'none'; readonly path: string };

/** @param url the request target, for example `/api/ws?clientId=1` */
export function upgradeTarget(url: string): UpgradeTarget {
  const destination = destinationOf(url);
  if (destination.kind !== 'comfyui') return { kind: 'none', path: url };
  const { target, route } = destination;
  if (route !== '/ws') return { kind: 'tunnel', path: target };
  const queryAt = target.indexOf('?');
  const query = new URLSearchParams(queryAt === -1 ? '' : target.slice(queryAt));
  return { kind: 'relay', clientId: query.get('clientId') ?? '', query };
}

/** Answers a handshake with an error of ours and ends the connection. */
export function refuseUpgrade(socket: Duplex, error: AppError): void {
  // The client may be gone already; that is no error of ours.
  socket.on('error', () => socket.destroy());
  const body = JSON.stringify(error.toBody());
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? 'Error'}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
