/**
 * Passes a custom node's own socket through to ComfyUI byte by byte. Parses nothing but the first line of the answer;
 * such a socket neither wakes ComfyUI nor outlives it.
 */
import type { IncomingMessage } from 'node:http';
import { connect, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { urlHost } from '../comfyui/client.ts';
import { AppError } from '../platform/app-error.ts';
import type { ComfyAddress } from '../supervisor/supervisor.ts';
import type { TokenFilter } from './request-head.ts';
import { handshakeHead } from './websocket-headers.ts';
import { refuseUpgrade } from './websocket-upgrade.ts';

export interface TunnelRequest {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client sent after its handshake. */
  readonly head: Buffer;
  /** Path and query as ComfyUI is to see them. */
  readonly path: string;
  readonly address: ComfyAddress;
  readonly tokenFilter: TokenFilter | null;
}

const KEEP_ALIVE_MS = 30_000;

/**
 * @param onEnd called once when both ends are closed
 * @returns what cuts the connection
 */
export function openTunnel(wanted: TunnelRequest, onEnd: () => void): () => void {
  const { request, socket, head, path, address, tokenFilter } = wanted;
  const host = `${urlHost(address.host)}:${address.port}`;
  const upstream = connect({ host: address.host, port: address.port, noDelay: true });
  let answered = false;
  let ended = false;

  function end(): void {
    if (ended) return;
    ended = true;
    socket.destroy();
    upstream.destroy();
    onEnd();
  }

  // A client that vanished without a word is noticed by the system.
  if (socket instanceof Socket) socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.on('error', end);
  socket.on('close', end);
  // Not before the client has what ComfyUI said last.
  upstream.on('close', () => socket.end(() => end()));
  upstream.on('error', (error) => {
    if (answered || ended) return;
    ended = true;
    refuseUpgrade(
      socket,
      new AppError('upstream_unreachable', `ComfyUI did not take the connection: ${error.message}.`),
    );
    onEnd();
  });
  upstream.on('connect', () => upstream.write(handshakeHead(path, request.rawHeaders, host, tokenFilter), 'latin1'));
  upstream.once('data', (first: Buffer) => {
    answered = true;
    socket.write(first);
    upstream.pipe(socket);
    // Anything but "switching protocols" is an answer and its end: what the client sends next must not reach ComfyUI
    // past the checks of the gateway.
    if (!/^HTTP\/1\.1 101 /.test(first.toString('latin1', 0, 13))) {
      upstream.end();
      return;
    }
    if (head.length > 0) upstream.write(head);
    socket.pipe(upstream);
  });
  return end;
}
