/**
 * The few HTTP calls Stoker itself makes to the running ComfyUI. Nothing a client of the gateway sends passes here,
 * and nothing is retried: the caller knows whether asking again makes sense.
 */
import { Agent, request } from 'undici';
import { AppError } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { ComfyAddress } from '../supervisor/supervisor.ts';

export interface ComfyClient {
  /** `GET /queue`: `{ queue_running, queue_pending }`. */
  queue(): Promise<unknown>;
  /** `GET /history?max_items=…`: the newest prompts by id. */
  history(maxItems: number): Promise<unknown>;
  /** `GET /history/{id}`: `{}` while the prompt waits or runs, and for ids ComfyUI does not know. */
  historyOf(promptId: string): Promise<unknown>;
  /** `GET /system_stats`: machine, versions and devices. */
  systemStats(): Promise<unknown>;
  /** `POST /free`: unloads the models. ComfyUI answers at once and frees after the prompt that runs. */
  freeVram(): Promise<void>;
  close(): Promise<void>;
}

export interface ComfyClientDeps {
  readonly address: () => ComfyAddress | null;
  readonly clock: Clock;
  /** How long an answer may take; a node that holds Python's lock delays every answer. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
/** A history of 64 prompts with their workflows measures some 20 MB; past this something is wrong. */
const MAX_ANSWER_BYTES = 128 * 1024 * 1024;

/**
 * Every call rejects with AppError not_running while ComfyUI does not run, and upstream_unreachable when it does not
 * answer in time, answers with an error, or answers with something that is not JSON.
 */
export function createComfyClient({ address, clock, timeoutMs = TIMEOUT_MS }: ComfyClientDeps): ComfyClient {
  const agent = new Agent({ connections: 4 });

  async function call(method: 'GET' | 'POST', path: string, body?: object): Promise<string> {
    const target = address();
    if (target === null) throw new AppError('not_running', `ComfyUI does not run, so ${path} cannot be asked.`);
    const controller = new AbortController();
    const cancelTimer = clock.after(timeoutMs, () => controller.abort(new Error(`no answer in ${timeoutMs} ms`)));
    try {
      const answer = await request(`http://${urlHost(target.host)}:${target.port}${path}`, {
        method,
        dispatcher: agent,
        signal: controller.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await readBounded(answer.body);
      if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`);
      return text;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new AppError('upstream_unreachable', `ComfyUI did not answer ${method} ${path}: ${why}.`, { cause: error });
    } finally {
      cancelTimer();
    }
  }

  async function getJson(path: string): Promise<unknown> {
    const text = await call('GET', path);
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new AppError('upstream_unreachable', `ComfyUI answered GET ${path} with something that is not JSON.`, {
        cause: error,
      });
    }
  }

  return {
    queue: () => getJson('/queue'),
    history: (maxItems) => getJson(`/history?max_items=${maxItems}`),
    historyOf: (promptId) => getJson(`/history/${encodeURIComponent(promptId)}`),
    systemStats: () => getJson('/system_stats'),
    async freeVram() {
      await call('POST', '/free', { unload_models: true, free_memory: true });
    },
    close: () => agent.destroy(),
  };
}

/** A host as it stands in a URL: an IPv6 address needs brackets. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
