/** The calls of one ComfyUI that running a prompt needs. Nothing is retried here: the run knows what asking again would mean. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { Agent } from 'undici';
import type { Workflow } from '../../../contract/jobs.ts';
import { fieldsOf, textOf } from '../../comfyui/json-fields.ts';
import { askServer, badAnswer, type Call, type ComfyServer, callServer } from './server-call.ts';

export type Submitted =
  | { readonly kind: 'accepted'; readonly promptId: string; readonly nodeErrors: unknown }
  /** ComfyUI refuses the workflow (400). */
  | { readonly kind: 'refused'; readonly answer: unknown };

/** Every call rejects with an AppError server_unreachable, server_unauthorized or server_refused. */
export interface PromptApi {
  /** On an error the prompt may be in the queue, unless `details.mayHaveRun` is false. */
  submit(server: ComfyServer, prompt: PromptRequest, signal?: AbortSignal): Promise<Submitted>;
  /** The same with a whole request, word for word. */
  submitText(server: ComfyServer, request: string, signal: AbortSignal): Promise<Submitted>;
  /** `waiting`, `running`, or null when the queue does not hold it. Wakes nobody. */
  place(server: ComfyServer, promptId: string): Promise<'waiting' | 'running' | null>;
  /** How long it is, whoever sent what is in it. Wakes nobody. */
  queue(server: ComfyServer): Promise<{ readonly waiting: number; readonly running: number }>;
  /** Its entry in the history, or null. */
  history(server: ComfyServer, promptId: string): Promise<unknown>;
  /** Takes it out of the queue, if it waits there. One that has begun goes on; ComfyUI does not tell which it was. */
  withdraw(server: ComfyServer, promptId: string): Promise<void>;
  /** Takes it out of the queue, or interrupts it. */
  cancel(server: ComfyServer, promptId: string): Promise<void>;
  /** Streams one file. Rejects when ComfyUI does not have it. */
  view(
    server: ComfyServer,
    file: ViewedFile,
  ): Promise<{ readonly type: string | null; readonly content: AsyncIterable<Uint8Array> }>;
  /** Puts a file into its input folder. @returns the name under which a workflow finds it there */
  upload(server: ComfyServer, file: UploadedFile, signal?: AbortSignal): Promise<string>;
  /** Its version; null when it does not tell, as one that sleeps. */
  version(server: ComfyServer): Promise<string | null>;
  close(): Promise<void>;
}

export interface PromptRequest {
  readonly promptId: string;
  readonly clientId: string;
  readonly workflow: Workflow;
  readonly extraData: Readonly<Record<string, unknown>> | null;
}

export interface ViewedFile {
  readonly filename: string;
  readonly subfolder: string;
  readonly type: string;
}

