/**
 * The engine's HTTP API on `node:http`: JSON, bytes, event streams. Knows one address; whether the engine behind it lives is for
 * engine-host.ts. The Electron of the tests has Node 16: no fetch.
 */
import { Agent, type IncomingMessage, request } from 'node:http';
import { z } from 'zod';
import { EngineRefusal } from './engine-link.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface EngineClient {
  readonly url: string;
  /**
   * A JSON answer; null for one without a body.
   * @param timeoutMs none: as long as the engine takes, since a start may take an hour
   * @throws EngineRefusal
   */
  json(method: Method, path: string, body?: unknown, timeoutMs?: number): Promise<unknown>;
  /** null on 404. @throws EngineRefusal also when it is longer than 8 MiB */
  download(path: string): Promise<{ readonly type: string; readonly body: Buffer } | null>;
  /** The head has come; the caller reads the body. @param silenceMs after which it is ended, before the head or in the body @throws EngineRefusal */
  stream(path: string, silenceMs: number): Promise<IncomingMessage>;
  /** Ends what is under way: it rejects with `unreachable`. */
  close(): void;
}

export const UNREACHABLE = 'unreachable';
const MAX_DOWNLOAD_BYTES = 8 * 1024 * 1024;
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

const RefusalSchema = z.object({
  source: z.literal('stoker'),
  error: z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()).default({}) }),
});

export interface EngineClientOptions {
  readonly url: string;
  /** Asked at every request: it may be changed in the settings. */
  readonly token: () => string | null;
}

export function createEngineClient({ url, token }: EngineClientOptions): EngineClient {
  const agent = new Agent({ keepAlive: true });

  /** Never logged and never in an error: the token is in its head. */
  function ask(
    method: Method,
    path: string,
    body: unknown,
    timeoutMs: number,
    accept: string,
  ): Promise<IncomingMessage> {
    const secret = token();
    const payload = body === undefined ? null : JSON.stringify(body);
    const headers = {
      accept,
      ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
      ...(payload === null
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) }),
    };
    return new Promise((resolve, reject) => {
      const asked = request(`${url}${path}`, { method, headers, agent, timeout: timeoutMs });
      asked.once('response', resolve);
      asked.once('timeout', () => asked.destroy(new Error(`no answer within ${Math.round(timeoutMs / 1000)} s`)));
      asked.once('error', (error) => reject(unreachable(error)));
      asked.end(payload ?? undefined);
    });
  }

  const unreachable = (error: unknown): EngineRefusal => {
    const reason = error instanceof Error ? error.message : String(error);
    return new EngineRefusal(UNREACHABLE, `Stoker does not answer at ${url}: ${reason}.`);
  };

  async function readAll(response: IncomingMessage, limitBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let length = 0;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length > limitBytes) throw new Error(`the answer is longer than ${limitBytes} bytes`);
        chunks.push(chunk);
      }
    } catch (error) {
      throw unreachable(error);
    }
    return Buffer.concat(chunks);
  }

  async function refusal(response: IncomingMessage): Promise<EngineRefusal> {
    const said = RefusalSchema.safeParse(parseJson((await readAll(response, MAX_ANSWER_BYTES)).toString('utf8'))).data;
    if (said !== undefined) return new EngineRefusal(said.error.code, said.error.message, said.error.details);
    return new EngineRefusal(
      'not_stoker',
      `What answers at ${url} is not a Stoker of this version: it answered with status ${response.statusCode}.`,
    );
  }

  return {
    url,
    async json(method, path, body, timeoutMs = 0) {
      const response = await ask(method, path, body, timeoutMs, 'application/json');
      if (isRefused(response)) throw await refusal(response);
      const text = (await readAll(response, MAX_ANSWER_BYTES)).toString('utf8');
      return text === '' ? null : (parseJson(text) ?? null);
    },
    async download(path) {
      const response = await ask('GET', path, undefined, 30_000, '*/*');
      if (response.statusCode === 404) {
        response.resume();
        return null;
      }
      if (isRefused(response)) throw await refusal(response);
      const body = await readAll(response, MAX_DOWNLOAD_BYTES);
      return { type: response.headers['content-type'] ?? 'application/octet-stream', body };
    },
    async stream(path, silenceMs) {
      const response = await ask('GET', path, undefined, silenceMs, 'text/event-stream');
      if (isRefused(response)) throw await refusal(response);
      return response;
    },
    close: () => agent.destroy(),
  };
}

const isRefused = (response: IncomingMessage): boolean => (response.statusCode ?? 500) >= 400;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
