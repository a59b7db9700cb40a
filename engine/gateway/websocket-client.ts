/**
 * The client's end of a relayed WebSocket: what it was told, what may still be waiting for it, and whether it is alive.
 * Slow ones lose previews first and their connection last; nobody else ever waits for them.
 */
import type { WebSocket } from 'ws';
import { type ComfyMessage, isDispensablePreview, readFrame } from '../comfyui/frames.ts';
import type { Clock } from '../platform/clock.ts';
import { CLOSE, isSendable } from './websocket-close-codes.ts';
import {
  farewell,
  isRepeat,
  type Loss,
  lostPromptFrames,
  NOTHING_TOLD,
  type NodeTypeOf,
  type ToldPrompt,
  type Transcript,
  tell,
} from './websocket-transcript.ts';

export interface RelayClient {
  /** The client's first message when it was `feature_flags`, as it was sent. */
  hello(): Buffer | null;
  setHello(hello: Buffer): void;
  /** Passes a frame of ComfyUI on, unread. */
  forward(data: Buffer, isBinary: boolean): void;
  /** Passes a frame on that was read, unless the client knows it already. */
  forwardRead(data: Buffer, message: ComfyMessage): void;
  /** Says something in ComfyUI's place. */
  say(frame: string): void;
  /** Says what a ComfyUI that ended no longer can. */
  sayFarewell(loss: Loss): void;
  /** Says the end of the open prompt that a ComfyUI which goes on no longer knows. */
  sayPromptLost(): void;
  /** The client's own prompt that has not been closed yet. */
  openPrompt(): ToldPrompt | null;
  toldAnything(): boolean;
  /** Reads no more from the client for as long as this is true. */
  holdBackWhile(condition: () => boolean): void;
  /** Ends the connection of a client that has not been heard since the last check, and asks the others for a sign of life. */
  checkAlive(): void;
  /** Any code; one that may not be sent is left out. */
  close(code: number, reason: string): void;
  terminate(): void;
}

export interface RelayClientDeps {
  readonly socket: WebSocket;
  readonly clock: Clock;
  readonly nodeType: NodeTypeOf;
}

/** From here a client is behind: previews it would see too late are left out. */
const PREVIEWS_UP_TO_BYTES = 1024 * 1024;
/** A client that lets this much wait does not read any more. One message of any size always fits. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024;
const HELD_BACK_MS = 100;
/** What a close handshake may take before the connection is cut. */
const CLOSING_MS = 2000;

export function createRelayClient({ socket, clock, nodeType }: RelayClientDeps): RelayClient {
  let transcript: Transcript = NOTHING_TOLD;
  let hello: Buffer | null = null;
  let heard = true;
  let waitingAtCheck = 0;
  let heldBack = false;

  const sign = (): void => {
    heard = true;
  };
  socket.on('pong', sign);
  socket.on('ping', sign);
  socket.on('message', sign);

  function forward(data: Buffer | string, isBinary: boolean): void {
    if (socket.readyState !== socket.OPEN) return;
    const waiting = socket.bufferedAmount;
    if (waiting > MOST_WAITING_BYTES) {
      close(CLOSE.tryAgainLater, 'too slow: messages pile up');
      return;
    }
    if (isBinary && waiting > PREVIEWS_UP_TO_BYTES && isDispensablePreview(data as Buffer)) return;
    socket.send(data, { binary: isBinary });
  }

  function close(code: number, reason: string): void {
    if (isSendable(code)) socket.close(code, reason);
    else socket.close();
    // A client that does not read will not answer the close frame either.
    clock.after(CLOSING_MS, () => socket.terminate());
  }

  function say(frame: string): void {
    const message = readFrame(frame);
    if (message !== null) transcript = tell(transcript, message);
    forward(frame, false);
  }

  return {
    hello: () => hello,
    setHello(frame) {
      hello = frame;
    },
    forward,
    forwardRead(data, message) {
      if (isRepeat(transcript, message)) return;
      transcript = tell(transcript, message);
      forward(data, false);
    },
    say,
    sayFarewell(loss) {
      for (const frame of farewell(transcript, loss, nodeType, clock.now())) say(frame);
    },
    sayPromptLost() {
      const { prompt } = transcript;
      if (prompt === null) return;
      for (const frame of lostPromptFrames(prompt, { kind: 'stopped' }, nodeType, clock.now())) say(frame);
    },
    openPrompt: () => transcript.prompt,
    toldAnything: () => transcript.queueRemaining !== null,
    holdBackWhile(condition) {
      if (heldBack) return;
      heldBack = true;
      socket.pause();
      const look = (): void => {
        if (condition()) {
          clock.after(HELD_BACK_MS, look);
          return;
        }
        heldBack = false;
        socket.resume();
      };
      look();
    },
    checkAlive() {
      const waiting = socket.bufferedAmount;
      // Neither a client we do not listen to nor one that is still reading what we sent can be called dead.
      const alive = heard || heldBack || (waiting > 0 && waiting < waitingAtCheck);
      waitingAtCheck = waiting;
      if (!alive) {
        socket.terminate();
        return;
      }
      heard = false;
      if (socket.readyState === socket.OPEN) socket.ping();
    },
    close,
    terminate: () => socket.terminate(),
  };
}
