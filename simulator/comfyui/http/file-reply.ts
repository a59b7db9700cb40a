/** A file as an answer: ETag and Last-Modified with their conditions, and one byte range. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Reply } from './reply.ts';

export interface FileFacts {
  etag: string;
  modified: Date;
  size: number;
}

/** A file on disk, streamed. Undefined when there is no such file. */
export async function fileReply(
  file: string,
  asked: IncomingHttpHeaders,
  headers: Record<string, string>,
): Promise<Reply | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  const size = Number(found.size);
  const etag = `"${found.mtimeNs.toString(16)}-${size.toString(16)}"`;
  return conditionalReply(asked, { etag, modified: found.mtime, size }, headers, (start, end) =>
    size === 0 ? Buffer.alloc(0) : createReadStream(file, { start, end }),
  );
}

/** What the conditions of the request make of a file: 200, 206, 304, 412 or 416. `read` gives the bytes start … end. */
export function conditionalReply(
  asked: IncomingHttpHeaders,
  { etag, modified, size }: FileFacts,
  headers: Record<string, string>,
  read: (start: number, end: number) => Buffer | Readable,
): Reply {
  // HTTP dates have seconds only.
  const seconds = new Date(Math.floor(modified.getTime() / 1000) * 1000);
  const validators = { Etag: etag, 'Last-Modified': seconds.toUTCString() };
  if (preconditionFailed(asked, etag, seconds)) {
    return { status: 412, headers: { ...headers, 'Content-Length': '0' }, body: Buffer.alloc(0) };
  }
  if (notModified(asked, etag, seconds)) {
    return { status: 304, headers: { ...headers, ...validators }, body: Buffer.alloc(0) };
  }
  const range = wantedRange(asked, seconds, size);
  if (range === 'unsatisfiable') {
    return { status: 416, headers: { ...headers, 'Content-Range': `bytes */${size}` }, body: 'chunked-empty' };
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  return {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      ...validators,
      'Accept-Ranges': 'bytes',
      'Content-Length': String(end - start + 1),
      ...(range ? { 'Content-Range': `bytes ${start}-${end}/${size}` } : {}),
    },
    body: read(start, end),
  };
}

function preconditionFailed(asked: IncomingHttpHeaders, etag: string, modified: Date): boolean {
  const wanted = asked['if-match'];
  if (wanted !== undefined) return !lists(wanted, etag);
  return modified.getTime() > Date.parse(asked['if-unmodified-since'] ?? '');
}

function notModified(asked: IncomingHttpHeaders, etag: string, modified: Date): boolean {
  const known = asked['if-none-match'];
  if (known !== undefined) return lists(known, etag);
  return modified.getTime() <= Date.parse(asked['if-modified-since'] ?? '');
}

function lists(tags: string, etag: string): boolean {
  return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}

type Range = { start: number; end: number };

/** One range only, as aiohttp; If-Range counts when it is a date and is ignored when it is an ETag. */
function wantedRange(asked: IncomingHttpHeaders, modified: Date, size: number): Range | 'unsatisfiable' | undefined {
  const { range, 'if-range': onlyIf } = asked;
  if (range === undefined) return undefined;
  if (modified.getTime() > Date.parse(String(onlyIf ?? ''))) return undefined;
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  if (from === '' && to === '') return 'unsatisfiable';
  if (from === '') return { start: Math.max(0, size - Number(to)), end: size - 1 };
  const start = Number(from);
  if (start >= size || (to !== '' && Number(to) < start)) return 'unsatisfiable';
  return { start, end: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}
