/**
 * Stoker's own WebSocket to the running ComfyUI, which hears the `status` that goes to every client.
 * Redials for as long as it is open; says what it hears and decides nothing.
 */
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { ComfyAddress } from '../supervisor/supervisor.ts';
import { urlHost } from './client.ts';

export interface StatusSocketDeps {
  readonly address: ComfyAddress;
  readonly clock: Clock;
  readonly onText: (data: Buffer) => void;
  /** The connection was lost or refused: what was said meanwhile is not known. */
  readonly onLost: () => void;
}

export interface StatusSocket {
  close(): void;
}

const REDIAL_FIRST_MS = 250;
const REDIAL_LONGEST_MS = 5000;
/** Broadcasts of other people's prompts may be large; previews never come here. */
const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

export function openStatusSocket({ address, clock, onText, onLost }: StatusSocketDeps): StatusSocket {
  let socket: WebSocket | null = null;
  let cancelRedial: CancelTimer | null = null;
  let redialMs = REDIAL_FIRST_MS;
  let closed = false;

  function dial(): void {
    // A fresh id each time: when an older socket of the same id closes, ComfyUI forgets the newer.
    const clientId = `stoker-${randomUUID()}`;
    const dialled = new WebSocket(`ws://${urlHost(address.host)}:${address.port}/ws?clientId=${clientId}`, {
      perMessageDeflate: false,
      maxPayload: MAX_PAYLOAD_BYTES,
    });
    socket = dialled;
    dialled.on('message', (data: Buffer, isBinary) => {
      redialMs = REDIAL_FIRST_MS;
      if (!isBinary && !closed) onText(data);
    });
    dialled.on('error', () => undefined); // 'close' follows and says all that is needed
    dialled.on('close', () => {
      if (closed) return;
      onLost();
      cancelRedial = clock.after(redialMs, dial);
      redialMs = Math.min(redialMs * 2, REDIAL_LONGEST_MS);
    });
  }

  dial();
  return {
    close() {
      closed = true;
      cancelRedial?.();
      socket?.terminate();
    },
  };
}
