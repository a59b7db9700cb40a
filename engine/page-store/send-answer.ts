/**
 * Writes a kept answer or a file as the answer of a request, with conditions and ranges, compressed where there is such a copy. Decides
 * nothing about who may have it.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CompressedCopy } from './compressed-copies.ts';
import { type FileValidators, judgeFile } from './file-conditions.ts';

export interface FileToSend extends FileValidators {
  readonly path: string;
  /** Names and values in turn; without validators and length. */
  readonly headers: readonly string[];
}

export interface AnswerToSend {
  readonly status: number;
  /** Names and values in turn, as ComfyUI sent them; without Content-Length. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

type Asking = Pick<IncomingMessage, 'method' | 'headers'>;

/**
 * The response is broken off when the file cannot be read on.
 * @param copy goes out in the file's place where all of it is asked for
 */
export async function sendFile(
  asking: Asking,
  response: ServerResponse,
  file: FileToSend,
  copy: CompressedCopy | null = null,
): Promise<void> {
  const { method, headers: asked } = asking;
  const fields = [...file.headers, ...validatorFields(file)];
  const verdict = judgeFile(asked, file);
  switch (verdict.kind) {
    case 'preconditionFailed':
      response.writeHead(412, [...file.headers, 'Content-Length', '0']).end();
      return;
    case 'notModified':
      response.writeHead(304, fields).end();
      return;
    case 'unsatisfiable':
      response.writeHead(416, [...file.headers, 'Content-Range', `bytes */${file.bytes}`, 'Content-Length', '0']).end();
      return;
    case 'whole':
      if (copy !== null && (await sendCopy(asking, response, fields, copy))) return;
      response.writeHead(200, [...fields, 'Accept-Ranges', 'bytes', 'Content-Length', `${file.bytes}`]);
      if (method === 'HEAD') response.end();
      else await sendPart(response, file.path, 0, file.bytes - 1);
      return;
    case 'part': {
      const { first, last } = verdict;
      const length = `${last - first + 1}`;
      const range = `bytes ${first}-${last}/${file.bytes}`;
      response.writeHead(206, [...fields, 'Accept-Ranges', 'bytes', 'Content-Length', length, 'Content-Range', range]);
      if (method === 'HEAD') response.end();
      else await sendPart(response, file.path, first, last);
    }
  }
}

/** In one piece up to this many bytes: a page is hundreds of small files. */
const ONE_PIECE_BYTES = 256 * 1024;

/** @param last is sent too; before `first` there is nothing to send */
async function sendPart(response: ServerResponse, path: string, first: number, last: number): Promise<void> {
  const bytes = last - first + 1;
  if (bytes <= 0) {
    response.end();
    return;
  }
  if (bytes > ONE_PIECE_BYTES) {
    createReadStream(path, { start: first, end: last, highWaterMark: ONE_PIECE_BYTES })
      .on('error', () => response.destroy())
      .pipe(response);
    return;
  }
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(bytes), 0, bytes, first);
    // It became shorter since it was looked at: what was promised cannot be kept.
    if (bytesRead < bytes) response.destroy();
    else response.end(buffer);
  } finally {
    await handle.close();
  }
}

/** @returns false when it is damaged; then nothing was sent */
async function sendCopy(
  { method }: Asking,
  response: ServerResponse,
  fields: readonly string[],
  { encoding, bytes, read }: CompressedCopy,
): Promise<boolean> {
  const body = method === 'HEAD' ? null : await read().catch(() => null);
  if (body === null && method !== 'HEAD') return false;
  const etag = fieldOf(fields, 'etag');
  const head = [
    ...withoutFields(fields, OF_THE_WHOLE),
    // Weak, because these are other bytes of the same; ComfyUI knows it again either way.
    ...(etag === null ? [] : ['Etag', etag.startsWith('W/') ? etag : `W/${etag}`]),
    'Content-Encoding',
    encoding,
    'Vary',
    'Accept-Encoding',
    'Content-Length',
    `${bytes}`,
  ];
  response.writeHead(200, head).end(body ?? undefined);
  return true;
}

/** Means nothing in an encoded answer, which has no ranges here. */
const OF_THE_WHOLE: ReadonlySet<string> = new Set(['etag', 'accept-ranges']);

/**
 * Conditions count where ComfyUI's own answer had validators: without, it gives the whole each time too.
 * @param copy goes out in the body's place where all of it is asked for
 */
export async function sendAnswer(
  asking: Asking,
  response: ServerResponse,
  { status, headers, body }: AnswerToSend,
  copy: CompressedCopy | null = null,
): Promise<void> {
  const etag = fieldOf(headers, 'etag')?.replace(/^(?:W\/)?"(.*)"$/, '$1') ?? null;
  const lastModified = Date.parse(fieldOf(headers, 'last-modified') ?? '');
  const modified = Number.isNaN(lastModified) ? null : lastModified;
  const isFile = status === 200 && fieldOf(headers, 'accept-ranges') === 'bytes';
  const verdict = isFile
    ? judgeFile(asking.headers, { etag, modified, bytes: body.length })
    : { kind: 'whole' as const };
  const isHead = asking.method === 'HEAD';
  switch (verdict.kind) {
    case 'whole':
      if (status === 200 && copy !== null && (await sendCopy(asking, response, headers, copy))) return;
      response.writeHead(status, [...headers, 'Content-Length', `${body.length}`]).end(isHead ? undefined : body);
      return;
    case 'part': {
      const part = body.subarray(verdict.first, verdict.last + 1);
      const range = `bytes ${verdict.first}-${verdict.last}/${body.length}`;
      response.writeHead(206, [...headers, 'Content-Length', `${part.length}`, 'Content-Range', range]);
      response.end(isHead ? undefined : part);
      return;
    }
    case 'notModified':
      response.writeHead(304, withoutFields(headers, RANGES)).end();
      return;
    case 'preconditionFailed':
      response.writeHead(412, ['Content-Length', '0']).end();
      return;
    case 'unsatisfiable':
      response.writeHead(416, ['Content-Range', `bytes */${body.length}`, 'Content-Length', '0']).end();
  }
}

/** The value of a field among names and values in turn. */
export function fieldOf(headers: readonly string[], wanted: string): string | null {
  const index = headers.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === wanted);
  return index === -1 ? null : (headers[index + 1] ?? null);
}

const validatorFields = ({ etag, modified }: FileValidators): string[] => [
  ...(etag === null ? [] : ['Etag', `"${etag}"`]),
  ...(modified === null ? [] : ['Last-Modified', new Date(modified).toUTCString()]),
];

/** Names and values in turn, without the fields of these names (in small letters). */
export const withoutFields = (headers: readonly string[], names: ReadonlySet<string>): string[] =>
  headers.filter((_, at) => !names.has((headers[at - (at % 2)] ?? '').toLowerCase()));

const RANGES: ReadonlySet<string> = new Set(['accept-ranges']);
