/** /userdata: the files a page keeps for its user (workflows above all). No path leaves the user's folder. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { isInside } from '../process/folders.ts';
import { fileReply } from './file-reply.ts';
import { contentTypeOf } from './media-types.ts';
import { empty, json, noSuchFile, type Reply, ReplyError, text } from './reply.ts';
import { type RouteRequest, readBody } from './request.ts';
import type { Route } from './route-table.ts';

export function userDataRoutes(home: string): Route[] {
  const inside = (name: string, refusal: Reply): string => {
    const path = resolve(home, name);
    if (!isInside(home, path)) throw new ReplyError(refusal);
    return path;
  };
  const file = ({ parameters }: RouteRequest, name = 'file'): string => inside(parameters[name] ?? '', empty(403));
  const existing = (request: RouteRequest): string => {
    const path = file(request);
    if (!existsSync(path)) throw new ReplyError(empty(404));
    return path;
  };
  const written = async (path: string, { query }: RouteRequest): Promise<Reply> =>
    json(isTrue(query, 'full_info') ? await fileFacts(path, home) : slashed(relative(home, path)));
  const refuseOverwrite = (path: string, { query }: RouteRequest): void => {
    if (query.get('overwrite') === 'false' && existsSync(path)) throw new ReplyError(text('File already exists', 409));
  };

  return [
    {
      method: 'GET',
      path: '/userdata',
      handle: async ({ query }) => {
        const folder = query.get('dir');
        if (!folder) return text('Directory not provided', 400);
        const path = inside(folder, text('Invalid directory', 403));
        if (!existsSync(path)) return text('Directory not found', 404);
        const files = await listFiles(path, isTrue(query, 'recurse'));
        if (isTrue(query, 'full_info'))
          return json(await Promise.all(files.map((name) => fileFacts(join(path, name), path))));
        const names = files.map(slashed);
        return json(isTrue(query, 'split') ? names.map((name) => [name, ...name.split('/')]) : names);
      },
    },
    {
      method: 'GET',
      path: '/v2/userdata',
      handle: async ({ query }) => {
        const path = inside(query.get('path') ?? '', text('Invalid path requested', 400));
        if (!existsSync(path)) return path === home ? json([]) : text('Requested path not found', 404);
        if (!(await stat(path)).isDirectory()) return text('Requested path is not a directory', 400);
        return json(await listTree(path, home));
      },
    },
    {
      method: 'GET',
      path: '/userdata/{file}',
      handle: async (request) => {
        const path = existing(request);
        return (await fileReply(path, request.headers, { 'Content-Type': contentTypeOf(path) })) ?? noSuchFile(403);
      },
    },
    {
      method: 'POST',
      path: '/userdata/{file}',
      handle: async (request) => {
        const path = file(request);
        refuseOverwrite(path, request);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, await readBody(request));
        return written(path, request);
      },
    },
    {
      method: 'DELETE',
      path: '/userdata/{file}',
      handle: async (request) => {
        await rm(existing(request));
        return { status: 204, headers: {}, body: Buffer.alloc(0) };
      },
    },
    {
      method: 'POST',
      path: '/userdata/{file}/move/{dest}',
      handle: async (request) => {
        const from = existing(request);
        const to = file(request, 'dest');
        refuseOverwrite(to, request);
        await mkdir(dirname(to), { recursive: true });
        await rename(from, to);
        return written(to, request);
      },
    },
  ];
}

const isTrue = (query: URLSearchParams, name: string): boolean => query.get(name)?.toLowerCase() === 'true';
const slashed = (path: string): string => path.split(sep).join('/');

/** Visible files only, as Python's glob finds them. */
async function listFiles(folder: string, recurse: boolean): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: recurse });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => !name.split(sep).some((part) => part.startsWith('.')))
    .sort();
}

async function fileFacts(path: string, from: string): Promise<Record<string, unknown>> {
  const { size, mtimeMs, ctimeMs } = await stat(path);
  return { path: slashed(relative(from, path)), size, modified: mtimeMs / 1000, created: ctimeMs / 1000 };
}

async function listTree(folder: string, home: string): Promise<Record<string, unknown>[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const listed = await Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const facts = { name: basename(path), path: slashed(relative(home, path)) };
      if (entry.isDirectory()) return { ...facts, type: 'directory' };
      const { size, mtimeMs } = await stat(path);
      return { ...facts, type: 'file', size, modified: mtimeMs / 1000 };
    }),
  );
  const rank = (entry: { type: string; name: string }) =>
    `${entry.type === 'directory' ? 0 : 1}${entry.name.toLowerCase()}`;
  return listed.sort((left, right) => (rank(left) < rank(right) ? -1 : 1));
}
