/** The control API under `/manager`: fastify on a request handler, so that the gateway's own server decides what reaches it. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { MANAGER_PREFIX, MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { AppError, toAppError } from '../platform/app-error.ts';
import type { Log } from '../platform/log.ts';
import { type CheckRooms, registerCheck } from './check.ts';
import { type CourtesyRooms, registerCourtesy } from './courtesy.ts';
import { registerEndpoints } from './endpoints.ts';
import { createEventStreams, type EventSources, type EventStreams, parseTopics } from './events.ts';
import { type JobPreviewRooms, registerJobPreview } from './job-preview.ts';
import { type JobRooms, registerJobs } from './jobs.ts';
import { type ManagerRooms, registerManagerRoutes } from './manager.ts';
import { type PromptRooms, registerPrompts } from './prompts.ts';
import { type QuitRooms, registerQuit } from './quit.ts';
import { registerSavings, type SavingsRooms } from './savings.ts';
import { registerSecrets, type SecretRooms } from './secrets.ts';
import { registerSettingsTransfer, type SettingsTransferRooms } from './settings-transfer.ts';

/** The guide of the first run; a page alone, without data of its own. */
const WELCOME_PAGE = `${MANAGER_PREFIX}/welcome`;

const MAX_BODY_BYTES = 1024 * 1024;

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
  const app = Fastify({ bodyLimit: MAX_BODY_BYTES, logger: false, routerOptions: { ignoreTrailingSlash: true } });
  const streams = createEventStreams(deps.events);

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app, deps.log);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Stoker manager API',
        version: deps.version,
        description:
          'Start, stop and watch the supervised ComfyUI. Every other path of this address belongs to ComfyUI itself.',
      },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(async (scope) => {
    registerManagerRoutes(scope, deps.rooms);
    registerQuit(scope, deps.rooms);
    registerCourtesy(scope, deps.rooms);
    registerCheck(scope, deps.rooms);
    registerPrompts(scope, deps.rooms);
    registerJobs(scope, deps.rooms);
    registerJobPreview(scope, deps.rooms);
    registerSavings(scope, deps.rooms);
    registerEndpoints(scope, deps.rooms);
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
    { schema: { tags: ['state'], summary: 'Server-sent events; ?topics=status,gpu,log,happening,promptEnd' } },
    (request, reply) => {
      const topics = parseTopics(request.query.topics);
      if ('unknown' in topics) throw new AppError('invalid_request', `There is no event topic "${topics.unknown}".`);
      reply.hijack();
      streams.open(request.raw, reply.raw, topics);
    },
  );
}

function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => {
    const known = asAppError(error);
    if (known.code === 'internal') log.error({ err: error, url: request.url }, 'manager request failed');
    if (known.retryable && known.status === 503) reply.header('retry-after', '5');
    return reply.status(known.status).send(known.toBody());
  });
  app.setNotFoundHandler((request, reply) => {
    const missing = new AppError('not_found', `Stoker has nothing at ${request.method} ${request.url.split('?')[0]}.`);
    return reply.status(missing.status).send(missing.toBody());
  });
}

function asAppError(error: unknown): AppError {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields: Record<string, string> = {};
    for (const issue of error.validation)
      fields[issue.instancePath.replace(/^\//, '').replaceAll('/', '.')] = issue.message ?? 'is not valid';
    return new AppError('invalid_request', 'The request has fields that are not valid.', { details: { fields } });
  }
  // Fastify's own refusals (body too large, wrong media type, bad JSON) carry a 4xx status.
  if (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode < 500
  ) {
    return new AppError('invalid_request', error.message);
  }
  return toAppError(error);
}

/** Pages share their paths with the API (`/manager/logs`): who asks for HTML gets the page, everyone else the data. */
async function registerPage(app: FastifyInstance, folder: string): Promise<void> {
  const indexHtml = readFileSync(join(folder, 'index.html'), 'utf8');
  const pages = new Set([
    MANAGER_PREFIX,
    MANAGER_ROUTES.logs,
    MANAGER_ROUTES.settings,
    MANAGER_ROUTES.doctor,
    WELCOME_PAGE,
  ]);

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    if (request.method !== 'GET' && request.method !== 'HEAD') return;
    const path = (request.url.split('?')[0] ?? '').replace(/\/$/, '');
    const wantsPage = path === MANAGER_PREFIX || request.headers.accept?.includes('text/html') === true;
    if (!wantsPage || !pages.has(path)) return;
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
