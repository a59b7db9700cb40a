/**
 * The HTTP and WebSocket server: origin check, routes, static page, and the two ways of being unwell (hanging, dropping).
 * It knows nothing of prompts or images.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { ProcessLog } from '../process/process-log.ts';
import type { MessageHub } from './message-hub.ts';
import { checkOrigin } from './origin-check.ts';
import { empty, methodNotAllowed, noSuchFile, type Reply, ReplyError, serverError, text } from './reply.ts';
import type { RouteRequest } from './request.ts';
import type { RouteTable } from './route-table.ts';

export interface HttpServerOptions {
  routes: RouteTable;
  hub: MessageHub;
  log: ProcessLog;
  maxBodyBytes: number;
}

export interface HttpServer {
  /** Binds one address; rejects with the system's error when it is taken. */
  listen(address: string, port: number): Promise<void>;
  /** From now on connections are accepted and nothing is answered; what comes in waits for `unhang`. */
  hang(): void;
  unhang(): void;
}

/** aiohttp's own: an idle connection stays open for 75 s, a WebSocket message has at most 4 MiB. */
const keepAliveMs = 75_000;
const maxMessageBytes = 4 * 1024 * 1024;
/** aiohttp's: how long the rest of an unwanted body is read. */
const lingeringMs = 10_000;
/** The one request that is answered while hanging. */
const unhangPath = '/sim/unhang';

export function createHttpServer({ routes, hub, log, maxBodyBytes }: HttpServerOptions): HttpServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: true });
  const waiting: (() => void)[] = [];
  let hanging = false;

  const whenWell = (act: () => void) => {
    if (hanging) waiting.push(act);
    else act();
  };

  const unhang = () => {
    hanging = false;
    hub.release();
    for (const act of waiting.splice(0)) act();
  };

  const answer = async (request: IncomingMessage): Promise<Reply> => {
    const { host, origin } = request.headers;
    const verdict = checkOrigin(host, origin);
    if (!verdict.allowed) {
      log.print(
        `WARNING: request with non matching host and origin ${verdict.host} != ${verdict.origin}, returning 403`,
      );
      return empty(403);
    }
    const method = request.method ?? 'GET';
    if (method === 'OPTIONS') return empty(200);
    const [path = '/', search = ''] = splitTarget(request.url ?? '/');
    if (path === '/ws' || path === '/api/ws') return noUpgrade(request);
    const match = routes.match(method, path);
    if (match.found === 'otherMethods') return methodNotAllowed(match.allowed);
    if (match.found === 'nothing') {
      return method === 'GET' || method === 'HEAD' ? noSuchFile() : methodNotAllowed(['GET', 'HEAD']);
    }
    const query = new URLSearchParams(search);
    const routed: RouteRequest = {
      method,
      parameters: match.parameters,
      query,
      headers: request.headers,
      raw: request,
      maxBodyBytes,
    };
    return await match.handle(routed);
  };

  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const failure = (error: unknown): Reply => {
      if (error instanceof ReplyError) return error.reply;
      // A client that went away while its body was read is nobody's error.
      if (!request.destroyed || request.complete) {
        log.print(`Error handling request\n${error instanceof Error ? error.stack : String(error)}`, 'error');
      }
      return serverError();
    };
    void answer(request)
      .catch(failure)
      .then((reply) => send(request, response, reply));
  };

  const onUpgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const [path, search = ''] = splitTarget(request.url ?? '/');
    const verdict = checkOrigin(request.headers.host, request.headers.origin);
    if (!verdict.allowed || (path !== '/ws' && path !== '/api/ws')) {
      socket.end(
        `HTTP/1.1 ${verdict.allowed ? '404 Not Found' : '403 Forbidden'}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', (error) => log.print(`ws connection closed with exception ${error.message}`));
      hub.connect(client, new URLSearchParams(search).get('clientId') ?? '');
    });
  };

  const open = (): Server => {
    const server = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 0 }, (request, response) => {
      if (hanging && request.method === 'POST' && request.url === unhangPath) {
        unhang();
        send(request, response, empty(200));
      } else whenWell(() => onRequest(request, response));
    });
    server.on('upgrade', (request, socket: Socket, head) => {
      socket.on('error', () => undefined);
      whenWell(() => onUpgrade(request, socket, head));
    });
    return server;
  };

  return {
    listen: (address, port) =>
      new Promise((resolve, reject) => {
        const server = open();
        server.once('error', reject);
        server.listen(port, address, () => resolve());
      }),
    hang() {
      hanging = true;
      hub.hold();
    },
    unhang,
  };
}

function splitTarget(target: string): [string, string] {
  const question = target.indexOf('?');
  return question < 0 ? [target, ''] : [target.slice(0, question), target.slice(question + 1)];
}

function noUpgrade(request: IncomingMessage): Reply {
  return text(
    `No WebSocket UPGRADE hdr: ${request.headers.upgrade ?? 'None'}\n Can "Upgrade" only to "WebSocket".`,
    400,
  );
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  if (response.headersSent || response.destroyed) return;
  const { body, afterwards } = reply;
  if (afterwards) response.on('finish', afterwards);
  // As aiohttp, headers go out as UTF-8 (a file name in Content-Disposition); Node takes each byte as one character.
  const bytesOf = (value: string) => Buffer.from(value, 'utf8').toString('latin1');
  const headers = Object.entries(reply.headers).map(([name, value]): [string, string] => [name, bytesOf(value)]);
  response.writeHead(reply.status, { ...Object.fromEntries(headers), Server: 'ComfyUI-simulator' });
  if (!request.complete) throwAwayRest(request);
  if (body instanceof Readable) {
    if (request.method === 'HEAD') {
      body.destroy();
      response.end();
      return;
    }
    body.on('error', () => response.destroy());
    response.on('close', () => body.destroy());
    body.pipe(response);
    return;
  }
  if (body === 'chunked-empty') response.end();
  else response.end(body);
}

/** An answer may come before the end of a body that is not wanted; the client gets some time to finish sending it. */
function throwAwayRest(request: IncomingMessage): void {
  const timer = setTimeout(() => request.destroy(), lingeringMs);
  request.on('close', () => clearTimeout(timer));
  request.resume();
}
