/**
 * ComfyUI's queue item by item: read whole, take out. For setting prompts aside.
 * Nothing is retried here.
 */
import { Agent, request } from 'undici';
import { AppError } from '../platform/app-error.ts';
import type { ComfyAddress } from '../supervisor/supervisor.ts';
import { urlHost } from './client.ts';
import { isFields } from './json-fields.ts';

/** As ComfyUI lists it. */
export type QueueItemTuple = readonly [
  number: number,
  promptId: string,
  prompt: unknown,
  extraData: unknown,
  outputs: readonly string[],
];

export interface QueueItem {
  readonly promptId: string;
  readonly prompt: Record<string, unknown>;
  readonly extraData: Record<string, unknown>;
  readonly outputs: string[];
}

export interface QueueItems {
  readonly running: readonly string[];
  /** In the order in which they will run. */
  readonly pending: readonly QueueItem[];
}

/** Every call rejects with AppError not_running or upstream_unreachable; after that nobody knows whether ComfyUI did it. */
export interface QueueItemsClient {
  read(): Promise<QueueItems>;
  /** Those that began to run meanwhile go on; ComfyUI does not tell which. */
  remove(promptIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** A node that holds Python's lock delays every answer. */
const SILENCE_MS = 60_000;

export function createQueueItemsClient(address: () => ComfyAddress | null): QueueItemsClient {
  const agent = new Agent({ connections: 2, headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS });

  async function call(method: 'GET' | 'POST', path: string, body?: object) {
    const target = address();
    if (target === null) throw new AppError('not_running', `ComfyUI does not run, so ${path} cannot be asked.`);
    try {
      const answer = await request(`http://${urlHost(target.host)}:${target.port}${path}`, {
        method,
        dispatcher: agent,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      return { status: answer.statusCode, text: await answer.body.text() };
    } catch (error) {
      throw new AppError('upstream_unreachable', `ComfyUI did not answer ${method} ${path}.`, { cause: error });
    }
  }

  async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const { status, text } = await call(method, path, body);
    if (status !== 200) throw unexpected(method, path, status);
    return method === 'GET' ? parse(text) : null;
  }

  return {
    async read() {
      const answer = await ask('GET', '/queue');
      if (!isFields(answer) || !Array.isArray(answer.queue_running) || !Array.isArray(answer.queue_pending)) {
        throw unexpected('GET', '/queue', 200);
      }
      const running = answer.queue_running.flatMap((item: unknown) => idOf(item) ?? []);
      const pending = [...answer.queue_pending].sort(byNumber).flatMap((item: unknown) => readItem(item) ?? []);
      return { running, pending };
    },
    async remove(promptIds) {
      await ask('POST', '/queue', { delete: promptIds });
    },
    close: () => agent.destroy(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const unexpected = (method: string, path: string, status: number): AppError =>
  new AppError('upstream_unreachable', `ComfyUI answered ${method} ${path} with something unexpected (${status}).`);

const idOf = (item: unknown): string | null => (Array.isArray(item) && typeof item[1] === 'string' ? item[1] : null);

/** ComfyUI lists its heap as it lies in memory: only the first is in order. Equal numbers are ordered by id, as Python compares tuples. */
function byNumber(one: unknown, other: unknown): number {
  if (!Array.isArray(one) || !Array.isArray(other)) return 0;
  return Number(one[0]) - Number(other[0]) || (String(one[1]) < String(other[1]) ? -1 : 1);
}

function readItem(item: unknown): QueueItem | null {
  const promptId = idOf(item);
  if (promptId === null || !Array.isArray(item)) return null;
  const [, , prompt, extraData, outputs] = item as unknown[];
  return {
    promptId,
    prompt: isFields(prompt) ? { ...prompt } : {},
    extraData: isFields(extraData) ? { ...extraData } : {},
    outputs: Array.isArray(outputs) ? outputs.map(String) : [],
  };
}
