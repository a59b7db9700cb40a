/** GET /view: a picture as it lies on disk, or decoded and written anew as preview or as one of its channels. */
import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ImageWorkshop } from '../images/image-workshop.ts';
import { type Folders, folderOf, isInside } from '../process/folders.ts';
import { fileReply } from './file-reply.ts';
import { contentTypeOf } from './media-types.ts';
import { bytes, empty, type Reply } from './reply.ts';
import type { RouteRequest } from './request.ts';
import type { Route } from './route-table.ts';

const previewQuality = 90;

export function viewRoutes(folders: Folders, workshop: ImageWorkshop): Route[] {
  const view = async ({ query, headers }: RouteRequest): Promise<Reply> => {
    const wanted = query.get('filename');
    if (wanted === null) return empty(404);
    const [, name = '', annotated] = /^(.*?)(?: ?\[(input|output|temp)\])?$/.exec(wanted) ?? [];
    if (name === '' || name.startsWith('/') || name.includes('..')) return empty(400);
    const root = folderOf(folders, annotated ?? query.get('type') ?? 'output');
    if (!root) return empty(400);
    const folder = resolve(root, query.get('subfolder') ?? '');
    if (!isInside(root, folder)) return empty(403);
    const filename = basename(name);
    const file = join(folder, filename);
    if (!(await stat(file).catch(() => undefined))?.isFile()) return empty(404);

    const named = { 'Content-Disposition': `filename="${filename}"` };
    const channel = query.get('channel') ?? '';
    const preview = query.get('preview');
    if (preview !== null) {
      const parts = preview.split(';');
      const quality = /^\d+$/.test(parts.at(-1) ?? '') ? Number(parts.at(-1)) : previewQuality;
      const format = parts[0] === 'jpeg' && !channel.includes('a') ? 'jpeg' : 'webp';
      const picture = await workshop.run('preview', await readFile(file), format, quality, channel === 'rgb');
      return bytes(Buffer.from(picture), `image/${format}`, 200, named);
    }
    if (channel === 'rgb' || channel === 'a') {
      return bytes(Buffer.from(await workshop.run('channel', await readFile(file), channel)), 'image/png', 200, named);
    }
    return (await fileReply(file, headers, { ...named, 'Content-Type': contentTypeOf(filename) })) ?? empty(404);
  };
  return [{ method: 'GET', path: '/view', handle: view }];
}
