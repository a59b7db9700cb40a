/** Takes a copy of ComfyUI's answer while it passes. The client's answer is neither delayed nor changed; a long one is not copied. */
import type { ResponseHead } from './response-head.ts';
import type { Exchange } from './upstream-connection.ts';

export interface CopiedAnswer {
  readonly status: number;
  /** End-to-end fields, names and values in turn; without Content-Length. */
  readonly headers: readonly string[];
  /** Null when it was too long, encoded or broken off, or when there was none to see: only the head is known then. */
  readonly body: Buffer | null;
}

const MOST_COPIED_BYTES = 64 * 1024 * 1024;

/** @param onOver called once, when all of it has passed; not when it was broken off */
export function copyAnswer(pass: Exchange, onOver: (answer: CopiedAnswer) => void): Exchange {
  let head: ResponseHead | null = null;
  let chunks: Buffer[] | null = null;
  let bytes = 0;
  return {
    method: pass.method,
    onInformation: (information) => pass.onInformation(information),
    onHead(received) {
      // A copy: the pass adds fields of its own.
      head = { ...received, headers: [...received.headers] };
      const isEncoded = received.headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'content-encoding');
      chunks = pass.method === 'GET' && !isEncoded ? [] : null;
      pass.onHead(received);
    },
    onBody(chunk, last) {
      bytes += chunk.length;
      if (bytes > MOST_COPIED_BYTES) chunks = null;
      // It is valid during the call only.
      chunks?.push(Buffer.from(chunk));
      pass.onBody(chunk, last);
    },
    onRead: () => pass.onRead(),
    onEnd(trailers) {
      pass.onEnd(trailers);
      if (head !== null) {
        onOver({ status: head.status, headers: head.headers, body: chunks === null ? null : Buffer.concat(chunks) });
      }
    },
    onDrain: () => pass.onDrain(),
    onFail: (failure) => pass.onFail(failure),
  };
}
