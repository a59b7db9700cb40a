/**
 * Asks the running ComfyUI for what is kept, beside the gateway and so without counting as anybody's activity, without anybody's cookies,
 * whole and unencoded: what comes back is what everybody may have.
 */
import { Agent, request } from 'undici';
import { urlHost } from '../comfyui/client.ts';
import { readBounded } from '../platform/bounded-body.ts';
import type { ComfyAddress } from '../supervisor/supervisor.ts';
import type { AnswerToSend } from './send-answer.ts';

export interface QuietRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  /** Path and query. */
  readonly target: string;
  /** ComfyUI's name of a person; null or empty for nobody in particular. */
  readonly user: string | null;
  readonly body?: { readonly bytes: Buffer; readonly type: string | null };
}

export interface QuietClient {
  /** Rejects when ComfyUI does not answer in time, or with more than 64 MiB. */
  ask(address: ComfyAddress, asked: QuietRequest, signal: AbortSignal): Promise<AnswerToSend>;
  close(): Promise<void>;
}

const MAX_BYTES = 64 * 1024 * 1024;
/** A node that holds Python's lock delays every answer. */
const TIMEOUT_MS = 60_000;

/** Belongs to the connection or to the moment, or is made anew when it is sent. */
const NOT_KEPT: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** @param headers names and values in turn */
export const keptFields = (headers: readonly string[]): string[] =>
  headers.filter((_, at) => !NOT_KEPT.has((headers[at - (at % 2)] ?? '').toLowerCase()));

export function createQuietClient(): QuietClient {
  const agent = new Agent({ connections: 3, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  return {
    async ask({ host, port }, { method = 'GET', target, user, body }, signal) {
      const answer = await request(`http://${urlHost(host)}:${port}${target}`, {
        method,
        dispatcher: agent,
        signal,
        // As it was written: names and values in turn.
        responseHeaders: 'raw',
        headers: {
          ...(user === null || user === '' ? {} : { 'comfy-user': user }),
          ...(body === undefined || body.type === null ? {} : { 'content-type': body.type }),
        },
        ...(body === undefined ? {} : { body: body.bytes }),
      });
      const bytes = await readBounded(answer.body, MAX_BYTES);
      return { status: answer.statusCode, headers: keptFields(answer.headers as unknown as string[]), body: bytes };
    },
    close: () => agent.destroy(),
  };
}
