/** The control API under `/manager`: a request handler, so that the gateway's own server decides what reaches it. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { EVENT_NAMES } from '../../contract/events.ts';
import { MANAGER_PREFIX, MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { AppError } from '../platform/app-error.ts';
import type { Log } from '../platform/log.ts';
import { createApp } from './app.ts';
import { type CheckRooms, registerCheck } from './check.ts';
import { type CourtesyRooms, registerCourtesy } from './courtesy.ts';
import { registerEndpoints } from './endpoints.ts';
import { createEventStreams, type EventSources, type EventStreams, parseTopics } from './events.ts';
import { type GalleryRooms, registerGallery } from './gallery.ts';
import { type JobPreviewRooms, registerJobPreview } from './job-preview.ts';
import { type JobThumbnailRooms, registerJobThumbnail } from './job-thumbnail.ts';
import type { JobRooms } from './jobs.ts';
import { type ManagerRooms, registerManagerRoutes } from './manager.ts';
import { type PromptRooms, registerPrompts } from './prompts.ts';
import { type QuitRooms, registerQuit } from './quit.ts';
import { registerSavings, type SavingsRooms } from './savings.ts';
import { registerSecrets, type SecretRooms } from './secrets.ts';
import { registerServers } from './servers.ts';
import { registerSettingsTransfer, type SettingsTransferRooms } from './settings-transfer.ts';
import { registerTokens, type TokenRooms } from './tokens.ts';
import { registerWork } from './work-routes.ts';

/** Pages alone, without data at their addresses. */
const PAGES_ALONE = ['queue', 'gallery', 'targets', 'endpoints', 'welcome'].map((name) => `${MANAGER_PREFIX}/${name}`);
const JOB_PAGE = new RegExp(`^${MANAGER_PREFIX}/jobs/[^/]+$`);

/** The page talks to its own origin alone; styles of components are inline. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

export interface ManagerApiDeps {
  readonly rooms: ManagerRooms &
    CheckRooms &
    QuitRooms &
    CourtesyRooms &
    PromptRooms &
    JobRooms &
    JobPreviewRooms &
    SavingsRooms &
    TokenRooms &
    GalleryRooms &
    JobThumbnailRooms &
    SecretRooms &
    SettingsTransferRooms;
  readonly events: EventSources;
  /** Where the built dashboard lies (`index.html`, `assets/`). */
  readonly rendererFolder: string;
  readonly version: string;
  readonly log: Log;
}

export interface ManagerApi {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** How many event streams are open. */
  streams(): number;
  close(): Promise<void>;
}

export async function createManagerApi(deps: ManagerApiDeps): Promise<ManagerApi> {
  const app = await createApp(
    {
      title: 'Stoker manager API',
      description:
        'Start, stop and watch the supervised ComfyUI. Every other path of this address belongs to ComfyUI itself.',
      version: deps.version,
    },
    deps.log,
  );
  const streams = createEventStreams(deps.events);
  await app.register(async (scope) => {
    registerManagerRoutes(scope, deps.rooms);
    registerQuit(scope, deps.rooms);
    registerCourtesy(scope, deps.rooms);
    registerCheck(scope, deps.rooms);
    registerPrompts(scope, deps.rooms);
    registerWork(scope, deps.rooms);
    registerJobPreview(scope, deps.rooms);
    registerJobThumbnail(scope, deps.rooms);
    registerSavings(scope, deps.rooms);
    registerTokens(scope, deps.rooms);
    registerServers(scope, deps.rooms);
    registerEndpoints(scope, deps.rooms);
    registerGallery(scope, deps.rooms);
    registerSecrets(scope, deps.rooms);
    registerSettingsTransfer(scope, deps.rooms);
    registerEvents(scope, streams);
    scope.get(MANAGER_ROUTES.openapi, { schema: { hide: true } }, async () => app.swagger());
  });
  await registerPage(app, deps.rendererFolder);
  await app.ready();

  return {
    handle: (request, response) => app.routing(request, response),
    streams: () => streams.count(),
    async close() {
      streams.close();
      await app.close();
    },
  };
}

function registerEvents(app: FastifyInstance, streams: EventStreams): void {
  app.get<{ Querystring: { topics?: string } }>(
    MANAGER_ROUTES.events,
    { schema: { tags: ['state'], summary: `Server-sent events; ?topics=${EVENT_NAMES.join(',')}` } },
    (request, reply) => {
      const topics = parseTopics(request.query.topics);
      if ('unknown' in topics) throw new AppError('invalid_request', `There is no event topic "${topics.unknown}".`);
      reply.hijack();
      streams.open(request.raw, reply.raw, topics);
    },
  );
}

/** Pages share their paths with the API (`/manager/logs`): who asks for HTML gets the page, everyone else the data. */
async function registerPage(app: FastifyInstance, folder: string): Promise<void> {
  const indexHtml = readFileSync(join(folder, 'index.html'), 'utf8');
  const pages = new Set<string>([
    MANAGER_PREFIX,
    MANAGER_ROUTES.logs,
    MANAGER_ROUTES.settings,
    MANAGER_ROUTES.doctor,
    ...PAGES_ALONE,
  ]);

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    if (request.method !== 'GET' && request.method !== 'HEAD') return;
    const path = (request.url.split('?')[0] ?? '').replace(/\/$/, '');
    const wantsPage = path === MANAGER_PREFIX || request.headers.accept?.includes('text/html') === true;
    if (!wantsPage || !(pages.has(path) || JOB_PAGE.test(path))) return;
    await reply
      .header('content-security-policy', CONTENT_SECURITY_POLICY)
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(indexHtml);
  });
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: `${MANAGER_PREFIX}/assets/`,
    immutable: true,
    maxAge: '1y',
  });
}
