/** `--front-end-root`: the files of a real frontend in place of the simulator's own page, as ComfyUI serves them. */
import { readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileReply } from '../http/file-reply.ts';
import { contentTypeOf } from '../http/media-types.ts';
import { json, noSuchFile } from '../http/reply.ts';
import type { Route } from '../http/route-table.ts';

/** A page's own scripts and styles run, other than a file of a user. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'application/javascript',
  '.mjs': 'application/javascript',
  '.css': 'text/css',
  '.ico': 'image/vnd.microsoft.icon',
  '.avif': 'image/avif',
  '.wasm': 'application/wasm',
  '.webp': 'application/octet-stream',
};
const PICTURES = /\.(?:jpe?g|png|ppm|bmp|pgm|tiff?|webp)$/i;

/** @param folder with an index.html @throws when it cannot be read */
export function frontEndRoutes(folder: string): Route[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `/${relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/')}`);
  const modules = files.filter((path) => path.startsWith('/extensions/') && path.endsWith('.js')).sort();
  const serve = (address: string, path: string): Route => {
    const headers = { ...cacheFields(address), 'Content-Type': TYPES[extname(path)] ?? contentTypeOf(path) };
    return {
      method: 'GET',
      path: address,
      underApi: false,
      handle: async ({ headers: asked }) => (await fileReply(join(folder, path), asked, headers)) ?? noSuchFile(),
    };
  };
  return [
    serve('/', '/index.html'),
    ...files.map((path) => serve(path, path)),
    { method: 'GET', path: '/extensions', handle: () => json(modules) },
  ];
}

/** By the address alone, as ComfyUI decides it. */
function cacheFields(address: string): Record<string, string> {
  if (address === '/') return { 'Cache-Control': 'no-cache', Pragma: 'no-cache', Expires: '0' };
  const name = address.slice(address.lastIndexOf('/') + 1);
  if (/\.(?:js|css)$/.test(address) || /^index.*\.json$/.test(name)) return { 'Cache-Control': 'no-cache' };
  return PICTURES.test(address) ? { 'Cache-Control': 'public, max-age=86400' } : {};
}
