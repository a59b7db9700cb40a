/**
 * The port for programs: it listens while there is a token and not a moment longer, and follows its settings at once. What is asked there is
 * none of its business.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { urlHost } from '../../comfyui/client.ts';
import { sendJson } from '../../gateway/error-answer.ts';
import { answerMalformed } from '../../gateway/malformed-request.ts';
import { listenError, PLAIN_CONNECTIONS, reachableHost, SERVER_LIMITS } from '../../gateway/server-limits.ts';
import { type AppError, toAppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Door } from './door.ts';
import type { Tokens } from './tokens.ts';

export interface ApiPort {
  /** Opens, closes or moves it where that is needed; resolves when it is as it should be, or why not is known. */
  adjust(): Promise<void>;
  state(): { readonly url: string | null; readonly problem: string | null };
  close(): Promise<void>;
}

export interface ApiPortDeps {
  readonly place: () => { readonly host: string; readonly port: number };
  readonly tokens: Pick<Tokens, 'list'>;
  readonly door: Door;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Tells the user why it does not listen. */
  readonly tell: (message: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

interface Open {
  readonly server: Server;
  readonly place: string;
  readonly url: string;
}

export function createApiPort(deps: ApiPortDeps): ApiPort {
  const { tokens, door, log } = deps;
  /** What is being answered, by the token that asked. */
  const answers = new Map<ServerResponse, string>();
  let open: Open | null = null;
  let problem: string | null = null;
  let closed = false;
  let adjusting: Promise<void> = Promise.resolve();

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const entered = door.enter(request);
    if (!('token' in entered)) {
      refuse(response, entered);
      return;
    }
    answers.set(response, entered.token);
    response.on('close', () => answers.delete(response));
    deps.handle(request, response);
  }

  async function listen(host: string, port: number): Promise<Open> {
    const server = createServer(SERVER_LIMITS, onRequest);
    server.maxHeadersCount = 0;
    server.maxConnections = PLAIN_CONNECTIONS;
    server.on('clientError', (error, socket) => answerMalformed(error, socket, deps.clock));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(listenError(error, host, port, 'api.host')));
      server.listen({ host, port }, resolve);
    });
    server.removeAllListeners('error');
    server.on('error', (error) => log.error({ error: String(error) }, 'the API port failed'));
    const bound = server.address() as AddressInfo;
    return { server, place: `${host}:${port}`, url: `http://${urlHost(reachableHost(host))}:${bound.port}` };
  }

  async function shut({ server }: Open): Promise<void> {
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await ended;
  }

  async function adjust(): Promise<void> {
    const names = new Set(tokens.list().map(({ name }) => name));
    // A stream that a revoked token has opened would go on for hours.
    for (const [response, token] of answers) if (!names.has(token)) response.destroy();
    const { host, port } = deps.place();
    const wanted = names.size === 0 || closed ? null : `${host}:${port}`;
    if (open !== null && open.place !== wanted) {
      const before = open;
      open = null;
      await shut(before);
    }
    if (wanted === null || open !== null) {
      problem = null;
      return;
    }
    try {
      open = await listen(host, port);
      problem = null;
      log.info({ url: open.url }, 'the API port listens');
    } catch (error) {
      problem = toAppError(error).message;
      log.warn({ problem }, 'the API port does not listen');
      deps.tell(`The API port does not listen: ${problem}`);
    }
  }

  function adjustInTurn(): Promise<void> {
    adjusting = adjusting.then(adjust);
    return adjusting;
  }

  return {
    adjust: adjustInTurn,
    state: () => ({ url: open?.url ?? null, problem }),
    close() {
      closed = true;
      return adjustInTurn();
    },
  };
}

function refuse(response: ServerResponse, error: AppError): void {
  sendJson(response, error.status, error.toBody(), {
    ...(error.status === 401 ? { 'WWW-Authenticate': 'Bearer realm="Stoker"' } : {}),
    ...(error.status === 429 ? { 'Retry-After': '1' } : {}),
  });
}
