/** Reads a `/view` of ComfyUI, with its own checks, and tells which file that is. What makes a picture anew is ComfyUI's. */
import { basename, extname, resolve } from 'node:path';
import { fileFacts, realFileBelow } from './installed-file.ts';
import type { FileToSend } from './send-answer.ts';

export interface PictureFolders {
  readonly input: string | null;
  readonly output: string | null;
}

export type ViewAnswer =
  | { readonly kind: 'file'; readonly file: FileToSend }
  /** As ComfyUI answers, empty. */
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 404 };

/** As Python names them on every system; others depend on the machine and are left to ComfyUI. Nothing here can hold a script. */
const TYPES: Readonly<Record<string, string>> = {
  '.bmp': 'image/bmp',
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.png': 'image/png',
  '.txt': 'text/plain',
  '.webm': 'video/webm',
  '.webp': 'image/webp',
};
/** It takes the character before the bracket for a space. */
const ANNOTATION = /^(.*?).?\[(input|output|temp)\]$/s;

/** @returns null when only ComfyUI can answer: it makes a preview, or the file is not there */
export async function viewFile(target: string, folders: PictureFolders): Promise<ViewAnswer | null> {
  const query = new URLSearchParams(target.slice(target.indexOf('?')));
  const wanted = query.get('filename');
  if (wanted === null) return { kind: 'refused', status: 404 };
  const [, name = wanted, annotated] = ANNOTATION.exec(wanted) ?? [];
  if (name === '' || name.startsWith('/') || name.includes('..')) return { kind: 'refused', status: 400 };
  const type = annotated ?? query.get('type') ?? 'output';
  if (type !== 'input' && type !== 'output' && type !== 'temp') return { kind: 'refused', status: 400 };
  // It is emptied when ComfyUI ends, and again when it starts.
  if (type === 'temp') return { kind: 'refused', status: 404 };
  const channel = query.get('channel');
  const contentType = TYPES[extname(name).toLowerCase()];
  const folder = folders[type];
  if (folder === null || contentType === undefined || query.has('preview') || channel === 'rgb' || channel === 'a')
    return null;

  const subfolder = query.get('subfolder') ?? '';
  if (!isInside(folder, subfolder)) return { kind: 'refused', status: 403 };
  if (`${subfolder}${name}`.includes('\0')) return null;
  const path = await realFileBelow(folder, `${subfolder}/${basename(name)}`);
  const facts = path === null ? null : await fileFacts(path);
  if (facts === null) return null;
  const headers = ['Content-Disposition', `filename="${headerText(basename(name))}"`, 'Content-Type', contentType];
  return { kind: 'file', file: { ...facts, headers } };
}

function isInside(folder: string, subfolder: string): boolean {
  const root = resolve(folder);
  const inside = resolve(root, subfolder);
  return inside === root || inside.startsWith(root.endsWith('/') ? root : `${root}/`) || inside.startsWith(`${root}\\`);
}

/** UTF-8, as aiohttp writes it, in the form in which node takes bytes. */
const headerText = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
