/** What a worker-comfyui job returned: its files, or why there are none. Pure. Source: contracts/runpod.md sections 1 and 2. */
import { fieldsOf, isFields, textOf, textsOf } from '../../comfyui/json-fields.ts';

export type RemoteFile =
  | { readonly kind: 'base64'; readonly filename: string; readonly data: string }
  | { readonly kind: 'url'; readonly filename: string; readonly url: string };

export interface RemoteResult {
  readonly files: readonly RemoteFile[];
  /** Entries that could not be read as a file. */
  readonly unreadable: number;
}

/** @param output of a COMPLETED job: `{ images: [{ filename, type: 'base64' | 's3_url', data }] }`, older ones `{ message: base64 }` */
export function readResult(output: unknown): RemoteResult {
  const { images, message } = fieldsOf(output);
  const entries: unknown[] = Array.isArray(images) ? images : [];
  const files = entries.flatMap((entry, index) => remoteFile(entry, index) ?? []);
  const old = typeof message === 'string' && entries.length === 0 ? (fileOfMessage(message) ?? null) : null;
  return { files: old === null ? files : [old], unreadable: entries.length - files.length };
}

function remoteFile(entry: unknown, index: number): RemoteFile | null {
  if (!isFields(entry)) return null;
  const filename = plainName(textOf(entry.filename)) ?? `image-${index + 1}.png`;
  const data = textOf(entry.data);
  if (data === null || data === '') return null;
  if (entry.type === 's3_url') return /^https?:\/\//.test(data) ? { kind: 'url', filename, url: data } : null;
  const base64 = data.replace(/^data:[^,]{0,100},/, '');
  return isBase64(base64) ? { kind: 'base64', filename, data: base64 } : null;
}

function fileOfMessage(message: string): RemoteFile | undefined {
  if (/^https?:\/\//.test(message)) return { kind: 'url', filename: 'image.png', url: message };
  return isBase64(message) && message.length > 100
    ? { kind: 'base64', filename: 'image.png', data: message }
    : undefined;
}

/** A name from elsewhere: never a path. */
const plainName = (name: string | null): string | null => {
  const last = name?.split(/[\\/]/).at(-1)?.trim();
  return last === undefined || last === '' || last === '.' || last === '..' ? null : last.slice(0, 200);
};

const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);

/** Why a job failed, in the worker's words: `output.details` says what `error` hides. */
export function failureWords(error: unknown, output: unknown): string {
  const details = textsOf(fieldsOf(output).details).map((detail) => detail.trim());
  if (details.length > 0) return details.join(' ');
  const told = textOf(error) ?? textOf(fieldsOf(error).message);
  return told === null || told.trim() === '' ? 'The worker does not say why.' : told.trim().slice(0, 2000);
}
