/**
 * One request on its way to ComfyUI and its answer on the way back, streamed with back pressure both ways and never
 * buffered whole. Decides nothing about access or waking; whoever fails first ends the other side.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { Activity } from './activity.ts';
import type { BodyBuffers } from './body-buffers.ts';
import { forwardableTrailers } from './hop-by-hop.ts';
import type { RequestFraming } from './request-framing.ts';
import type { ResponseHead } from './response-head.ts';
import type { Exchange, UpstreamConnection, UpstreamFailure } from './upstream-connection.ts';
import type { UpstreamPool } from './upstream-pool.ts';

/** What moves now, for the idle policy: a long request body, a long answer, or neither. */
export type PassPhase = 'upload' | 'request' | 'download';

export interface PassDeps {
  readonly pool: UpstreamPool;
  readonly buffers: BodyBuffers;
  readonly clock: Clock;
  /** Answers in ComfyUI's place; the response has not begun. */
  readonly refuse: (request: IncomingMessage, response: ServerResponse, error: AppError) => void;
  /** Called once, however it ended. */
  readonly onOver: (pass: Pass) => void;
  /** What stands between ComfyUI's answer and the pass, if anything does. */
  readonly through?: (pass: Exchange) => Exchange;
}

/** Up to here a whole body is written together with the head, in one piece. */
const ONE_PIECE_BYTES = 16 * 1024;
/** More than this on its way to a client that reads slowly, and ComfyUI has to wait. */
const MOST_UNSENT_BYTES = 256 * 1024;
/** A client may finish sending a body that nobody wants, so that it reads the answer; then it is cut off. */
const UNWANTED_BODY_MS = 30_000;
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A class, because thousands a second are made and its methods are then shared. */
export class Pass implements Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** Whether it keeps ComfyUI awake while it lasts. */
  readonly counts: boolean;
  /** Its place in the watch's list, which is the watch's business. */
  watchIndex = -1;
  readonly #head: string;
  readonly #framing: RequestFraming;
  readonly #deps: PassDeps;
  readonly #exchange: Exchange;
  /** A body that was read before; null when it is still to be read from the request. */
  readonly #body: Buffer | null;
  #connection: UpstreamConnection | null = null;
  #retried = false;
  #requestSent: boolean;
  #answering = false;
  #headFlushed = false;
  #unsentBytes = 0;
  #over = false;

  /**
   * @param head of the request as ComfyUI is to get it
   * @param body null when it is read from the request
   */
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    head: string,
    framing: RequestFraming,
    activity: Activity,
    deps: PassDeps,
    body: Buffer | null = null,
  ) {
    this.request = request;
    this.response = response;
    this.method = request.method ?? 'GET';
    this.counts = activity !== 'neutral';
    this.#head = head;
    this.#framing = framing;
    this.#requestSent = framing.kind === 'none';
    this.#deps = deps;
    this.#body = body;
    this.#exchange = deps.through === undefined ? this : deps.through(this);
  }

  start(): void {
    this.#send(this.#deps.pool.take());
    this.response.on('close', () => this.#clientClosed());
    if (this.#body !== null) this.#sendBodyAtHand(this.#body);
    else if (!this.#requestSent) this.#pumpRequestBody();
  }

  phase(): PassPhase {
    if (!this.#requestSent) return 'upload';
    return this.#answering ? 'download' : 'request';
  }

  /** Grows whenever the client's side moves, and so whenever either does: nothing is kept in between. */
  movedBytes(): number {
    const { socket } = this.request;
    return socket.bytesRead + socket.bytesWritten - socket.writableLength;
  }

  /** Gives up waiting for ComfyUI. */
  abort(error: AppError): void {
    if (this.#over) return;
    this.#connection?.destroy();
    this.#fail(error);
  }

  onInformation(head: ResponseHead): void {
    const { response } = this;
    if (this.request.httpVersion !== '1.1' || response.headersSent) return;
    if (head.status === 100) {
      if (this.request.headers.expect !== undefined) response.writeContinue();
    } else if (head.status === 102) {
      response.writeProcessing();
    } else if (head.status === 103) {
      passEarlyHints(response, head);
    }
  }

  onHead(head: ResponseHead): void {
    const { response } = this;
    const { headers, contentLength } = head;
    if (head.trailer !== null && head.framing.kind === 'chunked' && this.request.httpVersion === '1.1') {
      headers.push('Trailer', head.trailer);
    }
    // Last, because node re-encodes a Content-Disposition that comes after it.
    if (contentLength !== null) headers.push('Content-Length', contentLength);
    response.writeHead(head.status, head.statusText, headers);
    this.#answering = true;
  }

  onBody(chunk: Buffer, last: boolean): void {
    const { response } = this;
    if (last && !this.#headFlushed && chunk.length <= ONE_PIECE_BYTES) {
      // The string is the copy, and goes out in one write with the head.
      this.#headFlushed = true;
      response.end(chunk.toString('latin1'), 'latin1');
      return;
    }
    this.#headFlushed = true;
    const copy = this.#deps.buffers.copy(chunk);
    const { length } = chunk;
    this.#unsentBytes += length;
    response.write(copy, () => this.#sent(copy, length));
  }

  onRead(): boolean {
    if (this.#answering && !this.#headFlushed) {
      // Not flushHeaders(): it would write the head as UTF-8.
      this.#headFlushed = true;
      this.response.write('', 'latin1');
    }
    return this.#unsentBytes <= MOST_UNSENT_BYTES;
  }

  onEnd(trailers: readonly string[]): void {
    const { response } = this;
    this.#connection = null;
    this.#headFlushed = true;
    if (trailers.length > 0) addTrailers(response, trailers);
    if (!response.writableEnded) response.end();
    this.#finish();
  }

  onDrain(): void {
    this.request.resume();
  }

  onFail(failure: UpstreamFailure): void {
    this.#connection = null;
    if (this.#mayRetry(failure)) {
      this.#retried = true;
      this.#send(this.#deps.pool.takeNew());
      return;
    }
    this.#fail(new AppError('upstream_unreachable', `ComfyUI did not answer this request: ${failure.reason}.`));
  }

  #send(connection: UpstreamConnection): void {
    this.#connection = connection;
    connection.begin(this.#exchange, this.#head, this.#framing);
  }

  /** An idle connection may die as it is used; what changes nothing and has no body can be asked again. */
  #mayRetry({ unanswered, reused }: UpstreamFailure): boolean {
    return reused && unanswered && !this.#retried && this.#framing.kind === 'none' && SAFE_METHODS.has(this.method);
  }

  #sendBodyAtHand(body: Buffer): void {
    this.#requestSent = true;
    this.#connection?.sendBody(body);
    this.#connection?.endBody([]);
  }

  #pumpRequestBody(): void {
    const { request } = this;
    request.on('data', (chunk: Buffer) => {
      if (this.#connection !== null && !this.#connection.sendBody(chunk)) request.pause();
    });
    request.on('end', () => {
      if (this.#requestSent) return;
      this.#requestSent = true;
      this.#connection?.endBody(forwardableTrailers(request.rawTrailers));
    });
  }

  #sent(copy: Buffer, length: number): void {
    this.#deps.buffers.release(copy);
    const wasFull = this.#unsentBytes > MOST_UNSENT_BYTES;
    this.#unsentBytes -= length;
    if (wasFull && this.#unsentBytes <= MOST_UNSENT_BYTES) this.#connection?.resume();
  }

  #clientClosed(): void {
    if (this.#over) return;
    this.#connection?.destroy();
    this.#connection = null;
    this.#finish();
  }

  #fail(error: AppError): void {
    const { request, response } = this;
    this.#connection = null;
    if (this.#answering) {
      // A clean end would pass a torn answer off as a whole one.
      request.socket.resetAndDestroy();
    } else {
      this.#deps.refuse(request, response, error);
    }
    this.#finish();
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    if (!this.#requestSent) this.#discardRequestBody();
    this.#deps.onOver(this);
  }

  /** ComfyUI answered without waiting for the whole body; many clients read the answer only when they may finish sending. */
  #discardRequestBody(): void {
    const { request } = this;
    request.resume();
    if (request.complete || request.destroyed) return;
    const cancel = this.#deps.clock.after(UNWANTED_BODY_MS, () => request.socket.destroy());
    request.once('close', cancel);
  }
}

function passEarlyHints(response: ServerResponse, head: ResponseHead): void {
  const hints: Record<string, string | string[]> = {};
  const links: string[] = [];
  for (let index = 0; index + 1 < head.headers.length; index += 2) {
    const name = head.headers[index] ?? '';
    const value = head.headers[index + 1] ?? '';
    if (name.toLowerCase() === 'link') links.push(value);
    else hints[name] = value;
  }
  // Hints are a courtesy: one that node does not accept is left out.
  try {
    if (links.length > 0) response.writeEarlyHints({ ...hints, link: links });
  } catch {
    return;
  }
}

function addTrailers(response: ServerResponse, trailers: readonly string[]): void {
  const fields: [string, string][] = [];
  const kept = forwardableTrailers(trailers);
  for (let index = 0; index + 1 < kept.length; index += 2) fields.push([kept[index] ?? '', kept[index + 1] ?? '']);
  response.addTrailers(fields);
}
