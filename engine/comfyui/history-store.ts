/**
 * The newest history ComfyUI told, on disk, for reads while it sleeps: ComfyUI itself forgets it when it ends.
 * Keeps no keys, and no more than a bounded size.
 */
import { readFileSync, renameSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import type { Log } from '../platform/log.ts';
import { type Fields, isFields } from './json-fields.ts';

/** By prompt id. */
export type History = Fields;

export interface HistoryStore {
  /** What was saved last; empty on the first start and when the file was damaged (it is then kept aside). */
  load(): History;
  /** A disk that refuses is logged, not thrown: the history in memory is still right. One call at a time. */
  save(history: History): Promise<void>;
}

/** Entries hold whole workflows; this is dozens of ordinary ones, and what a sleeping engine keeps in memory. */
const MAX_BYTES = 4 * 1024 * 1024;

export function createHistoryStore(deps: { readonly file: string; readonly log: Log }): HistoryStore {
  const { file, log } = deps;

  function keepAside(reason: unknown): void {
    const aside = `${file}.damaged`;
    log.warn({ file, aside, reason: String(reason) }, 'the saved history is damaged; kept aside');
    try {
      renameSync(file, aside);
    } catch (error) {
      log.warn({ file, error: String(error) }, 'the damaged history could not be kept aside');
    }
  }

  return {
    load() {
      let text: string;
      try {
        text = readFileSync(file, 'utf8');
      } catch {
        return {};
      }
      try {
        const parsed: unknown = JSON.parse(text);
        if (isFields(parsed)) return parsed;
        keepAside('not an object');
      } catch (error) {
        keepAside(error);
      }
      return {};
    },
    async save(history) {
      const temporary = `${file}.tmp`;
      try {
        // Not platform/atomic-file.ts: flushing megabytes to the disk after every batch would hold up every socket,
        // and what a power cut takes here ComfyUI has forgotten as well.
        await writeFile(temporary, JSON.stringify(history), { mode: 0o600 });
        await rename(temporary, file);
      } catch (error) {
        log.warn({ file, error: String(error) }, 'the history could not be saved');
        await rm(temporary, { force: true }).catch(() => undefined);
      }
    },
  };
}

/** Keys to the user's paid account; ComfyUI takes them out of its own history too, and so must every copy. */
const SECRETS = ['api_key_comfy_org', 'auth_token_comfy_org'];

/** A prompt tuple's public part: number, id, prompt, extra_data, outputs. Newer versions add the secrets as a sixth. */
const PUBLIC_TUPLE_LENGTH = 5;

/**
 * The newest entries of a history that fit the size, without keys.
 * @param answer what `GET /history` said; anything but an object becomes empty
 */
export function keepHistory(answer: unknown, maxBytes: number = MAX_BYTES): History {
  if (!isFields(answer)) return {};
  const kept: [string, unknown][] = [];
  let bytes = 0;
  // ComfyUI lists the oldest first.
  for (const [id, entry] of Object.entries(answer).reverse()) {
    const clean = withoutSecrets(entry);
    bytes += Buffer.byteLength(JSON.stringify(clean)) + id.length;
    if (bytes > maxBytes) break;
    kept.push([id, clean]);
  }
  return Object.fromEntries(kept.reverse());
}

function withoutSecrets(entry: unknown): unknown {
  if (!isFields(entry) || !Array.isArray(entry.prompt)) return entry;
  const prompt = entry.prompt
    .slice(0, PUBLIC_TUPLE_LENGTH)
    .map((part: unknown) => (isFields(part) ? withoutKeys(part) : part));
  return { ...entry, prompt };
}

const withoutKeys = (part: Fields): Fields =>
  Object.fromEntries(Object.entries(part).filter(([key]) => !SECRETS.includes(key)));
