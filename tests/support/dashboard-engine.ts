/**
 * A small real HTTP server that answers as the engine's manager API does, from fixtures, and serves the built dashboard.
 * It can die and come back on the same port. It decides nothing: what it answers is what the test gave it.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { z } from 'zod';
import { type DoctorReport, DoctorReportSchema, type Installation } from '../../contract/doctor.ts';
import { type Endpoint, EndpointsSchema } from '../../contract/endpoints.ts';
import { ERROR_CODES, type ErrorCode } from '../../contract/errors.ts';
import {
  EVENT_SCHEMAS,
  type EventName,
  type EventPayload,
  type Happening,
  type LogLine,
} from '../../contract/events.ts';
import type { GalleryItem } from '../../contract/gallery.ts';
import { type GpuHistory, type GpuHistoryRange, GpuHistorySchema, type GpuSnapshot } from '../../contract/gpu.ts';
import { HappeningsSchema, LogsSchema, MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type EndpointHas, EndpointHasSchema } from '../../contract/parity.ts';
import { type Savings, SavingsSchema } from '../../contract/savings.ts';
import { SecretsAnswerSchema } from '../../contract/secrets.ts';
import { type SettingsAnswer, SettingsAnswerSchema } from '../../contract/settings.ts';
import { type SettingsFile, SettingsFileSchema } from '../../contract/settings-file.ts';
import { type Status, StatusSchema } from '../../contract/status.ts';
import { type Server, ServersSchema, type ServerTest } from '../../contract/targets.ts';
import { TokensSchema } from '../../contract/tokens.ts';
import { answerGallery } from './dashboard-gallery.ts';
import { answerJobs, type JobScene } from './dashboard-jobs.ts';

/** The one the engine sends; the dashboard must work under it. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const SERVER_TEST = new RegExp(`^${MANAGER_ROUTES.servers}/([^/]+)/test$`);

/** Everything a page can ask for. */
export interface Scene extends JobScene {
  readonly status: Status;
  readonly gpu: GpuSnapshot;
  readonly history: (range: GpuHistoryRange) => GpuHistory;
  readonly happenings: readonly Happening[];
  readonly log: readonly LogLine[];
  readonly settings: SettingsAnswer;
  readonly installations: readonly Installation[];
  readonly doctor: DoctorReport;
  readonly secrets: z.infer<typeof SecretsAnswerSchema>['secrets'];
  readonly tokens: z.infer<typeof TokensSchema>;
  readonly settingsFile: SettingsFile;
  readonly savings?: Savings;
  readonly endpoints: readonly Endpoint[];
  readonly servers: readonly Server[];
  readonly serverTest: (name: string) => ServerTest;
  /** Of every endpoint. */
  readonly has: EndpointHas;
  readonly gallery: readonly GalleryPicture[];
}

/** A file of the gallery with what its routes answer. */
export interface GalleryPicture {
  readonly item: GalleryItem;
  readonly file: Buffer;
  readonly thumbnail: Buffer | null;
  readonly workflow: string | null;
}

const NOTHING_SAVED: Savings = {
  since: 0,
  asleepSeconds: 0,
  gpuHours: null,
  wattHours: null,
  idleWatts: null,
  asleepWatts: null,
  remote: { today: 0, month: 0, days: [] },
};

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What a test makes of a POST or PATCH: the answer's body, or a refusal. Undefined: the scene's status. */
export type Answerer = (
  request: RecordedRequest,
) => { readonly body: unknown } | { readonly refusal: Refusal } | undefined;

export interface DashboardEngine {
  readonly url: string;
  readonly port: number;
  scene(): Scene;
  /** Changes what is answered and pushes a new status or GPU reading to every open stream. */
  setScene(changes: Partial<Scene>): void;
  push<Name extends EventName>(name: Name, payload: EventPayload[Name]): void;
  /** Changing requests so far, oldest first. */
  requests(): readonly RecordedRequest[];
  /** Topics of every open event stream. */
  openStreams(): readonly (readonly string[])[];
  onChange(answerer: Answerer): void;
  /** Every POST and PATCH is refused with this. */
  refuseChanges(refusal: Refusal): void;
  /** `GET` of this path is refused with this. */
  refuseReads(path: string, refusal: Refusal): void;
  /** Every API request is refused with this; null takes it back. */
  refuseAll(refusal: Refusal | null): void;
  /** Drops every connection and stops listening. */
  die(): Promise<void>;
  /** Listens again on the same port. */
  revive(): Promise<void>;
  close(): Promise<void>;
}

