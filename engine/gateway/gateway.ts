/**
 * The one address everybody uses: decides who may come in, and hands each request to the manager, to ComfyUI or to the
 * sockets. Holds nothing of any of them.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Settings } from '../../contract/settings.ts';
import { urlHost } from '../comfyui/client.ts';
import type { QueueWatch } from '../comfyui/queue-watch.ts';
import type { ActivityMeter } from '../idle/activity-meter.ts';
import { AppError, toAppError } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { isLoopback } from '../platform/loopback.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import { isLogin } from './access.ts';
import { classify } from './activity.ts';
import { isPrefetch } from './browser-request.ts';
import { destinationOf } from './comfy-route.ts';
import { sendError } from './error-answer.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import { createDataPlane, type DataPlaneDeps } from './http.ts';
import { answerLogin } from './login.ts';
import { answerMalformed } from './malformed-request.ts';
import { serveWithoutUpgrade } from './plain-upgrade.ts';
import { listenError, PLAIN_CONNECTIONS, reachableHost, SERVER_LIMITS } from './server-limits.ts';
import type { SocketRelay } from './websocket.ts';
import { refuseUpgrade } from './websocket-upgrade.ts';

export interface GatewayDeps {
  /** Read for every request; address and port when `listen` is called. */
  readonly settings: () => Settings;
  readonly supervisor: Pick<Supervisor, 'state' | 'address' | 'ensureRunning' | 'expectedStartSeconds'>;
  readonly meter: ActivityMeter;
  readonly queue: Pick<QueueWatch, 'expectChange' | 'lastKnownHistory'>;
  /** Answers everything below /manager. */
  readonly manager: (request: IncomingMessage, response: ServerResponse) => void;
  readonly sockets: Pick<SocketRelay, 'handleUpgrade' | 'readyBarrier' | 'expectRestart'>;
  readonly gatekeeper: Gatekeeper;
  readonly cardLent: DataPlaneDeps['cardLent'];
  readonly pageScript: DataPlaneDeps['pageScript'];
  readonly pageStore: DataPlaneDeps['pageStore'];
  readonly journal: DataPlaneDeps['journal'];
  readonly promptsHandedOver: DataPlaneDeps['promptsHandedOver'];
  readonly clock: Clock;
  readonly log: Log;
}

export interface Gateway {
  /**
   * @returns where it listens; `url` is how this computer reaches it
   * @throws AppError public_port_taken, token_needed_for_address, invalid_settings
   */
  listen(): Promise<{ readonly host: string; readonly port: number; readonly url: string }>;
  heldRequests(): number;
  /** Takes no more, answers what is held, lets what is on its way finish for a few seconds, and cuts the rest but the WebSockets. */
  close(): Promise<void>;
}

const DRAIN_MS = 5000;
const DRAIN_LOOK_MS = 50;

