/**
 * One client id's connection to ComfyUI: carries out what websocket-link-state.ts decides. Knows nothing of clients
 * beyond the frames that go up and the first message that opens each connection.
 */
import { WebSocket } from 'ws';
import { urlHost } from '../comfyui/client.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { ComfyAddress } from '../supervisor/supervisor.ts';
import { CLOSE, codeForComfy } from './websocket-close-codes.ts';
import type { DialQueue, LeaveQueue } from './websocket-dial-queue.ts';
import { isSettled, type LinkEvent, type LinkState, stateLimitMs, transition } from './websocket-link-state.ts';

export interface Link {
  dispatch(event: LinkEvent): void;
  state(): LinkState;
  settled(): boolean;
  /** The first message of the connection there is; null when none was sent or none is open. */
  openedWith(): Buffer | null;
  /** Sends to ComfyUI when connected, else drops: ComfyUI reads nothing but the first message, and that is repeated. */
  send(data: Buffer, isBinary: boolean, first: boolean): void;
  /** What still waits for ComfyUI to read it. */
  waitingBytes(): number;
  /** Where a client said good-bye with `code`, ComfyUI hears it. */
  abandon(code: number): void;
}

/** What a new connection is made of, asked for when it is made. */
export interface Dialling {
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent first, as soon as the connection opens. */
  readonly hello: Buffer | null;
}

export interface LinkDeps {
  readonly address: () => ComfyAddress | null;
  readonly dialling: () => Dialling;
  readonly dialQueue: DialQueue;
  readonly clock: Clock;
  readonly onFrame: (data: Buffer, isBinary: boolean) => void;
  readonly onState: (state: LinkState) => void;
  /** ComfyUI closed a connection that was in use. */
  readonly onClosed: (code: number) => void;
  /** ComfyUI answered the handshake with this HTTP status. */
  readonly onRefused: (status: number) => void;
}

/** Previews are small; a result sent by SaveImageWebsocket or a tensor dump in an error may not be. */
const MAX_PAYLOAD_BYTES = 512 * 1024 * 1024;
/**
 * How long `ws` waits for ComfyUI's half of a close. Long on purpose: a ComfyUI that is frozen answers when it is not,
 * and dialling the same id before the old connection has ended makes the newer one go silent. When it dies we are told.
 */
const CLOSE_TIMEOUT_MS = 600_000;

export function createLink(deps: LinkDeps): Link {
  const { clock } = deps;
  let state: LinkState = { kind: 'resting' };
  let socket: WebSocket | null = null;
  let openedWith: Buffer | null = null;
  let giveUpTurn: LeaveQueue = () => undefined;
  let cancelTimer: CancelTimer | null = null;
  let farewellCode: number = CLOSE.goingAway;

  function dispatch(event: LinkEvent): void {
    const before = state;
    const step = transition(state, event);
    state = step.state;
    if (state !== before) {
      cancelTimer?.();
      const limitMs = stateLimitMs(state);
      cancelTimer = limitMs === null ? null : clock.after(limitMs, () => dispatch('overdue'));
    }
    for (const effect of step.effects) {
      if (effect === 'dial') dial();
      else if (effect === 'close') close();
      else terminate();
    }
    if (state !== before) deps.onState(state);
  }

  function dial(): void {
    giveUpTurn = deps.dialQueue.enter(connect);
  }

  function connect(endTurn: LeaveQueue): void {
    const address = deps.address();
    if (address === null) {
      // It ended while we waited for our turn; 'going' is on its way to us.
      endTurn();
      return;
    }
    const { query, headers } = deps.dialling();
    const options: WebSocket.ClientOptions & { closeTimeout: number } = {
      headers: { ...headers },
      perMessageDeflate: false,
      maxPayload: MAX_PAYLOAD_BYTES,
      closeTimeout: CLOSE_TIMEOUT_MS,
    };
    const dialled = new WebSocket(`ws://${urlHost(address.host)}:${address.port}/ws?${query}`, options);
    socket = dialled;
    let refused: number | null = null;

    dialled.on('open', () => {
      endTurn();
      if (socket !== dialled) return;
      openedWith = deps.dialling().hello;
      if (openedWith !== null) dialled.send(openedWith, { binary: false });
      dispatch('opened');
    });
    dialled.on('message', (data: Buffer, isBinary) => {
      if (socket === dialled) deps.onFrame(data, isBinary);
    });
    dialled.on('unexpected-response', (_request, response) => {
      refused = response.statusCode ?? null;
      dialled.terminate();
    });
    dialled.on('error', () => undefined); // 'close' follows and says all that is needed
    dialled.on('close', (code) => {
      endTurn();
      if (socket !== dialled) return;
      socket = null;
      openedWith = null;
      const byComfy = state.kind === 'greeting' || state.kind === 'live';
      dispatch('lost');
      if (refused !== null) deps.onRefused(refused);
      else if (byComfy) deps.onClosed(code);
    });
  }

  /** Says good-bye; 'close' of the socket dispatches `lost`. One that never began has ended already. */
  function close(): void {
    giveUpTurn();
    if (socket === null) queueMicrotask(() => dispatch('lost'));
    else socket.close(farewellCode);
  }

  function terminate(): void {
    giveUpTurn();
    const ended = socket;
    socket = null;
    openedWith = null;
    ended?.terminate();
  }

  return {
    dispatch,
    state: () => state,
    settled: () => isSettled(state),
    openedWith: () => openedWith,
    send(data, isBinary, first) {
      if (socket?.readyState !== WebSocket.OPEN) return;
      if (first) openedWith = data;
      socket.send(data, { binary: isBinary });
    },
    waitingBytes: () => socket?.bufferedAmount ?? 0,
    abandon(code) {
      farewellCode = codeForComfy(code);
      dispatch('abandoned');
      farewellCode = CLOSE.goingAway;
    },
  };
}
