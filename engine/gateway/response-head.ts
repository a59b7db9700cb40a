/** Reads the head of ComfyUI's answer: status, what its body's length is, and the fields the client may see. Pure. */
import { HOP_BY_HOP, namedByConnection } from './hop-by-hop.ts';

/** ComfyUI (or something on its port) sent what is not HTTP/1.1, or what can be read in two ways. */
export class MalformedAnswer extends Error {}

export type ResponseFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  /** The body ends with the connection. */
  | { readonly kind: 'untilClose' };

export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  /** End-to-end fields, names and values in turn, as received; without Content-Length and Trailer. */
  readonly headers: string[];
  /** As received; also on an answer to HEAD, which has no body. */
  readonly contentLength: string | null;
  readonly trailer: string | null;
  readonly framing: ResponseFraming;
  /** False: ComfyUI closes the connection after this answer. */
  readonly reusable: boolean;
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
const LENGTH = /^\d{1,15}$/;
const NO_BODY: ResponseFraming = { kind: 'none' };
const SPACE = 32;
const TAB = 9;

/**
 * @param text the head without its empty line, read as latin1
 * @param method of the request that is answered
 * @throws MalformedAnswer
 */
export function readResponseHead(text: string, method: string): ResponseHead {
  const lineEnd = text.indexOf('\r\n');
  const statusLine = STATUS_LINE.exec(lineEnd === -1 ? text : text.slice(0, lineEnd));
  if (statusLine === null) throw new MalformedAnswer('it does not begin with an HTTP/1.1 status line');
  const status = Number(statusLine[2]);
  const headers: string[] = [];
  let contentLength: string | null = null;
  let transferEncoding: string | null = null;
  let connection: string | null = null;
  let trailer: string | null = null;

  let start = lineEnd === -1 ? text.length : lineEnd + 2;
  while (start < text.length) {
    const found = text.indexOf('\r\n', start);
    const end = found === -1 ? text.length : found;
    const colon = text.indexOf(':', start);
    if (colon <= start || colon >= end || isBlank(text.charCodeAt(start)) || isBlank(text.charCodeAt(colon - 1))) {
      throw new MalformedAnswer('a header line has no proper name');
    }
    const name = text.slice(start, colon);
    const value = trimmed(text, colon + 1, end);
    const lowerName = name.toLowerCase();
    if (lowerName === 'content-length') {
      if (contentLength !== null || !LENGTH.test(value))
        throw new MalformedAnswer('its Content-Length is not one number');
      contentLength = value;
    } else if (lowerName === 'transfer-encoding') {
      transferEncoding = transferEncoding === null ? value : `${transferEncoding}, ${value}`;
    } else if (lowerName === 'connection') {
      connection = connection === null ? value : `${connection}, ${value}`;
    } else if (lowerName === 'trailer') {
      trailer = value;
    } else if (!HOP_BY_HOP.has(lowerName)) {
      headers.push(name, value);
    }
    start = end + 2;
  }

  const isHttp11 = statusLine[1] === '1';
  const framing = bodyFraming(method, status, contentLength, transferEncoding, isHttp11);
  return {
    status,
    statusText: statusLine[3] ?? '',
    headers: connection === null ? headers : withoutNamed(headers, connection),
    contentLength: status === 204 || status < 200 ? null : contentLength,
    trailer,
    framing,
    reusable: isHttp11 && framing.kind !== 'untilClose' && !(connection !== null && CLOSE.test(connection)),
  };
}

const CLOSE = /(?:^|,)\s*close\s*(?:,|$)/i;

/** RFC 9112 §6.3, without what is only tolerated there. */
function bodyFraming(
  method: string,
  status: number,
  contentLength: string | null,
  transferEncoding: string | null,
  isHttp11: boolean,
): ResponseFraming {
  if (transferEncoding !== null) {
    if (contentLength !== null) throw new MalformedAnswer('it has both Content-Length and Transfer-Encoding');
    if (!isHttp11 || transferEncoding.toLowerCase() !== 'chunked') {
      throw new MalformedAnswer(`its transfer encoding is "${transferEncoding}"`);
    }
  }
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return NO_BODY;
  if (transferEncoding !== null) return { kind: 'chunked' };
  if (contentLength !== null) return { kind: 'length', bytes: Number(contentLength) };
  return { kind: 'untilClose' };
}

function withoutNamed(headers: string[], connection: string): string[] {
  const named = namedByConnection(connection);
  if (named === null) return headers;
  const kept: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (!named.has(name.toLowerCase())) kept.push(name, headers[index + 1] ?? '');
  }
  return kept;
}

const isBlank = (code: number): boolean => code === SPACE || code === TAB;

function trimmed(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
