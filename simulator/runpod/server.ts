/** The sockets of the RunPod simulator: `/v2/{endpoint}/…` for clients, the worker loop for workers, `/simulation/…` for tests. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { RunpodArguments } from './arguments.ts';
import { type Answer, createEndpoint, type Endpoint } from './endpoint.ts';
import { createFaults, type Faults, type Operation } from './faults.ts';
import { answerWorker } from './worker-loop.ts';

const MOST_BODY_BYTES = 64 * 1024 * 1024;

const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  run: ['POST'],
  runsync: ['POST'],
  status: ['GET', 'POST'],
  cancel: ['POST'],
  retry: ['POST'],
  'purge-queue': ['POST'],
  health: ['GET'],
};

export interface RunpodServer {
  readonly server: Server;
  close(): void;
}

export function createRunpodServer(options: RunpodArguments): RunpodServer {
  const faults = createFaults();
  const endpoint = createEndpoint(options, faults);
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) reply(response, refusal(500, String(error)));
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://simulator');
    const body = await readBody(request);
    const method = request.method ?? 'GET';
    const answer = url.pathname.startsWith('/simulation/')
      ? simulate(url.pathname, body, endpoint, faults)
      : (workerAnswer(method, url.pathname, body) ?? (await clientAnswer(request, url, method, body)));
    if (answer === 'drop') request.socket.destroy();
    else if (answer === 'malformed') response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"');
    else reply(response, answer);
  }

  const workerAnswer = (method: string, path: string, body: string): Answer | null =>
    options.workers.kind === 'loop' ? answerWorker(endpoint.book, faults, method, path, body) : null;

  async function clientAnswer(
    { headers }: IncomingMessage,
    url: URL,
    method: string,
    body: string,
  ): Promise<Answer | 'drop' | 'malformed'> {
    const [, version, endpointId, name = '', id = null] = url.pathname.split('/');
    const methods = OPERATIONS[name];
    if (version !== 'v2' || methods === undefined) return refusal(404, 'not found');
    if (!isAuthorized(headers.authorization, options.key)) return refusal(401, 'unauthorized');
    if (endpointId !== options.endpoint) return refusal(404, 'endpoint not found');
    if (!methods.includes(method)) return refusal(405, 'method not allowed');
    const operation = name as Operation;
    const fault = faults.answer(operation);
    if (typeof fault === 'number') return refusal(fault, `simulated ${fault}`);
    const answer = await endpoint.handle(operation, id, body, url.searchParams);
    return fault ?? answer;
  }

  return {
    server,
    close() {
      endpoint.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

function simulate(path: string, body: string, endpoint: Endpoint, faults: Faults): Answer {
  if (path === '/simulation/ledger') return { status: 200, body: { jobs: endpoint.book.ledger() } };
  if (path === '/simulation/inputs') return { status: 200, body: { jobs: endpoint.book.inputs() } };
  if (path !== '/simulation/faults') return refusal(404, 'not found');
  const problem = faults.set(body === '' ? {} : JSON.parse(body));
  return problem === null ? { status: 200, body: {} } : refusal(400, problem);
}

const refusal = (status: number, error: string): Answer => ({ status, body: { error } });

/** The SDK sends `Bearer <key>`; the documentation's examples send the key bare. */
const isAuthorized = (header: string | undefined, key: string): boolean => header === key || header === `Bearer ${key}`;

function reply(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === null ? undefined : JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) throw new Error('the body is too large for the simulator');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
