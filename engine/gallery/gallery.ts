/** The gallery as a room: pages of what lies in the output folder, one file of it, its small picture, the workflow inside. Changes nothing there. */
import { createReadStream, type ReadStream } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  EmbeddedWorkflow,
  GalleryFile,
  GalleryItem,
  GalleryPage,
  GalleryQuery,
  MadeAt,
} from '../../contract/gallery.ts';
import { isBelow } from '../comfyui/output-folder.ts';
import { AppError } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import { embeddedWorkflow } from './embedded-workflow.ts';
import { createFolderIndex, inTurns } from './folder-index.ts';
import type { Maker, Makers } from './makers.ts';
import { byAge, type MediaFile, placeOf } from './media-file.ts';
import { HEAD_BYTES, type PixelSize, pixelSize } from './media-head.ts';
import type { Thumbnails } from './thumbnails.ts';

/** Every call rejects with gallery_folder_unknown where only ComfyUI knows the folder, and with gallery_item_not_found for an unknown id. */
export interface Gallery {
  /** @throws AppError invalid_request for a cursor that is none */
  page(query: GalleryQuery): Promise<GalleryPage>;
  one(id: string): Promise<GalleryFile>;
  open(id: string): Promise<OpenFile>;
  /** Null: there is none, show the file itself. */
  thumbnail(id: string, signal: AbortSignal): Promise<OpenFile | null>;
  /** @throws AppError gallery_no_workflow */
  workflow(id: string): Promise<EmbeddedWorkflow>;
  close(): Promise<void>;
}

export interface OpenFile {
  readonly file: MediaFile;
  readonly bytes: number;
  /** Changes whenever the content may have. */
  readonly version: string;
  /** Both ends are in it. */
  stream(range?: { readonly start: number; readonly end: number }): ReadStream;
}

export interface GalleryDeps {
  /** Null when only ComfyUI itself knows. */
  readonly folder: () => string | null;
  readonly makers: Makers;
  /** False for a job that was forgotten since. */
  readonly isJobKnown: (id: string) => boolean;
  readonly thumbnails: Thumbnails;
  readonly clock: Clock;
}

export function createGallery({ folder, makers, isJobKnown, thumbnails, clock }: GalleryDeps): Gallery {
  const index = createFolderIndex({ folder, clock });
  /** By file as it was then: one written anew is another. */
  const sizes = new WeakMap<MediaFile, PixelSize | 'untold'>();

  async function files(): Promise<{ readonly all: readonly MediaFile[]; readonly folder: string }> {
    const wanted = folder();
    if (wanted === null) {
      throw new AppError('gallery_folder_unknown', 'Stoker does not know where this ComfyUI saves its pictures.');
    }
    const [all] = await Promise.all([index.files(), makers.ready()]);
    return { all, folder: wanted };
  }

  /** @throws AppError gallery_item_not_found */
  async function found(id: string): Promise<{ readonly file: MediaFile; readonly path: string }> {
    await files();
    const file = index.find(id);
    const root = index.root();
    if (file !== undefined && root !== null) {
      const path = await realpath(join(root, file.subfolder, file.name)).catch(() => null);
      // A folder may have become a link since it was read.
      if (path !== null && isBelow(root, path)) return { file, path };
    }
    throw new AppError('gallery_item_not_found', 'There is no such file in the gallery.', { details: { id } });
  }

  const makerOf = (file: MediaFile): Maker | null => makers.of(file);
  const madeAt = (file: MediaFile): MadeAt => (makerOf(file)?.isRemote === true ? 'remote' : 'local');

  async function sizeOf(file: MediaFile): Promise<PixelSize | null> {
    if (file.kind !== 'image') return null;
    let known = sizes.get(file);
    if (known === undefined) {
      const path = join(index.root() ?? '', file.subfolder, file.name);
      known = (await withFile(path, async (handle) => pixelSize(await readAt(handle, 0, HEAD_BYTES)))) ?? 'untold';
      sizes.set(file, known);
    }
    return known === 'untold' ? null : known;
  }

  async function item(file: MediaFile): Promise<GalleryItem> {
    const size = await sizeOf(file).catch(() => null);
    const { id, name, subfolder, kind, mediaType, bytes, modifiedAt } = file;
    const jobId = makerOf(file)?.jobId ?? null;
    return {
      id,
      name,
      subfolder,
      kind,
      mediaType,
      bytes,
      modifiedAt,
      width: size?.width ?? null,
      height: size?.height ?? null,
      jobId: jobId !== null && isJobKnown(jobId) ? jobId : null,
      madeAt: madeAt(file),
    };
  }

  return {
    async page({ cursor, limit, search = '', madeAt: wanted }) {
      const { all, folder: shown } = await files();
      const parts = search.toLowerCase().split(/\s+/).filter(Boolean);
      const fits = (file: MediaFile): boolean => {
        const place = placeOf(file.subfolder, file.name).toLowerCase();
        return parts.every((part) => place.includes(part)) && (wanted === undefined || madeAt(file) === wanted);
      };
      const fitting = parts.length === 0 && wanted === undefined ? all : all.filter(fits);
      const after = cursor === undefined ? null : placeAfter(cursor);
      const start = after === null ? 0 : fitting.findIndex((file) => byAge(file, { ...file, ...after }) > 0);
      const shownFiles = start < 0 ? [] : fitting.slice(start, start + limit);
      const last = shownFiles.at(-1);
      const isEnd = last === undefined || last === fitting.at(-1);
      return {
        items: await inTurns(shownFiles, item),
        nextCursor: isEnd ? null : `${last.modifiedAt}.${last.id}`,
        total: fitting.length,
        folder: shown,
      };
    },
    async one(id) {
      const { file, path } = await found(id);
      return { ...(await item(file)), path };
    },
    async open(id) {
      const { file, path } = await found(id);
      return opened(file, path);
    },
    async thumbnail(id, signal) {
      const { file, path } = await found(id);
      if (file.kind !== 'image') return null;
      const small = await thumbnails.of(path, signal);
      return small === null ? null : opened(file, small).catch(() => null);
    },
    async workflow(id) {
      const { path } = await found(id);
      const inside = await withFile(path, (handle) =>
        embeddedWorkflow((position, length) => readAt(handle, position, length)),
      );
      if (inside === null) throw new AppError('gallery_no_workflow', 'There is no workflow inside this file.');
      return inside;
    },
    async close() {
      makers.close();
      await thumbnails.close();
    },
  };
}

/** @throws AppError invalid_request */
function placeAfter(cursor: string): Pick<MediaFile, 'modifiedAt' | 'id'> {
  const found = /^(-?\d{1,16})\.([\w-]{22})$/.exec(cursor);
  if (found === null) throw new AppError('invalid_request', 'This cursor is none of the gallery.');
  return { modifiedAt: Number(found[1]), id: found[2] ?? '' };
}

async function opened(file: MediaFile, path: string): Promise<OpenFile> {
  const { size, mtimeMs } = await stat(path);
  return {
    file,
    bytes: size,
    version: `${size}-${Math.round(mtimeMs)}`,
    stream: (range) => createReadStream(path, range),
  };
}

async function withFile<Result>(path: string, work: (handle: FileHandle) => Promise<Result>): Promise<Result> {
  const handle = await open(path, 'r');
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
