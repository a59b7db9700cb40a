/**
 * The one script Stoker adds to ComfyUI's page: an entry more in ComfyUI's list of extensions, and the script itself, answered here, also
 * while ComfyUI sleeps. What is in it is nobody's business here.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface PageScript {
  /** Where the page finds it: a path below `/extensions/`. */
  readonly path: string;
  readonly content: Buffer;
}

/** ComfyUI's list of the scripts its page loads; with or without `/api`. */
export const EXTENSION_LIST = '/extensions';

/** A request with one of these could be answered with what cannot be read here, or with less than the whole. */
const SHAPING_FIELDS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
]);

/**
 * The fields of a request for the list that bring the whole list as it is.
 * @param rawHeaders names and values in turn
 */
export const wholeAnswerFields = (rawHeaders: readonly string[]): string[] =>
  rawHeaders.filter((_, index) => !SHAPING_FIELDS.has((rawHeaders[index - (index % 2)] ?? '').toLowerCase()));

/**
 * @param list ComfyUI's answer
 * @returns the list with `path` in it, or null when it is no JSON list of texts, or has it already
 */
export function withEntry(list: Buffer, path: string): Buffer | null {
  let entries: unknown;
  try {
    entries = JSON.parse(list.toString('utf8'));
  } catch {
    return null;
  }
  if (!Array.isArray(entries) || entries.some((entry) => typeof entry !== 'string') || entries.includes(path))
    return null;
  return Buffer.from(JSON.stringify([...entries, path]));
}

/** Of a GET or HEAD. The browser asks each time whether it is still the same: an update of Stoker shows at the next load. */
export function answerPageScript(request: IncomingMessage, response: ServerResponse, { content }: PageScript): void {
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
  const fields = { ETag: etag, 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff' };
  if (isKnown(request.headers['if-none-match'], etag)) {
    response.writeHead(304, fields).end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': 'text/javascript; charset=utf-8',
    'Content-Length': content.length,
    ...fields,
  });
  response.end(request.method === 'HEAD' ? undefined : content);
}

const isKnown = (field: string | undefined, etag: string): boolean =>
  field?.split(',').some((known) => known.trim().replace(/^W\//, '') === etag) === true;
