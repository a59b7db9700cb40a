/**
 * One keep-alive connection to ComfyUI that carries one request at a time. Reads into one buffer shared by all connections,
 * which is why a body chunk is valid during the call only. Knows nothing of clients, waking or retries.
 *
 * Our own, and not undici's client: that one waits two turns of the event loop between requests, copies each byte through
 * WebAssembly and cannot pass on request trailers or a 100 (Continue). Measured: bench/gateway.
 */
import { connect } from 'node:net';
import type { RequestFraming } from './request-framing.ts';
import type { ResponseHead } from './response-head.ts';
import { createResponseReader } from './response-reader.ts';

/** Who is told of one answer. Every call comes from the connection's own events, never from within `begin`. */
export interface Exchange {
  readonly method: string;
  onInformation(head: ResponseHead): void;
  onHead(head: ResponseHead): void;
  /** `chunk` is valid during the call only. */
  onBody(chunk: Buffer, last: boolean): void;
  /** @param trailers names and values in turn */
  onEnd(trailers: readonly string[]): void;
  /** Everything that has arrived was told. @returns false to read no more until `resume` */
  onRead(): boolean;
  /** The request's body may go on. */
  onDrain(): void;
  onFail(failure: UpstreamFailure): void;
}

export interface UpstreamFailure {
  /** For a person: `connect ECONNREFUSED 127.0.0.1:8199`. */
  readonly reason: string;
  /** Nothing of the answer had come. */
  readonly unanswered: boolean;
  /** The connection had carried an earlier request: it may just have died of old age. */
  readonly reused: boolean;
}

export interface UpstreamConnection {
  /** Sends the head of a request; the answer goes to `exchange`. */
  begin(exchange: Exchange, head: string, framing: RequestFraming): void;
  /** @returns false when the sender should wait for `onDrain` */
  sendBody(chunk: Buffer): boolean;
  /** @param trailers names and values in turn; only of a chunked body */
  endBody(trailers: readonly string[]): void;
  resume(): void;
  /** Ends the connection without a word to its exchange. */
  destroy(): void;
}

export interface UpstreamConnectionDeps {
  readonly host: string;
  readonly port: number;
  /** The answer was read to its end and the connection can carry another request. */
  readonly onFree: (connection: UpstreamConnection) => void;
  /** It must not be used again; may be told several times. */
  readonly onGone: (connection: UpstreamConnection) => void;
}

/** Larger reads are fewer turns: 64 KiB moves 1.1 GB/s on the bench machine, 256 KiB 1.4. */
export const READ_BYTES = 256 * 1024;
const readBuffer = Buffer.allocUnsafeSlow(READ_BYTES);

export function openUpstreamConnection(deps: UpstreamConnectionDeps): UpstreamConnection {
  let exchange: Exchange | null = null;
  let served = 0;
  let answered = false;
  let chunked = false;
  let bodySent = true;
  let lastError: Error | null = null;

  const reader = createResponseReader({
    onInformation: (head) => exchange?.onInformation(head),
    onHead: (head) => exchange?.onHead(head),
    onBody: (chunk, last) => exchange?.onBody(chunk, last),
    onEnd(trailers) {
      const ending = exchange;
      if (ending === null) return;
      exchange = null;
      served += 1;
      // An answer before the whole request: what is still to come of its body must not look like the next request.
      if (bodySent && reader.reusable()) deps.onFree(connection);
      else socket.destroy();
      ending.onEnd(trailers);
    },
  });

  const socket = connect({
    host: deps.host,
    port: deps.port,
    noDelay: true,
    onread: {
      buffer: readBuffer,
      callback(byteCount) {
        answered = true;
        const reading = exchange;
        try {
          reader.read(readBuffer.subarray(0, byteCount));
        } catch (error) {
          fail(error instanceof Error ? error.message : String(error));
          socket.destroy();
          return true;
        }
        // An idle connection is always read: that is how its end is noticed.
        return reading === null || reading.onRead() || exchange !== reading;
      },
    },
  });
  socket.on('drain', () => exchange?.onDrain());
  socket.on('error', (error) => {
    lastError = error;
    deps.onGone(connection);
  });
  socket.on('end', () => {
    deps.onGone(connection);
    try {
      reader.end();
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    }
  });
  socket.on('close', () => {
    fail(lastError?.message ?? 'the connection was closed');
    deps.onGone(connection);
  });

  function fail(reason: string): void {
    const failing = exchange;
    if (failing === null) return;
    exchange = null;
    failing.onFail({ reason, unanswered: !answered, reused: served > 0 });
  }

  const connection: UpstreamConnection = {
    begin(next, head, framing) {
      exchange = next;
      answered = false;
      chunked = framing.kind === 'chunked';
      bodySent = framing.kind === 'none' || (framing.kind === 'length' && Number(framing.bytes) === 0);
      reader.expect(next.method);
      socket.write(head, 'latin1');
    },
    sendBody(chunk) {
      // An empty chunk would be the end of a chunked body.
      if (chunk.length === 0) return true;
      if (!chunked) return socket.write(chunk);
      socket.cork();
      socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
      socket.write(chunk);
      const more = socket.write('\r\n', 'latin1');
      socket.uncork();
      return more;
    },
    endBody(trailers) {
      if (bodySent) return;
      bodySent = true;
      if (!chunked) return;
      let end = '0\r\n';
      for (let index = 0; index + 1 < trailers.length; index += 2)
        end += `${trailers[index]}: ${trailers[index + 1]}\r\n`;
      socket.write(`${end}\r\n`, 'latin1');
    },
    resume() {
      socket.resume();
    },
    destroy() {
      exchange = null;
      socket.destroy();
    },
  };
  return connection;
}
