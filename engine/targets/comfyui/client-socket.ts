/** A WebSocket to a ComfyUI under a client id of our own, which hears the progress of the prompts queued under that id. Redials by itself. */
import { WebSocket } from 'ws';
import type { CancelTimer, Clock } from '../../platform/clock.ts';
import type { ComfyServer } from './server-call.ts';

export interface ClientSocket {
  /** Resolves when the first connection stands, or could not be made: progress is then missed, and nothing else. */
  readonly opened: Promise<void>;
  close(): void;
}

export interface ClientSocketDeps {
  readonly server: ComfyServer;
  readonly clientId: string;
  readonly clock: Clock;
  readonly onText: (data: Buffer) => void;
  readonly onBinary: (data: Buffer) => void;
  readonly onLost: () => void;
}

const REDIAL_MS = 1000;
/** The job is handed over when the socket stands, or when it is clear that it does not. */
const HANDSHAKE_MS = 10_000;
const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

export function openClientSocket({
  server,
  clientId,
  clock,
  onText,
  onBinary,
  onLost,
}: ClientSocketDeps): ClientSocket {
  let socket: WebSocket | null = null;
  let cancelRedial: CancelTimer | null = null;
  let closed = false;
  let settleOpened: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    settleOpened = resolve;
  });

  function dial(): void {
    const dialled = new WebSocket(`${server.url.replace(/^http/, 'ws')}/ws?clientId=${encodeURIComponent(clientId)}`, {
      headers: { ...server.headers },
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MAX_PAYLOAD_BYTES,
    });
    socket = dialled;
    dialled.on('open', settleOpened);
    dialled.on('message', (data: Buffer, isBinary) => {
      if (closed) return;
      if (isBinary) onBinary(data);
      else onText(data);
    });
    dialled.on('error', () => undefined); // 'close' follows and says all that is needed
    dialled.on('close', () => {
      settleOpened();
      if (closed) return;
      onLost();
      cancelRedial = clock.after(REDIAL_MS, dial);
    });
  }

  dial();
  return {
    opened,
    close() {
      closed = true;
      cancelRedial?.();
      settleOpened();
      socket?.terminate();
    },
  };
}
