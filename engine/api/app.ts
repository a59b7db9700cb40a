/**
 * What every HTTP face of the engine is made of: fastify on a request handler, zod at its borders, errors in the one shape of ours, and
 * JSON whose long numbers are kept (a seed in a workflow). Knows no route.
 */
import type { IncomingMessage } from 'node:http';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance, type FastifySerializerCompiler } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { z } from 'zod';
import { hasLongNumber, parseExactly, stringifyExactly } from '../../contract/exact-json.ts';
import { AppError, toAppError } from '../platform/app-error.ts';
import type { Log } from '../platform/log.ts';

export interface AppWords {
  readonly title: string;
  readonly description: string;
  readonly version: string;
  /** A path as the clients of this face know it. */
  readonly pathOf?: (url: string) => string;
  /** The route a request means. */
  readonly rewrite?: (url: string) => string;
}

const MAX_BODY_BYTES = 1024 * 1024;

/** Register the routes in a scope of its own (`app.register`), so that the description of the API sees them. */
export async function createApp(
  { title, description, version, pathOf, rewrite }: AppWords,
  log: Log,
): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    logger: false,
    routerOptions: { ignoreTrailingSlash: true },
    rewriteUrl: ({ url = '/' }: IncomingMessage) => rewrite?.(url) ?? url,
  });
  readExactly(app);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(writeExactly);
  answerErrors(app, log);
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title, version, description } },
    transform(document) {
      const transformed = jsonSchemaTransform(document);
      return pathOf === undefined ? transformed : { ...transformed, url: pathOf(transformed.url) };
    },
  });
  return app;
}

/** After fastify's own parser, for its refusals: `__proto__` among them. */
function readExactly(app: FastifyInstance): void {
  const parsePlainly = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    parsePlainly(request, body, (error, value) =>
      done(error, error === null && hasLongNumber(body) ? parseExactly(body) : value),
    );
  });
}

const writeExactly: FastifySerializerCompiler<z.ZodType> = (route) => {
  const writePlainly = serializerCompiler(route);
  return (data) => {
    try {
      return writePlainly(data);
    } catch (error) {
      // What JSON cannot write is a bigint.
      if (!(error instanceof TypeError)) throw error;
      return stringifyExactly(z.encode(route.schema, data));
    }
  };
};

function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => {
    const known = asAppError(error);
    if (known.code === 'internal') log.error({ err: error, url: request.url }, 'manager request failed');
    if (known.retryable && known.status === 503) reply.header('retry-after', '5');
    return reply.status(known.status).send(known.toBody());
  });
  app.setNotFoundHandler((request, reply) => {
    const missing = new AppError(
      'not_found',
      `Stoker has nothing at ${request.method} ${request.originalUrl.split('?')[0]}.`,
    );
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
