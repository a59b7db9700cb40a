/**
 * Makes small pictures, in a thread of its own: reading, hashing and shrinking must not hold up a request, and a broken picture ends in here.
 * They lie by the content they were made of, so the same picture is shrunk once, wherever it lies. libvips runs as WebAssembly: the same on
 * every system, and what a picture can break stays inside it.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type Vips from 'wasm-vips';

export interface ThumbnailWorkerData {
  readonly folder: string;
  /** All of them together. */
  readonly mostBytes: number;
}
export interface ThumbnailOrder {
  readonly n: number;
  readonly path: string;
}
/** `file` null: it could not be made. `library`: nothing can be made here. */
export interface ThumbnailReply {
  readonly n: number;
  readonly file: string | null;
  readonly reason?: 'library' | 'picture';
}

/** Sharp on a tile of 200 pixels of a dense screen. */
const LONGEST_SIDE = 448;
const QUALITY = 80;
/** A larger picture is none that somebody made with ComfyUI; it would only fill the memory. */
const MOST_SOURCE_BYTES = 200 * 1024 * 1024;
/** So many new ones until the folder is measured again. */
const SWEEP_EVERY = 500;

const { folder, mostBytes } = workerData as ThumbnailWorkerData;
let library: Promise<typeof Vips> | null = null;
let made = 0;

/** Loaded when the first picture has to be shrunk: to find one on disk it is not needed. */
function vips(): Promise<typeof Vips> {
  library ??= import('wasm-vips').then(({ default: load }) => load({ dynamicLibraries: [] }));
  return library;
}

async function answer({ n, path }: ThumbnailOrder): Promise<ThumbnailReply> {
  try {
    if ((await stat(path)).size > MOST_SOURCE_BYTES) return { n, file: null, reason: 'picture' };
    const picture = await readFile(path);
    const name = createHash('sha256').update(picture).digest('hex');
    const file = join(folder, name.slice(0, 2), `${name}.webp`);
    const now = new Date();
    // Whoever is looked at stays: the sweep takes the oldest.
    const isThere = await utimes(file, now, now).then(
      () => true,
      () => false,
    );
    if (isThere) return { n, file };
    const small = await shrunk(picture);
    if (small === null) return { n, file: null, reason: 'library' };
    await mkdir(join(folder, name.slice(0, 2)), { recursive: true });
    await writeFile(`${file}.part`, small);
    await rename(`${file}.part`, file);
    made += 1;
    if (made % SWEEP_EVERY === 1) await sweep();
    return { n, file };
  } catch {
    return { n, file: null, reason: 'picture' };
  }
}

/** @returns null without the library */
async function shrunk(picture: Buffer): Promise<Uint8Array | null> {
  const library = await vips().catch(() => null);
  if (library === null) return null;
  const image = library.Image.thumbnailBuffer(picture, LONGEST_SIDE, { height: LONGEST_SIDE, size: 'down' });
  try {
    return image.writeToBuffer('.webp', { Q: QUALITY, effort: 2 });
  } finally {
    image.delete();
  }
}

/** Takes the least looked at away until a fifth of the room is free. */
async function sweep(): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  const facts = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const file = await stat(path).catch(() => null);
      return file?.isFile() === true ? [{ path, bytes: file.size, seenAt: file.mtimeMs }] : [];
    }),
  );
  const files = facts.flat().sort((a, b) => a.seenAt - b.seenAt);
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes <= mostBytes) return;
  for (const file of files) {
    if (bytes <= mostBytes * 0.8) return;
    await rm(file.path, { force: true });
    bytes -= file.bytes;
  }
}

// One after the other: each would hold a whole picture in memory.
let last: Promise<unknown> = Promise.resolve();
parentPort?.on('message', (order: ThumbnailOrder) => {
  last = last.then(async () => parentPort?.postMessage(await answer(order)));
});
