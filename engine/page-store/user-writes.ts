/** What a write of settings or user data means, and what reads show when it has been made: in ComfyUI's own terms. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { KeptWrite } from './kept-writes.ts';

export type WriteMeaning =
  | { readonly kind: 'settings'; readonly values: Readonly<Record<string, unknown>> }
  /** `path` from the person's folder: `workflows/a.json`. */
  | { readonly kind: 'file'; readonly path: string; readonly overwrite: boolean; readonly fullInfo: boolean };

/** What the page notes by itself while it opens: nobody waits for it, and nobody should wake for it. */
const NOTED_WHILE_OPENING: ReadonlySet<string> = new Set(['Comfy.InstalledVersion', 'Comfy.TutorialCompleted']);

/** @returns null when only ComfyUI knows what it does */
export function writeMeaning(target: string, body: Buffer): WriteMeaning | null {
  const { route, query } = readTarget(target);
  if (route === '/settings') {
    const values = json(body);
    return isRecord(values) ? { kind: 'settings', values } : null;
  }
  const id = below(route, '/settings/');
  if (id !== null) {
    const value = json(body);
    return value === undefined ? null : { kind: 'settings', values: { [id]: value } };
  }
  const path = below(route, '/userdata/');
  if (path === null || !isPlainPath(path)) return null;
  return {
    kind: 'file',
    path,
    overwrite: query.get('overwrite') !== 'false',
    fullInfo: query.get('full_info')?.toLowerCase() === 'true',
  };
}

/** It says what is so already. */
export const saysNothingNew = (meaning: WriteMeaning, settings: Readonly<Record<string, unknown>>): boolean =>
  meaning.kind === 'settings' &&
  Object.entries(meaning.values).every(([id, value]) => isDeepStrictEqual(settings[id], value));

export const isNotedWhileOpening = (meaning: WriteMeaning): boolean =>
  meaning.kind === 'settings' && Object.keys(meaning.values).every((id) => NOTED_WHILE_OPENING.has(id));

/**
 * A kept answer as ComfyUI would give it after the writes.
 * @param target path and query of the read
 * @param kept the answer before them; null when none is kept
 * @returns null when the writes do not touch it, or when it cannot be told
 */
export function readAfterWrites(target: string, kept: Buffer | null, writes: readonly KeptWrite[]): Buffer | null {
  const { route, query } = readTarget(target);
  const meanings = writes.flatMap((write) => {
    const meaning = writeMeaning(write.target, Buffer.from(write.body, 'base64'));
    return meaning === null ? [] : [{ meaning, write }];
  });
  const written = Object.assign(
    {},
    ...meanings.map(({ meaning }) => (meaning.kind === 'settings' ? meaning.values : {})),
  );
  if (route === '/settings') {
    const before = kept === null ? undefined : json(kept);
    return isRecord(before) && Object.keys(written).length > 0 ? toJson({ ...before, ...written }) : null;
  }
  const id = below(route, '/settings/');
  if (id !== null) return Object.hasOwn(written, id) ? toJson(written[id]) : null;

  const files = meanings.flatMap(({ meaning, write }) =>
    meaning.kind === 'file' ? [{ path: meaning.path, write }] : [],
  );
  const path = below(route, '/userdata/');
  if (path !== null) {
    const last = files.findLast((file) => file.path === path);
    return last === undefined ? null : Buffer.from(last.write.body, 'base64');
  }
  return route === '/userdata' ? listAfter(query, kept, files) : null;
}

/** What ComfyUI answers to the write of a file. */
export function fileAnswer(
  { path, fullInfo }: Extract<WriteMeaning, { kind: 'file' }>,
  bytes: number,
  at: number,
): unknown {
  return fullInfo ? { path, size: bytes, modified: at / 1000, created: at / 1000 } : path;
}

function listAfter(
  query: URLSearchParams,
  kept: Buffer | null,
  files: readonly { readonly path: string; readonly write: KeptWrite }[],
): Buffer | null {
  const folder = `${(query.get('dir') ?? '').replace(/\/+$/, '')}/`;
  const recurse = query.get('recurse')?.toLowerCase() === 'true';
  const inside = files.filter(
    ({ path }) => path.startsWith(folder) && (recurse || !path.slice(folder.length).includes('/')),
  );
  // Without a folder ComfyUI's answer is no list.
  const before = kept === null ? undefined : (json(kept) ?? []);
  if (inside.length === 0 || !Array.isArray(before)) return null;
  const fullInfo = query.get('full_info')?.toLowerCase() === 'true';
  const split = query.get('split')?.toLowerCase() === 'true';
  const entries = new Map(before.map((entry: unknown) => [nameOfEntry(entry), entry]));
  for (const { path, write } of inside) {
    const name = path.slice(folder.length);
    const info = {
      path: name,
      size: Buffer.byteLength(write.body, 'base64'),
      modified: write.at / 1000,
      created: write.at / 1000,
    };
    entries.set(name, fullInfo ? info : split ? [name, ...name.split('/')] : name);
  }
  return toJson([...entries.values()]);
}

const nameOfEntry = (entry: unknown): unknown =>
  Array.isArray(entry) ? entry[0] : isRecord(entry) ? entry.path : entry;

function readTarget(target: string): { readonly route: string; readonly query: URLSearchParams } {
  const queryAt = target.indexOf('?');
  const route = queryAt === -1 ? target : target.slice(0, queryAt);
  return { route, query: new URLSearchParams(queryAt === -1 ? '' : target.slice(queryAt)) };
}

/** One segment, decoded: ComfyUI's routes take no more. */
function below(route: string, tree: string): string | null {
  if (!route.startsWith(tree)) return null;
  const segment = route.slice(tree.length);
  if (segment === '' || segment.includes('/')) return null;
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

/** Nothing that ComfyUI would refuse, read once more or find elsewhere. */
const isPlainPath = (path: string): boolean =>
  !/[%\\\0:*?"<>|]/.test(path) && !path.split('/').some((part) => part === '' || part === '.' || part === '..');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

const toJson = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
