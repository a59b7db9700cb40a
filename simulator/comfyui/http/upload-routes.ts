/** POST /upload/image and /upload/mask: multipart bodies of any size, written to disk as they come in. */
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, extname, join, normalize, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import type { ImageWorkshop } from '../images/image-workshop.ts';
import { type Folders, folderOf, isInside } from '../process/folders.ts';
import { empty, json, type Reply } from './reply.ts';
import { consumeBody, type RouteRequest } from './request.ts';
import type { Route } from './route-table.ts';

interface Form {
  fields: Map<string, string>;
  image: { filename: string; stored: string } | undefined;
}

export function uploadRoutes(folders: Folders, workshop: ImageWorkshop): Route[] {
  const upload = async (request: RouteRequest, finish?: (form: Form, target: string) => Promise<Reply | undefined>) => {
    const form = await receive(request, folders.temp);
    try {
      return await place(form, folders, finish);
    } finally {
      if (form.image) await rm(form.image.stored, { force: true });
    }
  };
  return [
    { method: 'POST', path: '/upload/image', handle: (request) => upload(request) },
    {
      method: 'POST',
      path: '/upload/mask',
      handle: (request) => upload(request, (form, target) => writeMasked(form, target, folders, workshop)),
    },
  ];
}

/** Reads the form; the file goes to the temp folder, because its place may be named behind it. */
async function receive(request: RouteRequest, temp: string): Promise<Form> {
  const form: Form = { fields: new Map(), image: undefined };
  if (!request.headers['content-type']?.startsWith('multipart/')) return form;
  await mkdir(temp, { recursive: true });
  // With its path: a file name that leads out of the folder is refused, not trimmed.
  const parser = busboy({ headers: request.headers, defParamCharset: 'utf8', preservePath: true });
  const writes: Promise<void>[] = [];
  parser.on('field', (name, value) => form.fields.set(name, value));
  parser.on('file', (name, stream, { filename }) => {
    if (name !== 'image' || form.image) {
      stream.resume();
      return;
    }
    const stored = join(temp, `.upload-${randomUUID()}`);
    form.image = { filename: filename ?? '', stored };
    const write = pipeline(stream, createWriteStream(stored));
    write.catch(() => undefined);
    writes.push(write);
  });
  try {
    const finished = once(parser, 'close');
    // Looked at below; until then a rejection must not pass for a forgotten one.
    finished.catch(() => undefined);
    await consumeBody(request, (chunk) => (parser.write(chunk) ? undefined : drained(parser)));
    parser.end();
    await finished;
    await Promise.all(writes);
    return form;
  } catch (error) {
    parser.destroy();
    await Promise.allSettled(writes);
    if (form.image) await rm(form.image.stored, { force: true });
    throw error;
  }
}

async function drained(parser: busboy.Busboy): Promise<void> {
  await once(parser, 'drain');
}

async function place(
  form: Form,
  folders: Folders,
  finish?: (form: Form, target: string) => Promise<Reply | undefined>,
): Promise<Reply> {
  const { image, fields } = form;
  const kind = fields.get('type') ?? 'input';
  const root = folderOf(folders, kind);
  if (!root) throw new TypeError(`no folder of type ${kind}`);
  if (!image || image.filename === '') return empty(400);
  const subfolder = fields.get('subfolder') ?? '';
  const folder = join(root, normalize(subfolder));
  const wanted = resolve(folder, image.filename);
  if (!isInside(root, wanted)) return empty(400);
  await mkdir(folder, { recursive: true });
  const overwrite = ['true', '1'].includes(fields.get('overwrite') ?? '');
  const { target, present } = overwrite ? { target: wanted, present: false } : await freeName(wanted, image.stored);
  if (!present) {
    const refused = finish ? await finish(form, target) : await move(image.stored, target);
    if (refused) return refused;
  }
  return json({ name: basename(target), subfolder, type: kind });
}

/** The wanted name, or `name (1).png` and so on; a file of the same bytes is taken for this one. */
async function freeName(wanted: string, stored: string): Promise<{ target: string; present: boolean }> {
  const extension = extname(wanted);
  const stem = wanted.slice(0, wanted.length - extension.length);
  let target = wanted;
  let hash: string | undefined;
  for (let number = 1; existsSync(target); number += 1) {
    hash ??= await hashOf(stored);
    if ((await hashOf(target)) === hash) return { target, present: true };
    target = `${stem} (${number})${extension}`;
  }
  return { target, present: false };
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function move(from: string, to: string): Promise<undefined> {
  await rename(from, to).catch(async (error: NodeJS.ErrnoException) => {
    // The temp folder may lie on another disk.
    if (error.code !== 'EXDEV') throw error;
    await copyFile(from, to);
  });
}

/** Writes the picture named by `original_ref` with the uploaded mask as its alpha. Without such a picture nothing is written. */
async function writeMasked(
  form: Form,
  target: string,
  folders: Folders,
  workshop: ImageWorkshop,
): Promise<Reply | undefined> {
  const reference = JSON.parse(form.fields.get('original_ref') ?? '') as Record<string, unknown>;
  const name = String(reference.filename ?? '');
  if (name === '' || name.startsWith('/') || name.includes('..')) return empty(400);
  const root = folderOf(folders, String(reference.type ?? 'output'));
  if (!root) return empty(400);
  const folder = resolve(root, String(reference.subfolder ?? ''));
  if (!isInside(root, folder)) return empty(403);
  const original = join(folder, name);
  if (!existsSync(original) || !form.image) return undefined;
  const masked = await workshop.run('applyMask', await readFile(original), await readFile(form.image.stored));
  await writeFile(target, masked);
  return undefined;
}
