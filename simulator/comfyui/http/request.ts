/** One request as the routes see it: path parameters, query, and its body read within the size limit. */
import type { IncomingMessage } from 'node:http';
import { bodyTooLarge, ReplyError } from './reply.ts';

export interface RouteRequest {
  method: string;
  /** Decoded values of the `{name}` parts of the route. */
  parameters: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  /** The request itself, for routes that stream. */
  raw: IncomingMessage;
  maxBodyBytes: number;
}

/** The whole body. Over the limit it throws the 413 that aiohttp gives. */
export async function readBody(request: RouteRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await consumeBody(request, (chunk) => {
    chunks.push(chunk);
  });
  return Buffer.concat(chunks);
}

/**
 * Hands the body on piece by piece; `take` may ask for a pause by returning a promise. Over the limit, or when `take`
 * fails, it rejects and leaves the request open (what still comes is thrown away), so that the answer can be written.
 */
export function consumeBody(request: RouteRequest, take: (chunk: Buffer) => Promise<void> | void): Promise<void> {
  const { raw, maxBodyBytes } = request;
  return new Promise((resolve, reject) => {
    let size = 0;
    let over = false;
    const stop = (error: unknown) => {
      over = true;
      raw.resume();
      reject(error);
    };
    raw.on('data', (chunk: Buffer) => {
      if (over) return;
      size += chunk.length;
      if (size > maxBodyBytes) return stop(new ReplyError(bodyTooLarge(maxBodyBytes)));
      const pause = take(chunk);
      if (!pause) return;
      raw.pause();
      pause.then(() => raw.resume(), stop);
    });
    raw.on('end', resolve);
    raw.on('error', reject);
    raw.on('close', () => reject(new Error('the client went away')));
  });
}

/** The body as JSON whatever its Content-Type says. Throws SyntaxError, also for an empty body. */
export async function readJson(request: RouteRequest): Promise<unknown> {
  return JSON.parse((await readBody(request)).toString('utf8'));
}

/** The body as an object; like Python, anything without keys is an error and ends as a 500. */
export async function readJsonObject(request: RouteRequest): Promise<Record<string, unknown>> {
  const value = await readJson(request);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('expected a JSON object');
  return value as Record<string, unknown>;
}