export interface UploadedFile {
  /** What it is to be called there. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

/** A node that holds Python's lock delays every answer. */
const SILENCE_MS = 60_000;

export function createPromptApi(): PromptApi {
  const agent = new Agent({ connections: 8, headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS });

  const ask = (server: ComfyServer, call: Call) => askServer(agent, server, call);

  async function answered(server: ComfyServer, call: Call): Promise<string> {
    const { status, text } = await ask(server, call);
    if (status !== 200) throw badAnswer(server, call, status, text);
    return text;
  }

  async function json(server: ComfyServer, call: Call): Promise<Readonly<Record<string, unknown>>> {
    return parse(server, call, await answered(server, call));
  }

  async function withdraw(server: ComfyServer, promptId: string): Promise<void> {
    await answered(server, { method: 'POST', path: '/queue', json: { delete: [promptId] } });
  }

  async function post(server: ComfyServer, call: Call): Promise<Submitted> {
    const { status, text } = await ask(server, call);
    if (status === 400) return { kind: 'refused', answer: parse(server, call, text) };
    if (status !== 200) throw badAnswer(server, call, status, text);
    const { prompt_id: id, node_errors: nodeErrors } = parse(server, call, text);
    if (typeof id !== 'string') throw badAnswer(server, call, status, text);
    return { kind: 'accepted', promptId: id, nodeErrors };
  }

  return {
    submit: (server, { promptId, clientId, workflow, extraData }, signal) =>
      post(server, {
        method: 'POST',
        path: '/prompt',
        json: {
          prompt: workflow,
          prompt_id: promptId,
          client_id: clientId,
          ...(extraData === null ? {} : { extra_data: extraData }),
        },
        wakes: true,
        ...(signal === undefined ? {} : { signal }),
      }),
    submitText: (server, json, signal) => post(server, { method: 'POST', path: '/prompt', json, wakes: true, signal }),
    async place(server, promptId) {
      const queue = await json(server, { method: 'GET', path: '/queue' });
      const holds = (items: unknown): boolean =>
        Array.isArray(items) && items.some((item) => Array.isArray(item) && item[1] === promptId);
      if (holds(queue.queue_running)) return 'running';
      return holds(queue.queue_pending) ? 'waiting' : null;
    },
    async queue(server) {
      const queue = await json(server, { method: 'GET', path: '/queue' });
      const length = (items: unknown): number => (Array.isArray(items) ? items.length : 0);
      return { waiting: length(queue.queue_pending), running: length(queue.queue_running) };
    },
    history: async (server, promptId) =>
      (await json(server, { method: 'GET', path: `/history/${encodeURIComponent(promptId)}` }))[promptId] ?? null,
    withdraw,
    async cancel(server, promptId) {
      // Both, in this order: between them a waiting prompt can begin, but a running one cannot go back to waiting.
      await withdraw(server, promptId);
      await answered(server, { method: 'POST', path: '/interrupt', json: { prompt_id: promptId } });
    },
    async view(server, { filename, subfolder, type }) {
      const call: Call = {
        method: 'GET',
        path: `/view?${new URLSearchParams({ filename, subfolder, type })}`,
        wakes: true,
      };
      const answer = await callServer(agent, server, call);
      if (answer.statusCode !== 200) {
        await answer.body.dump();
        throw badAnswer(server, call, answer.statusCode, '');
      }
      const mediaType = answer.headers['content-type'];
      return { type: typeof mediaType === 'string' ? mediaType : null, content: answer.body };
    },
    async upload(server, file, signal) {
      const { name, subfolder } = await json(server, {
        method: 'POST',
        path: '/upload/image',
        content: uploadForm(file),
        wakes: true,
        ...(signal === undefined ? {} : { signal }),
      });
      const folder = textOf(subfolder) ?? '';
      return `${folder === '' ? '' : `${folder}/`}${textOf(name) ?? file.name}`;
    },
    async version(server) {
      const { status, text } = await ask(server, { method: 'GET', path: '/system_stats' });
      return status === 200 ? textOf(fieldsOf(fieldsOf(parseJson(text)).system).comfyui_version) : null;
    },
    close: () => agent.destroy(),
  };
}

/** Streamed, because a video may be larger than memory. Its name and its content are new to the server, or the same as there. */
function uploadForm({ name, path, bytes }: UploadedFile) {
  const boundary = `stoker-${randomUUID()}`;
  const head = Buffer.from(
    `--${boundary}\r\ncontent-disposition: form-data; name="image"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* form(): AsyncGenerator<Uint8Array> {
    yield head;
    // Its length was told: a file that grows meanwhile must not run over.
    if (bytes > 0) yield* createReadStream(path, { end: bytes - 1 });
    yield tail;
  }
  return {
    body: Readable.from(form()),
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + bytes + tail.length),
    },
  };
}

function parse(server: ComfyServer, call: Call, text: string): Readonly<Record<string, unknown>> {
  const answer = parseJson(text);
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) throw badAnswer(server, call, 200, text);
  return answer as Readonly<Record<string, unknown>>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
