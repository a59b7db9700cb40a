/**
 * The WebSockets of the gateway. A client's socket outlives ComfyUI: while it sleeps, the relay speaks for it; when it
 * runs, frames pass both ways untouched. An open socket is no activity and wakes nothing.
 */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { ComfyClient } from '../comfyui/client.ts';
import { RECORDED_FEATURE_FLAGS } from '../comfyui/frames.ts';
import type { QueueWatch } from '../comfyui/queue-watch.ts';
import { AppError } from '../platform/app-error.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import type { TokenFilter } from './request-head.ts';
import { CLOSE } from './websocket-close-codes.ts';
import { createDialQueue } from './websocket-dial-queue.ts';
import { followPresence } from './websocket-presence.ts';
import { createSession, type Session } from './websocket-session.ts';
import { openTunnel } from './websocket-tunnel.ts';
import { refuseUpgrade, upgradeTarget } from './websocket-upgrade.ts';

export interface SocketRelay {
  /** Takes over a connection that asked for an upgrade: answers the handshake or refuses it, and never throws. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Client sockets open now, relayed and passed through. */
  count(): number;
  /**
   * Resolves when every client is connected to the running ComfyUI again, or has failed once, or after a second.
   * Await it before a held request is passed on, so that its first messages find their client. Never rejects.
   */
  readyBarrier(): Promise<void>;
  /**
   * ComfyUI's page has asked it to restart itself (ComfyUI-Manager). Such a page goes on only when it has lost its socket and
   * got it back: clients are closed with 1012 once the new ComfyUI answers, this one time.
   */
  expectRestart(): void;
  /** Says good-bye to every client and takes no more. */
  close(): Promise<void>;
}

export interface SocketRelayDeps {
  readonly supervisor: Pick<Supervisor, 'address' | 'onTransition'>;
  /** The checks of access.ts: null lets the client in. */
  readonly authorize: (request: IncomingMessage) => AppError | null;
  /** Takes Stoker's own token out of what ComfyUI sees; null when none is set. */
  readonly tokenFilter: () => TokenFilter | null;
  readonly queue: Pick<QueueWatch, 'observe' | 'nodeType'>;
  /** Of every binary frame on its way to a client: pictures of what runs. */
  readonly preview: (data: Buffer) => void;
  readonly comfy: Pick<ComfyClient, 'queue' | 'historyOf'>;
  readonly maxSockets: () => number;
  readonly clock: Clock;
  readonly log: Log;
}

/** As aiohttp, and so ComfyUI, limits a client's message. */
const MAX_CLIENT_MESSAGE_BYTES = 4 * 1024 * 1024;
const CHECK_ALIVE_MS = 30_000;
const BARRIER_MS = 1000;
/** A restart that has not come by then was refused. */
const RESTART_MS = 300_000;
const DIALLED_AT_ONCE = 64;
/** What clients get to answer our good-bye. */
const GOODBYE_MS = 1000;

