/**
 * The few HTTP calls Stoker itself makes to the running ComfyUI. Nothing a client of the gateway sends passes here,
 * and nothing is retried: the caller knows whether asking again makes sense.
 */
import { Agent, request } from 'undici';
import { AppError } from '../platform/app-error.ts';
import { readBounded } from '../platform/bounded-body.ts';
import type { Clock } from '../platform/clock.ts';
import type { ComfyAddress } from '../supervisor/supervisor.ts';
import { MAX_PICTURE_BYTES, type Picture } from './output-folder.ts';
import type { OutputFile } from './prompt-end.ts';

export interface ComfyClient {
  /** `GET /queue`: `{ queue_running, queue_pending }`. */
  queue(): Promise<unknown>;
  /** `GET /history?max_items=…`: the newest prompts by id. */
  history(maxItems: number): Promise<unknown>;
  /** `GET /history/{id}`: `{}` while the prompt waits or runs, and for ids ComfyUI does not know. */
  historyOf(promptId: string): Promise<unknown>;
  /** `GET /system_stats`: machine, versions and devices. */
  systemStats(): Promise<unknown>;
  /** `GET /view` as a JPEG of lower quality: what trays and notifications of every system draw. Null when ComfyUI has no such picture. */
  picture(file: OutputFile): Promise<Picture | null>;
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

  async function send(method: 'GET' | 'POST', path: string, { body, maxBytes = MAX_ANSWER_BYTES }: SendOptions = {}) {
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
      const bytes = await readBounded(answer.body, maxBytes);
      const contentType = answer.headers['content-type'];
      return { bytes, status: answer.statusCode, contentType: typeof contentType === 'string' ? contentType : '' };
    } catch (error) {
      throw unanswered(method, path, error);
    } finally {
      cancelTimer();
    }
  }

  async function call(method: 'GET' | 'POST', path: string, body?: object): Promise<string> {
    const { bytes, status } = await send(method, path, body === undefined ? {} : { body });
    if (status !== 200) throw unanswered(method, path, new Error(`status ${status}`), { status });
    return bytes.toString('utf8');
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
    async picture({ filename, subfolder, type }) {
      const query = new URLSearchParams({ filename, subfolder, type, preview: 'jpeg;80' });
      const { bytes, status, contentType } = await send('GET', `/view?${query}`, { maxBytes: MAX_PICTURE_BYTES });
      return status === 200 && contentType.startsWith('image/') ? { contentType, bytes } : null;
    },
    async freeVram() {
      await call('POST', '/free', { unload_models: true, free_memory: true });
    },
    close: () => agent.destroy(),
  };
}

/** A host as it stands in a URL: an IPv6 address needs brackets. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

interface SendOptions {
  readonly body?: object;
  readonly maxBytes?: number;
}

/** @param details the status, where it answered with an error */
function unanswered(method: string, path: string, error: unknown, details: { status?: number } = {}): AppError {
  const why = error instanceof Error ? error.message : String(error);
  return new AppError('upstream_unreachable', `ComfyUI did not answer ${method} ${path}: ${why}.`, {
    details,
    cause: error,
  });
}
