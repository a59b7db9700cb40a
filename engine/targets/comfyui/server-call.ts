/**
 * One HTTP call to a ComfyUI, and what its failure means in the one shape of ours. `details.mayHaveRun` tells of a call that may have been
 * carried out although no good answer came; whoever submits must know.
 */
import type { Readable } from 'node:stream';
import { type Agent, type Dispatcher, request } from 'undici';
import { stringifyExactly } from '../../../contract/exact-json.ts';
import { fieldsOf, textOf } from '../../comfyui/json-fields.ts';
import { AppError } from '../../platform/app-error.ts';
import { readBounded } from '../../platform/bounded-body.ts';
import { codeOf, isNotConnected } from '../../platform/error-code.ts';

export interface ComfyServer {
  /** Base address without a path. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long it may take until it begins to answer what makes it work: a Stoker before it wakes it first. */
  readonly wakeMs?: number;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Sent as JSON; a text is JSON already. */
  readonly json?: object | string;
  readonly content?: { readonly body: Readable; readonly headers: Readonly<Record<string, string>> };
  /** It wakes a ComfyUI that sleeps. */
  readonly wakes?: boolean;
  readonly signal?: AbortSignal;
}

/** @throws AppError server_unreachable when no answer comes; whatever the status, the answer is given */
export async function callServer(agent: Agent, server: ComfyServer, call: Call): Promise<Dispatcher.ResponseData> {
  const { method, path, json, content, signal } = call;
  try {
    return await request(`${server.url}${path}`, {
      method,
      dispatcher: agent,
      headers: {
        ...server.headers,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...content?.headers,
      },
      body: json === undefined ? (content?.body ?? null) : typeof json === 'string' ? json : stringifyExactly(json),
      ...(call.wakes && server.wakeMs !== undefined ? { headersTimeout: server.wakeMs } : {}),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    // Whoever aborts knows what it means.
    if (signal?.aborted) throw error;
    throw noAnswer(server, error);
  }
}

/** The whole answer as text. @throws as callServer, also when it breaks off */
export async function askServer(
  agent: Agent,
  server: ComfyServer,
  call: Call,
): Promise<{ status: number; text: string }> {
  const { statusCode, body } = await callServer(agent, server, call);
  try {
    return { status: statusCode, text: (await readBounded(body, MOST_ANSWER_BYTES)).toString('utf8') };
  } catch (error) {
    if (call.signal?.aborted) throw error;
    throw noAnswer(server, error);
  }
}

/** Queue and history hold whole workflows. */
const MOST_ANSWER_BYTES = 256 * 1024 * 1024;

function noAnswer({ url }: ComfyServer, error: unknown): AppError {
  const code = codeOf(error);
  return new AppError('server_unreachable', `${url} does not answer${code === '' ? '' : ` (${code})`}.`, {
    details: { mayHaveRun: !isNotConnected(error) },
  });
}

/** Another answer than the good one. @param text of the answer; a Stoker before the ComfyUI says in words what is wrong */
export function badAnswer({ url }: ComfyServer, { method, path }: Call, status: number, text: string): AppError {
  const { source, error } = fieldsOf(parseJson(text));
  const stoker = source === 'stoker' ? fieldsOf(error) : null;
  const words = textOf(stoker?.message);
  const said = words === null ? '' : `: ${words.replace(/\.$/, '')}`;
  const question = `${method} ${path.split('?', 1)[0]}`;
  if (status === 401 || status === 403) {
    return new AppError('server_unauthorized', `${url} does not let Stoker in (${status}${said}).`, {
      details: { mayHaveRun: false },
    });
  }
  if (status >= 500 || status === 408 || status === 429) {
    // What a Stoker answers by itself has not reached its ComfyUI, but for these.
    const mayHaveRun = stoker === null || PASSED_ON.has(String(stoker.code));
    return new AppError('server_unreachable', `${url} has trouble with ${question} (${status}${said}).`, {
      details: { mayHaveRun, status },
    });
  }
  if (status === 200) {
    return new AppError('server_refused', `What ${url} answers to ${question} is not from a ComfyUI.`, {
      details: { mayHaveRun: true },
    });
  }
  return new AppError('server_refused', `${url} refuses ${question} (${status}${said}).`, {
    details: { mayHaveRun: false, status },
  });
}

const PASSED_ON = new Set(['upstream_unreachable', 'upstream_silent', 'internal']);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
