/**
 * The frontend's own files, given out from where they are installed. ComfyUI says where that is and how it answers each kind of file, and
 * nothing is given out that was not found to be the same as ComfyUI's own answer: the page, byte by byte, and one file of each kind.
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { decodedPath, fileFacts } from './installed-file.ts';
import { type AnswerToSend, type FileToSend, fieldOf, withoutFields } from './send-answer.ts';

export const TreeFactsSchema = z.object({
  root: z.string(),
  /** By kind of file: the fields of ComfyUI's answer, names and values in turn. */
  fields: z.record(z.string(), z.array(z.string())),
});
export type TreeFacts = z.infer<typeof TreeFactsSchema>;

export interface FrontendTree {
  readonly facts: TreeFacts;
  /** @returns null when it is no file of the frontend */
  file(route: string): Promise<FileToSend | null>;
  /** As requests write them; not the page itself. */
  routes(): Promise<readonly string[]>;
}

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
): Promise<FrontendTree | null> {
  const index = await readFile(join(root, INDEX)).catch(() => null);
  if (page.status !== 200 || index === null || !index.equals(page.body)) return null;
  const fields: Record<string, string[]> = { '/': withoutFields(page.headers, VALIDATORS) };
  const files = await filesBelow(root);
  for (const [kind, path] of oneOfEachKind(files)) {
    const answer = await head(routeOf(path)).catch(() => null);
    const file = await fileFacts(join(root, path));
    if (file === null || answer?.status !== 200) continue;
    if (fieldOf(answer.headers, 'etag') === `"${file.etag}"`) fields[kind] = withoutFields(answer.headers, VALIDATORS);
  }
  return treeOf({ root, fields }, Promise.resolve(files));
}

/** The folder is listed once: what is added later is another version, and learnt anew. Links are not followed, as ComfyUI does not. */
export const openTree = (facts: TreeFacts): FrontendTree => treeOf(facts, filesBelow(facts.root));

/** @param listed paths below its folder */
function treeOf(facts: TreeFacts, listed: Promise<ReadonlySet<string>>): FrontendTree {
  const { root, fields } = facts;
  return {
    facts,
    async file(route) {
      const headers = fields[kindOf(route)];
      const path = route === '/' ? INDEX : decodedPath(route);
      if (headers === undefined || path === null || !(await listed).has(path)) return null;
      const facts = await fileFacts(join(root, path));
      return facts === null ? null : { ...facts, headers: lastingFields(route, headers) };
    },
    routes: async () => [...(await listed)].map(routeOf),
  };
}

/** ComfyUI's rules for caches look at the extension and at names that begin with "index". */
function kindOf(route: string): string {
  if (route === '/') return route;
  const name = route.slice(route.lastIndexOf('/') + 1);
  return `${name.startsWith('index') ? 'index' : ''}${extname(name)}`;
}

/** Paths from `root`, with slashes. */
async function filesBelow(root: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.slice(0, MOST_FILES).filter((entry) => entry.isFile());
  return new Set(files.map(({ parentPath, name }) => relative(root, join(parentPath, name)).replaceAll(sep, '/')));
}

function oneOfEachKind(files: Iterable<string>): Map<string, string> {
  const kinds = new Map<string, string>();
  for (const path of files) {
    const kind = kindOf(`/${path}`);
    if (!kinds.has(kind)) kinds.set(kind, path);
  }
  return kinds;
}

const routeOf = (path: string): string => `/${path.split('/').map(encodeURIComponent).join('/')}`;

const VALIDATORS: ReadonlySet<string> = new Set(['etag', 'last-modified', 'accept-ranges']);

/**
 * The frontend is built with a digest of the content in such a name, so that under this name nothing else will ever be found: a browser
 * need not ask again. ComfyUI makes it ask for every script at every visit. A capital or a digit tells a digest from a word.
 */
const NAMED_BY_CONTENT = /^\/assets\/(?:.+\/)?[^/]+-(?=[a-z_-]*[A-Z0-9])[\w-]{8}\.[a-z0-9]+$/;

const lastingFields = (route: string, headers: readonly string[]): readonly string[] =>
  NAMED_BY_CONTENT.test(route)
    ? [...withoutFields(headers, new Set(['cache-control'])), 'Cache-Control', 'public, max-age=31536000, immutable']
    : headers;