export function createSocketRelay(deps: SocketRelayDeps): SocketRelay {
  const { clock, log } = deps;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_CLIENT_MESSAGE_BYTES,
    handleProtocols: () => false,
  });
  const sessions = new Map<string, Session>();
  const tunnels = new Set<() => void>();
  const dialQueue = createDialQueue(DIALLED_AT_ONCE);
  /** Those that are about to hear ComfyUI again, and who waits for them. */
  const unsettled = new Set<Session>();
  const barriers = new Set<() => void>();

  let featureFlags = RECORDED_FEATURE_FLAGS;
  let restartExpectedUntil = Number.NEGATIVE_INFINITY;
  let clients = 0;
  let closed = false;
  let onLastGone: () => void = () => undefined;
  let cancelCheck: CancelTimer | null = null;

  server.on('wsClientError', (error, socket) => {
    refuseUpgrade(socket, new AppError('request_malformed', `This is no WebSocket handshake: ${error.message}.`));
  });

  function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = refusalOf(request);
    if (refusal !== null) {
      refuseUpgrade(socket, refusal);
      return;
    }
    const target = upgradeTarget(request.url ?? '/');
    if (target.kind === 'relay') {
      server.handleUpgrade(request, socket, head, (accepted) => {
        clients += 1;
        const sid = target.clientId || randomUUID().replaceAll('-', '');
        sessionOf(sid).add(accepted, request, target.query);
        checkAliveLater();
      });
    } else if (target.kind === 'tunnel') {
      const address = presence.address();
      if (address === null) {
        refuseUpgrade(socket, new AppError('asleep', `ComfyUI is not running, so ${target.path} cannot be opened.`));
        return;
      }
      const wanted = { request, socket, head, path: target.path, address, tokenFilter: deps.tokenFilter() };
      const cut = openTunnel(wanted, () => tunnels.delete(cut));
      tunnels.add(cut);
    } else {
      refuseUpgrade(socket, new AppError('not_found', `There is no WebSocket at ${target.path}.`));
    }
  }

  function refusalOf(request: IncomingMessage): AppError | null {
    if (closed) return new AppError('asleep', 'Stoker is stopping.');
    const refusal = deps.authorize(request);
    if (refusal !== null) return refusal;
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      return new AppError('request_malformed', `Stoker does not speak ${request.headers.upgrade}.`);
    }
    if (count() >= deps.maxSockets()) {
      return new AppError('too_many_sockets', `${count()} WebSockets are open, and no more are allowed.`);
    }
    return null;
  }

  function sessionOf(sid: string): Session {
    const existing = sessions.get(sid);
    if (existing !== undefined) return existing;
    const session: Session = createSession({
      sid,
      address: presence.address,
      dialQueue,
      clock,
      log,
      tokenFilter: deps.tokenFilter,
      observe: deps.queue.observe,
      preview: deps.preview,
      nodeType: deps.queue.nodeType,
      comfy: deps.comfy,
      featureFlags: {
        told: () => featureFlags,
        remember(frame) {
          featureFlags = frame;
        },
      },
      onClientGone() {
        clients -= 1;
        if (clients === 0) onLastGone();
      },
      onState: () => noteState(session),
      onEmpty() {
        sessions.delete(sid);
      },
    });
    sessions.set(sid, session);
    return session;
  }

  const count = (): number => clients + tunnels.size;

  const presence = followPresence({
    supervisor: deps.supervisor,
    onReady: welcome,
    onGoing() {
      for (const session of sessions.values()) session.comfyGoing();
    },
    onGone(loss) {
      for (const session of [...sessions.values()]) session.comfyGone(loss);
    },
  });

  function welcome(): void {
    for (const session of [...sessions.values()]) session.comfyReady();
    if (clock.monotonic() > restartExpectedUntil) return;
    restartExpectedUntil = Number.NEGATIVE_INFINITY;
    for (const session of sessions.values()) {
      for (const client of session.clients()) client.close(CLOSE.serviceRestart, 'ComfyUI was restarted');
    }
  }

  function noteState(session: Session): void {
    if (session.settled()) unsettled.delete(session);
    else unsettled.add(session);
    if (unsettled.size === 0) for (const release of [...barriers]) release();
  }

  function readyBarrier(): Promise<void> {
    // Whoever waits for ComfyUI may be answered before we are told that it runs.
    presence.look();
    if (unsettled.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const release = (): void => {
        barriers.delete(release);
        cancelLimit();
        resolve();
      };
      const cancelLimit = clock.after(BARRIER_MS, release);
      barriers.add(release);
    });
  }

  function checkAliveLater(): void {
    cancelCheck ??= clock.after(CHECK_ALIVE_MS, () => {
      cancelCheck = null;
      for (const session of [...sessions.values()]) for (const client of session.clients()) client.checkAlive();
      if (clients > 0) checkAliveLater();
    });
  }

  presence.look();

  return {
    handleUpgrade,
    count,
    readyBarrier,
    expectRestart() {
      if (presence.address() !== null) restartExpectedUntil = clock.monotonic() + RESTART_MS;
    },
    async close() {
      closed = true;
      presence.close();
      cancelCheck?.();
      const left = [...sessions.values()].flatMap((session) => [...session.clients()]);
      for (const client of left) client.close(CLOSE.goingAway, 'Stoker is stopping');
      for (const cut of [...tunnels]) cut();
      if (clients > 0) {
        await new Promise<void>((resolve) => {
          onLastGone = resolve;
          clock.after(GOODBYE_MS, resolve);
        });
      }
      for (const client of left) client.terminate();
      for (const session of [...sessions.values()]) session.comfyGone({ kind: 'stopped' });
    },
  };
}
