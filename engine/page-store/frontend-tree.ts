/**
 * The frontend's own files, given out from where they are installed. ComfyUI says where that is and how it answers each kind of file, and
 * nothing is given out that was not found to be the same as ComfyUI's own answer: the page, byte by byte, and one file of each kind.
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, posix } from 'node:path';
import { z } from 'zod';
import { installedFile } from './installed-file.ts';
import { type AnswerToSend, type FileToSend, fieldOf } from './send-answer.ts';

export const TreeFactsSchema = z.object({
  root: z.string(),
  /** By kind of file: the fields of ComfyUI's answer, names and values in turn. */
  fields: z.record(z.string(), z.array(z.string())),
});
export type TreeFacts = z.infer<typeof TreeFactsSchema>;

/** The page itself. */
const INDEX = 'index.html';
const MOST_FILES = 20_000;

/**
 * Compares the folder with the running ComfyUI.
 * @param page ComfyUI's answer of `/`
 * @param head asks it for the head of a file
 * @returns null when the page does not come from that folder
 */
export async function learnTree(
  root: string,
  page: AnswerToSend,
  head: (target: string) => Promise<AnswerToSend>,
): Promise<TreeFacts | null> {
  const index = await readFile(join(root, INDEX)).catch(() => null);
  if (page.status !== 200 || index === null || !index.equals(page.body)) return null;
  const fields: Record<string, string[]> = { '/': withoutValidators(page.headers) };
  for (const [kind, path] of await oneOfEachKind(root)) {
    const route = `/${path.split(posix.sep).map(encodeURIComponent).join('/')}`;
    const file = await installedFile(root, route);
    const answer = await head(route).catch(() => null);
    if (file === null || answer?.status !== 200) continue;
    if (fieldOf(answer.headers, 'etag') === `"${file.etag}"`) fields[kind] = withoutValidators(answer.headers);
  }
  return { root, fields };
}

/** @returns null when it is no file of the frontend */
export async function fileOfTree({ root, fields }: TreeFacts, route: string): Promise<FileToSend | null> {
  const kind = fields[kindOf(route)];
  const file = kind === undefined ? null : await installedFile(root, route === '/' ? `/${INDEX}` : route);
  return file === null || kind === undefined ? null : { ...file, headers: kind };
}

/** ComfyUI's rules for caches look at the extension and at names that begin with "index". */
function kindOf(route: string): string {
  if (route === '/') return route;
  const name = route.slice(route.lastIndexOf('/') + 1);
  return `${name.startsWith('index') ? 'index' : ''}${extname(name)}`;
}

async function oneOfEachKind(root: string): Promise<Map<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const kinds = new Map<string, string>();
  for (const entry of entries.slice(0, MOST_FILES)) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name)
      .slice(root.length)
      .replace(/^[/\\]/, '')
      .replaceAll('\\', '/');
    const kind = kindOf(`/${path}`);
    if (!kinds.has(kind)) kinds.set(kind, path);
  }
  return kinds;
}

const VALIDATORS: ReadonlySet<string> = new Set(['etag', 'last-modified', 'accept-ranges']);

const withoutValidators = (headers: readonly string[]): string[] =>
  headers.filter((_, at) => !VALIDATORS.has((headers[at - (at % 2)] ?? '').toLowerCase()));
