/** A real HTTP server with a data folder of its own that answers the command line as an engine does: what a test tells it to, nothing more. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { NO_COURTESY } from '../../contract/courtesy.ts';
import { ERROR_CODES, type ErrorBody, type ErrorCode } from '../../contract/errors.ts';
import { EVENT_SCHEMAS, type EventName, type EventPayload } from '../../contract/events.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { Status } from '../../contract/status.ts';
import { NO_JOBS, NO_PAGE } from '../../contract/status.ts';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly authorization: string | null;
}

export interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

export interface FakeEngine {
  readonly url: string;
  /** Holds an `engine.lock` that names this server. */
  readonly dataFolder: string;
  /** Every request but event streams, oldest first. */
  readonly seen: readonly SeenRequest[];
  /** @param route method and path, for example `GET /manager/status`; without an answer it is 404 */
  answer(route: string, answer: (request: SeenRequest) => Answer | Promise<Answer>): void;
  /** Resolves once that many event streams are open. */
  untilStreams(count: number): Promise<void>;
  /** What every new event stream begins with. */
  greet<Name extends EventName>(name: Name, value: EventPayload[Name]): void;
  emit<Name extends EventName>(name: Name, value: EventPayload[Name]): void;
  /** Ends every event stream, as an engine that stops does. */
  endStreams(): void;
  close(): Promise<void>;
}

function renderEvent<Name extends EventName>(name: Name, value: EventPayload[Name]): string {
  return `event: ${name}\ndata: ${JSON.stringify(EVENT_SCHEMAS[name].parse(value))}\n\n`;
}

export async function startFakeEngine(): Promise<FakeEngine> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'stoker-fake-engine-'));
  const answers = new Map<string, (request: SeenRequest) => Answer | Promise<Answer>>();
  const seen: SeenRequest[] = [];
  const streams = new Set<ServerResponse>();
  const waiting = new Set<() => void>();
  const greetings: string[] = [];

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://engine');
    const method = request.method ?? 'GET';
    if (url.pathname === MANAGER_ROUTES.events) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': open\n\n');
      for (const greeting of greetings) response.write(greeting);
      streams.add(response);
      response.once('close', () => streams.delete(response));
      for (const check of waiting) check();
      return;
    }
    const sent = await text(request);
    const one: SeenRequest = {
      method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: sent === '' ? null : JSON.parse(sent),
      authorization: request.headers.authorization ?? null,
    };
    seen.push(one);
    const answer = answers.get(`${method} ${url.pathname}`);
    const { status = 200, body } = (await answer?.(one)) ?? exampleError('not_found', 'There is nothing here.');
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const lock = { pid: process.pid, startToken: 't', nonce: 'n', since: new Date().toISOString(), url };
  writeFileSync(join(dataFolder, 'engine.lock'), JSON.stringify(lock));

  return {
    url,
    dataFolder,
    seen,
    answer: (route, answer) => void answers.set(route, answer),
    untilStreams: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (streams.size < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    greet: (name, value) => void greetings.push(renderEvent(name, value)),
    emit(name, value) {
      for (const stream of streams) stream.write(renderEvent(name, value));
    },
    endStreams() {
      for (const stream of streams) stream.end();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** An engine that has slept for ten minutes at 2026-11-21T06:10Z. */
export function exampleStatus(changes: Partial<Status> = {}): Status {
  return {
    state: 'stopped',
    reason: 'Asleep: nothing needed it for the idle time.',
    reasonCode: 'idle',
    pid: null,
    port: null,
    since: '2026-11-21T06:00:00.000Z',
    boot: null,
    retryAt: null,
    error: null,
    idle: {
      idleSeconds: 0,
      timeoutSeconds: 300,
      freesAt: null,
      stopsAt: null,
      freed: false,
      blockedBy: [],
      keepAwakeUntil: null,
      stopWhenDone: false,
    },
    queue: { running: 0, pending: 0, known: true, current: null, items: [] },
    courtesy: NO_COURTESY,
    jobs: NO_JOBS,
    page: NO_PAGE,
    gpus: [],
    gpuNote: 'No GPU was found.',
    gateway: { url: 'http://127.0.0.1:8188', heldRequests: 0, sockets: 0 },
    installation: { configured: true, label: '/opt/ComfyUI', comfyuiVersion: '0.3.64' },
    engine: { pid: 99, startedAt: '2026-11-21T06:00:00.000Z', demo: false, dataFolder: '/data' },
    version: '0.1.0',
    ...changes,
  };
}

/** The answer of an engine that refuses. */
export function exampleError(code: ErrorCode, message: string, details: Record<string, unknown> = {}): Answer {
  const body: ErrorBody = {
    source: 'stoker',
    error: { code, message, details: { next: ERROR_CODES[code].next, ...details } },
  };
  return { status: ERROR_CODES[code].status, body };
}
