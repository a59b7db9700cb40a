/** Answers in the forms aiohttp gives them. A handler returns one; only http/server.ts writes it to the socket. */
import type { Readable } from 'node:stream';
import { pythonJson } from './python-json.ts';

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer | Readable | 'chunked-empty';
  /** Called once the answer has been handed to the system. */
  afterwards?: () => void;
}

/** Thrown by a handler to answer at once, as aiohttp's HTTP exceptions do. */
export class ReplyError extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super(`reply ${reply.status}`);
    this.reply = reply;
  }
}

export function json(value: unknown, status = 200): Reply {
  return bytes(Buffer.from(pythonJson(value), 'latin1'), 'application/json; charset=utf-8', status);
}

/** A body that was serialised before, for answers that do not change. */
export function bytes(body: Buffer, contentType: string, status = 200, headers: Record<string, string> = {}): Reply {
  return { status, headers: { ...headers, 'Content-Type': contentType, 'Content-Length': String(body.length) }, body };
}

export function text(body: string, status: number, headers: Record<string, string> = {}): Reply {
  return bytes(Buffer.from(body), 'text/plain; charset=utf-8', status, headers);
}

const nothing = Buffer.alloc(0);

/** Content-Length 0 and no type. */
export function empty(status: number): Reply {
  return { status, headers: { 'Content-Length': '0' }, body: nothing };
}

/** What ComfyUI's file responses say of a path they do not know (404) or do not give (403). */
export function noSuchFile(status: 403 | 404 = 404): Reply {
  return { status, headers: { 'Content-Type': 'application/octet-stream' }, body: 'chunked-empty' };
}

/** An exception in a handler, seen from outside: also the answer to JSON that cannot be read. */
export function serverError(): Reply {
  return text('500 Internal Server Error\n\nServer got itself in trouble', 500, { Connection: 'close' });
}

export function methodNotAllowed(allowed: readonly string[]): Reply {
  return text('405: Method Not Allowed', 405, { Allow: [...allowed].sort().join(',') });
}

export function bodyTooLarge(maxBytes: number): Reply {
  return text(`Maximum request body size ${maxBytes} exceeded.`, 413);
}