export async function startDashboardEngine(rendererFolder: string, firstScene: Scene): Promise<DashboardEngine> {
  let scene = firstScene;
  let refusal: Refusal | null = null;
  const refusedReads = new Map<string, Refusal>();
  let answerer: Answerer = () => undefined;
  const recorded: RecordedRequest[] = [];
  const streams = new Map<ServerResponse, readonly string[]>();
  const sockets = new Set<Socket>();

  function send<Name extends EventName>(stream: ServerResponse, name: Name, payload: EventPayload[Name]): void {
    stream.write(`event: ${name}\ndata: ${JSON.stringify(EVENT_SCHEMAS[name].parse(payload))}\n\n`);
  }

  function push<Name extends EventName>(name: Name, payload: EventPayload[Name]): void {
    for (const [stream, topics] of streams) if (topics.includes(name)) send(stream, name, payload);
  }

  function openStream(url: URL, response: ServerResponse): void {
    const topics = (url.searchParams.get('topics') ?? '').split(',');
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    response.write(': here\n\n');
    streams.set(response, topics);
    response.on('close', () => streams.delete(response));
    if (topics.includes('gpu')) send(response, 'gpu', scene.gpu);
    if (topics.includes('log') && scene.log.length > 0) send(response, 'log', scene.log.slice(-500));
    if (topics.includes('status')) send(response, 'status', scene.status);
  }

  function read(url: URL): unknown {
    const range = url.searchParams.get('range') === 'day' ? 'day' : 'hour';
    const lines = Number(url.searchParams.get('lines') ?? 500);
    const file = '/home/mira/.local/share/stoker/logs/comfyui.log';
    const answers: Readonly<Record<string, () => unknown>> = {
      [MANAGER_ROUTES.status]: () => checked(StatusSchema, scene.status),
      [MANAGER_ROUTES.logs]: () => checked(LogsSchema, { lines: scene.log.slice(-lines), file }),
      [MANAGER_ROUTES.happenings]: () => checked(HappeningsSchema, { happenings: [...scene.happenings] }),
      [MANAGER_ROUTES.settings]: () => checked(SettingsAnswerSchema, scene.settings),
      [MANAGER_ROUTES.doctor]: () => checked(DoctorReportSchema, scene.doctor),
      [MANAGER_ROUTES.installations]: () => ({ installations: scene.installations }),
      [MANAGER_ROUTES.secrets]: () => checked(SecretsAnswerSchema, { secrets: [...scene.secrets] }),
      [MANAGER_ROUTES.tokens]: () => checked(TokensSchema, scene.tokens),
      [MANAGER_ROUTES.settingsExport]: () => checked(SettingsFileSchema, scene.settingsFile),
      [MANAGER_ROUTES.endpoints]: () => checked(EndpointsSchema, { endpoints: [...scene.endpoints] }),
      [MANAGER_ROUTES.servers]: () => checked(ServersSchema, { servers: [...scene.servers] }),
      [MANAGER_ROUTES.savings]: () => checked(SavingsSchema, scene.savings ?? NOTHING_SAVED),
      [MANAGER_ROUTES.gpuHistory]: () => checked(GpuHistorySchema, scene.history(range)),
    };
    if (url.pathname.endsWith('/has')) return checked(EndpointHasSchema, scene.has);
    return answers[url.pathname]?.();
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://engine');
    const method = request.method ?? 'GET';
    const isData = url.pathname === MANAGER_ROUTES.settingsExport;
    if (method === 'GET' && !isData && request.headers.accept?.includes('text/html') === true) {
      return sendFile(response, join(rendererFolder, 'index.html'), 'text/html; charset=utf-8');
    }
    if (url.pathname.startsWith('/manager/assets/')) {
      const path = join(rendererFolder, normalize(url.pathname.slice('/manager'.length)));
      return sendFile(response, path, MEDIA_TYPES[extname(path)] ?? 'application/octet-stream');
    }
    if (refusal !== null) return sendError(response, refusal);
    if (url.pathname === MANAGER_ROUTES.events) return openStream(url, response);
    if (method === 'GET' && url.pathname.startsWith(MANAGER_ROUTES.gallery)) {
      return answerGallery(url, response, scene.gallery);
    }
    if (method === 'GET') {
      const refusedRead = refusedReads.get(url.pathname);
      if (refusedRead !== undefined) return sendError(response, refusedRead);
      const jobs = answerJobs(scene, url);
      if (jobs !== undefined && 'bytes' in jobs) {
        response.writeHead(jobs.bytes === null ? 204 : 200, { 'content-type': 'image/png' }).end(jobs.bytes);
        return;
      }
      if (jobs !== undefined && 'refusal' in jobs) return sendError(response, jobs.refusal);
      const answer = jobs?.body ?? read(url);
      return answer === undefined
        ? sendError(response, { code: 'not_found', message: `Nothing at ${url.pathname}.` })
        : sendJson(response, 200, answer);
    }
    const change = {
      method,
      path: url.pathname + url.search,
      body: JSON.parse((await bodyOf(request)) || '{}') as unknown,
    };
    recorded.push(change);
    const tested = SERVER_TEST.exec(change.path)?.[1];
    const answer = answerer(change) ?? (tested === undefined ? undefined : { body: scene.serverTest(tested) });
    if (answer !== undefined && 'refusal' in answer) return sendError(response, answer.refusal);
    return sendJson(response, 200, answer?.body ?? scene.status);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      sendError(response, { code: 'internal', message: String(error) });
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const die = (): Promise<void> =>
    new Promise((resolve) => {
      if (!server.listening) return resolve();
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });

  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    scene: () => scene,
    setScene(changes) {
      scene = { ...scene, ...changes };
      if (changes.gpu !== undefined) push('gpu', scene.gpu);
      if (changes.status !== undefined) push('status', scene.status);
    },
    push,
    requests: () => recorded,
    openStreams: () => [...streams.values()],
    onChange: (wanted) => {
      answerer = wanted;
    },
    refuseChanges: (wanted) => {
      answerer = () => ({ refusal: wanted });
    },
    refuseReads: (path, wanted) => {
      refusedReads.set(path, wanted);
    },
    refuseAll: (wanted) => {
      refusal = wanted;
    },
    die,
    revive: () => listen(port),
    close: die,
  };
}

function checked<Schema extends z.ZodType>(schema: Schema, value: z.infer<Schema>): unknown {
  return schema.parse(value);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

async function sendFile(response: ServerResponse, path: string, type: string): Promise<void> {
  const body = await readFile(path);
  response.writeHead(200, { 'content-type': type, 'content-security-policy': CONTENT_SECURITY_POLICY }).end(body);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendError(response: ServerResponse, { code, message, details }: Refusal): void {
  const { status, next } = ERROR_CODES[code];
  sendJson(response, status, { source: 'stoker', error: { code, message, details: { next, ...details } } });
}