export function createGateway(deps: GatewayDeps): Gateway {
  const { settings, supervisor, meter, gatekeeper, clock, log } = deps;
  const dataPlane = createDataPlane({ ...deps, tokenFilter: gatekeeper.tokenFilter });
  /** Without those that became WebSockets. */
  const connections = new Set<Socket>();
  const managerAnswers = new Set<ServerResponse>();
  let closing = false;

  const server = createServer(SERVER_LIMITS);
  // Node would silently drop the fields after the 2000th, and with them what they mean; 64 KiB is limit enough.
  server.maxHeadersCount = 0;

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    if (closing) response.shouldKeepAlive = false;
    try {
      route(request, response);
    } catch (error) {
      log.error({ error: String(error) }, 'a request failed in the gateway');
      sendError(request, response, toAppError(error));
    }
  }

  function route(request: IncomingMessage, response: ServerResponse): void {
    const destination = destinationOf(request.url ?? '');
    if (destination.kind === 'malformed') {
      response.shouldKeepAlive = false;
      sendError(request, response, new AppError('request_malformed', `"${request.url}" is no path.`));
      return;
    }
    request.url = destination.received;
    const refusal = gatekeeper.authorize(request, destination.authority);
    if (refusal !== null) {
      if (refusal.code === 'request_malformed') response.shouldKeepAlive = false;
      sendError(request, response, refusal, refusal.status === 429 ? { retryAfterSeconds: 1 } : {});
    } else if (destination.kind === 'comfyui') {
      dataPlane.handle(request, response, destination);
    } else if (isLogin(request.method ?? 'GET', destination.received)) {
      answerLogin(request, response, destination.received, gatekeeper);
    } else {
      managerAnswers.add(response);
      response.on('close', () => managerAnswers.delete(response));
      deps.manager(request, response);
    }
  }

  function onUpgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      serveWithoutUpgrade(server, request, socket, head);
      return;
    }
    const destination = destinationOf(request.url ?? '');
    if (destination.kind === 'malformed') {
      refuseUpgrade(socket, new AppError('request_malformed', `"${request.url}" is no path.`));
      return;
    }
    request.url = destination.received;
    const refusal = gatekeeper.authorize(request, destination.authority);
    if (refusal !== null) {
      refuseUpgrade(socket, refusal);
      return;
    }
    if (destination.kind === 'comfyui') noteUpgrade(request, destination.route);
    connections.delete(socket);
    deps.sockets.handleUpgrade(request, socket, head);
  }

  /** Only with `idle.everyRequestCounts` does a socket mean anything. */
  function noteUpgrade(request: IncomingMessage, path: string): void {
    const facts = {
      method: 'GET',
      route: path,
      isNavigation: false,
      isPrefetch: isPrefetch(request.headers),
      isUpgrade: true,
    };
    if (classify(facts, settings()) === 'neutral') return;
    meter.touch();
    supervisor.ensureRunning('request').catch((error: unknown) => {
      log.info({ error: String(error) }, 'a WebSocket could not wake ComfyUI');
    });
  }

  server.on('request', onRequest);
  // The 100 (Continue) is ComfyUI's to give, when it is awake and wants the body; the manager's bodies are small.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (destinationOf(request.url ?? '').kind === 'manager') response.writeContinue();
    onRequest(request, response);
  });
  server.on('upgrade', (request, socket, head) => onUpgrade(request, socket as Socket, head));
  server.on('clientError', (error, socket) => {
    // In the middle of an answer, an error would be read as part of it.
    if (dataPlane.isAnswering(socket)) socket.destroy();
    else answerMalformed(error, socket, clock);
  });
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('drop', () => log.warn({ open: connections.size }, 'a connection was dropped: too many are open'));

  return {
    async listen() {
      const { host, port, token, maxSockets } = settings().network;
      if (token === null && !isLoopback(host)) {
        throw new AppError(
          'token_needed_for_address',
          `Listening on ${host} would let other computers in, and no access token is set.`,
        );
      }
      server.maxConnections = maxSockets + PLAIN_CONNECTIONS;
      await new Promise<void>((resolve, reject) => {
        server.once('error', (error) => reject(listenError(error, host, port, 'network.host')));
        server.listen({ host, port }, resolve);
      });
      server.removeAllListeners('error');
      server.on('error', (error) => log.error({ error: String(error) }, 'the public server failed'));
      const bound = server.address() as AddressInfo;
      return { host, port: bound.port, url: `http://${urlHost(reachableHost(host))}:${bound.port}` };
    },
    heldRequests: dataPlane.heldRequests,
    async close() {
      closing = true;
      dataPlane.close();
      server.close();
      await drained();
      // What was written is still on its way out.
      for (const socket of connections) socket.destroySoon();
    },
  };

  /** Resolves when everything has its answer, or after a while. Event streams never have. */
  function drained(): Promise<void> {
    return new Promise((resolve) => {
      const look = (leftMs: number): void => {
        const unanswered = [...managerAnswers].some((response) => !response.headersSent);
        const onTheWay = dataPlane.heldRequests() + dataPlane.passing();
        if (leftMs <= 0 || (onTheWay === 0 && !unanswered)) resolve();
        else clock.after(DRAIN_LOOK_MS, () => look(leftMs - DRAIN_LOOK_MS));
      };
      look(DRAIN_MS);
    });
  }
}
