/** Asks the engine over its HTTP API and checks what it says against the contract. Prints nothing. */
import type { Readable } from 'node:stream';
import { createParser } from 'eventsource-parser';
import { type Dispatcher, request } from 'undici';
import { z } from 'zod';
import { EVENT_NAMES, EVENT_SCHEMAS, type EventName, type EventPayload } from '../contract/events.ts';
import { stringifyExactly } from '../contract/exact-json.ts';
import { MANAGER_ROUTES } from '../contract/manager-api.ts';
import { CommandFailure, engineNotRunning } from './command-failure.ts';
import type { EngineAddress } from './engine-address.ts';

export type EngineEvent = {
  [Name in EventName]: { readonly name: Name; readonly value: EventPayload[Name] };
}[EventName];

export interface EngineClient {
  readonly url: string;
  /** @throws CommandFailure with the engine's own error, or exit 3 when nobody answers */
  get<Answer>(path: string, schema: z.ZodType<Answer>): Promise<Answer>;
  /** Waits as long as the engine takes: a start may take an hour. @throws as get */
  post<Answer>(path: string, body: object, schema: z.ZodType<Answer>): Promise<Answer>;
  /** Sends a file. @throws as get */
  upload<Answer>(path: string, content: Readable, schema: z.ZodType<Answer>): Promise<Answer>;
  /** @throws as get */
  delete<Answer>(path: string, schema: z.ZodType<Answer>): Promise<Answer>;
  /** The bytes of an answer. @throws as get */
  download(path: string): Promise<AsyncIterable<Uint8Array>>;
  /** Ends when `signal` aborts; a stream that the engine ends, or that breaks, throws. */
  events(topics: readonly EventName[], signal: AbortSignal): AsyncGenerator<EngineEvent>;
}

const ErrorBodySchema = z.object({
  source: z.literal('stoker'),
  error: z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) }),
});

export function createEngineClient({ url, token }: EngineAddress): EngineClient {
  async function send(path: string, options: Partial<Dispatcher.RequestOptions>): Promise<Dispatcher.ResponseData> {
    const headers = { accept: 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
    try {
      return await request(`${url}${path}`, {
        headersTimeout: 0,
        bodyTimeout: 0,
        ...options,
        headers: { ...headers, ...(options.body ? { 'content-type': 'application/json' } : {}), ...options.headers },
      });
    } catch (error) {
      if (options.signal instanceof AbortSignal && options.signal.aborted) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw engineNotRunning(`Stoker does not answer at ${url}: ${reason}.`);
    }
  }

  async function ask<Answer>(
    path: string,
    schema: z.ZodType<Answer>,
    options: Partial<Dispatcher.RequestOptions> = {},
  ) {
    const response = await send(path, options);
    const text = await response.body.text();
    const answer = parseJson(text);
    if (response.statusCode >= 400) throw refusal(url, response.statusCode, answer);
    const checked = schema.safeParse(answer);
    if (!checked.success) throw notStoker(url, `it answered ${path} with something else`);
    return checked.data;
  }

  return {
    url,
    get: (path, schema) => ask(path, schema),
    post: (path, body, schema) => ask(path, schema, { method: 'POST', body: stringifyExactly(body) }),
    upload: (path, content, schema) =>
      ask(path, schema, { method: 'POST', body: content, headers: { 'content-type': 'application/octet-stream' } }),
    delete: (path, schema) => ask(path, schema, { method: 'DELETE' }),
    async download(path) {
      const { statusCode, body } = await send(path, {});
      if (statusCode >= 400) throw refusal(url, statusCode, parseJson(await body.text()));
      return body;
    },
    async *events(topics, signal) {
      const path = `${MANAGER_ROUTES.events}?topics=${topics.join(',')}`;
      const { statusCode, body } = await send(path, { signal });
      if (statusCode >= 400) throw refusal(url, statusCode, parseJson(await body.text()));
      const received: EngineEvent[] = [];
      const parser = createParser({
        onEvent(message) {
          const event = parseEvent(message.event, message.data);
          if (event !== null) received.push(event);
        },
      });
      const decoder = new TextDecoder();
      for await (const chunk of body) {
        parser.feed(decoder.decode(chunk, { stream: true }));
        yield* received.splice(0);
      }
      throw engineNotRunning(`The Stoker engine at ${url} has stopped.`);
    },
  };
}

/** Null for an event that this program does not know. */
function parseEvent(name: string | undefined, data: string): EngineEvent | null {
  const known = EVENT_NAMES.find((candidate) => candidate === name);
  if (known === undefined) return null;
  const value = EVENT_SCHEMAS[known].safeParse(parseJson(data));
  return value.success ? ({ name: known, value: value.data } as EngineEvent) : null;
}

function refusal(url: string, status: number, answer: unknown): CommandFailure {
  const body = ErrorBodySchema.safeParse(answer);
  return body.success ? new CommandFailure(body.data) : notStoker(url, `it answered with status ${status}`);
}

function notStoker(url: string, evidence: string): CommandFailure {
  return engineNotRunning(
    `What answers at ${url} is not a Stoker of this version: ${evidence}.`,
    'Check --url, or update so that command line and engine are of one version.',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
