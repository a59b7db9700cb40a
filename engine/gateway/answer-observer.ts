/** Reads along with one small JSON answer on its way to the client, and changes nothing of it. */
import type { Exchange } from './upstream-connection.ts';

export interface ObservedAnswer {
  readonly status: number;
  /** Null when it was no JSON, or too long. */
  readonly json: unknown;
}

const MOST_BYTES = 4 * 1024 * 1024;

/** @param onAnswer called once, when the whole answer has come; never for one that broke off */
export function observeAnswer(pass: Exchange, onAnswer: (answer: ObservedAnswer) => void): Exchange {
  let status = 0;
  let bytes = 0;
  let chunks: Buffer[] = [];

  return {
    method: pass.method,
    onInformation: (head) => pass.onInformation(head),
    onHead(head) {
      status = head.status;
      pass.onHead(head);
    },
    onBody(chunk, last) {
      bytes += chunk.length;
      if (bytes <= MOST_BYTES) chunks.push(Buffer.from(chunk));
      pass.onBody(chunk, last);
    },
    onRead: () => pass.onRead(),
    onEnd(trailers) {
      onAnswer({ status, json: bytes <= MOST_BYTES ? jsonOf(Buffer.concat(chunks)) : null });
      chunks = [];
      pass.onEnd(trailers);
    },
    onDrain: () => pass.onDrain(),
    onFail: (failure) => pass.onFail(failure),
  };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
