/** The calls of one ComfyUI that running a prompt needs. Nothing is retried here: the run knows what asking again would mean. */
import { Agent, request } from 'undici';
import type { Workflow } from '../../../contract/jobs.ts';

export interface ComfyServer {
  /** Base address without a path. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Submitted =
  | { readonly kind: 'accepted'; readonly promptId: string; readonly nodeErrors: unknown }
  /** ComfyUI refuses the workflow (400). */
  | { readonly kind: 'refused'; readonly answer: unknown };

export interface PromptApi {
  /** Rejects when nothing certain was answered: the prompt may be in the queue, or not. */
  submit(server: ComfyServer, prompt: PromptRequest): Promise<Submitted>;
  /** The same with a whole request, word for word. */
  submitText(server: ComfyServer, request: string): Promise<Submitted>;
  /** `waiting`, `running`, or null when the queue does not hold it. */
  place(server: ComfyServer, promptId: string): Promise<'waiting' | 'running' | null>;
  /** Its entry in the history, or null. */
  history(server: ComfyServer, promptId: string): Promise<unknown>;
  /** Takes it out of the queue, or interrupts it. */
  cancel(server: ComfyServer, promptId: string): Promise<void>;
  /** Streams one file. Rejects when ComfyUI does not have it. */
  view(
    server: ComfyServer,
    file: ViewedFile,
  ): Promise<{ readonly type: string | null; readonly content: AsyncIterable<Uint8Array> }>;
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

/** A node that holds Python's lock delays every answer. */
const SILENCE_MS = 60_000;

export function createPromptApi(): PromptApi {
  const agent = new Agent({ connections: 8, headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS });

  const send = ({ url, headers }: ComfyServer, method: 'GET' | 'POST', path: string, body?: object | string) =>
    request(`${url}${path}`, {
      method,
      dispatcher: agent,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });

  async function json(server: ComfyServer, path: string): Promise<Record<string, unknown>> {
    const { statusCode, body } = await send(server, 'GET', path);
    const answer = await body.json();
    if (statusCode !== 200 || typeof answer !== 'object' || answer === null) {
      throw new Error(`ComfyUI answered GET ${path} with status ${statusCode}`);
    }
    return answer as Record<string, unknown>;
  }

  async function post(server: ComfyServer, prompt: object | string): Promise<Submitted> {
    const { statusCode, body } = await send(server, 'POST', '/prompt', prompt);
    const answer = (await body.json()) as Record<string, unknown>;
    if (statusCode === 400) return { kind: 'refused', answer };
    if (statusCode !== 200 || typeof answer.prompt_id !== 'string') {
      throw new Error(`ComfyUI answered POST /prompt with status ${statusCode}`);
    }
    return { kind: 'accepted', promptId: answer.prompt_id, nodeErrors: answer.node_errors };
  }

  return {
    submit: (server, { promptId, clientId, workflow, extraData }) =>
      post(server, {
        prompt: workflow,
        prompt_id: promptId,
        client_id: clientId,
        ...(extraData === null ? {} : { extra_data: extraData }),
      }),
    submitText: post,
    async place(server, promptId) {
      const queue = await json(server, '/queue');
      const holds = (items: unknown): boolean =>
        Array.isArray(items) && items.some((item) => Array.isArray(item) && item[1] === promptId);
      if (holds(queue.queue_running)) return 'running';
      return holds(queue.queue_pending) ? 'waiting' : null;
    },
    history: async (server, promptId) =>
      (await json(server, `/history/${encodeURIComponent(promptId)}`))[promptId] ?? null,
    async cancel(server, promptId) {
      // Both, in this order: between them a waiting prompt can begin, but a running one cannot go back to waiting.
      for (const [path, body] of [
        ['/queue', { delete: [promptId] }],
        ['/interrupt', { prompt_id: promptId }],
      ] as const) {
        const answer = await send(server, 'POST', path, body);
        await answer.body.dump();
        if (answer.statusCode !== 200)
          throw new Error(`ComfyUI answered POST ${path} with status ${answer.statusCode}`);
      }
    },
    async view(server, { filename, subfolder, type }) {
      const answer = await send(server, 'GET', `/view?${new URLSearchParams({ filename, subfolder, type })}`);
      if (answer.statusCode !== 200) {
        await answer.body.dump();
        throw new Error(`ComfyUI answered GET /view with status ${answer.statusCode}`);
      }
      const mediaType = answer.headers['content-type'];
      return { type: typeof mediaType === 'string' ? mediaType : null, content: answer.body };
    },
    close: () => agent.destroy(),
  };
}
