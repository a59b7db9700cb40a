/**
 * Stands between ComfyUI's answer and its pass, for the one small JSON answer that the gateway adds to. Keeps no more than 1 MiB, and lets
 * everything through untouched that is not a plain, whole, successful JSON answer.
 */
import type { ResponseHead } from './response-head.ts';
import { type Exchange, READ_BYTES } from './upstream-connection.ts';

/** A list of extensions is some kilobytes; what is longer is something else. */
export const MOST_REWRITTEN_BYTES = 1024 * 1024;

/** What no longer holds once the body is another. */
const BODY_FIELDS: ReadonlySet<string> = new Set([
  'accept-ranges',
  'content-digest',
  'content-md5',
  'digest',
  'etag',
  'last-modified',
  'repr-digest',
]);

/** @param rewrite null leaves the answer as it is */
export function rewriteAnswer(pass: Exchange, rewrite: (body: Buffer) => Buffer | null): Exchange {
  let held: { readonly head: ResponseHead; readonly chunks: Buffer[]; bytes: number } | null = null;

  function letGo(last: boolean): void {
    if (held === null) return;
    const { head, chunks } = held;
    held = null;
    pass.onHead(head);
    for (const [index, chunk] of chunks.entries()) pass.onBody(chunk, last && index === chunks.length - 1);
  }

  return {
    method: pass.method,
    onInformation: (head) => pass.onInformation(head),
    onHead(head) {
      if (!isPlainJson(head)) pass.onHead(head);
      // It tells the length of an answer that nobody would get.
      else if (head.framing.kind === 'none') pass.onHead({ ...withoutBodyFields(head), contentLength: null });
      else held = { head, chunks: [], bytes: 0 };
    },
    onBody(chunk, last) {
      if (held === null) {
        pass.onBody(chunk, last);
        return;
      }
      held.chunks.push(Buffer.from(chunk));
      held.bytes += chunk.length;
      if (held.bytes > MOST_REWRITTEN_BYTES) letGo(last);
    },
    onRead: () => held !== null || pass.onRead(),
    onEnd(trailers) {
      const body = held === null ? null : rewrite(Buffer.concat(held.chunks));
      if (held === null || body === null) {
        letGo(true);
        pass.onEnd(trailers);
        return;
      }
      const { head } = held;
      held = null;
      pass.onHead({
        ...withoutBodyFields(head),
        contentLength: String(body.length),
        framing: { kind: 'length', bytes: body.length },
        trailer: null,
      });
      for (let at = 0; at < body.length; at += READ_BYTES) {
        pass.onBody(body.subarray(at, at + READ_BYTES), at + READ_BYTES >= body.length);
      }
      pass.onEnd([]);
    },
    onDrain: () => pass.onDrain(),
    onFail(failure) {
      held = null;
      pass.onFail(failure);
    },
  };
}

function isPlainJson({ status, headers, framing }: ResponseHead): boolean {
  if (status !== 200 || (framing.kind === 'length' && framing.bytes > MOST_REWRITTEN_BYTES)) return false;
  const type = fieldOf(headers, 'content-type');
  const encoding = fieldOf(headers, 'content-encoding');
  return (
    /^application\/json\s*(?:;|$)/i.test(type ?? '') && (encoding === null || encoding.toLowerCase() === 'identity')
  );
}

function fieldOf(headers: readonly string[], wanted: string): string | null {
  const index = headers.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === wanted);
  return index === -1 ? null : (headers[index + 1] ?? null);
}

const withoutBodyFields = (head: ResponseHead): ResponseHead => ({
  ...head,
  headers: head.headers.filter((_, at) => !BODY_FIELDS.has((head.headers[at - (at % 2)] ?? '').toLowerCase())),
});
