/**
 * What lies in the output folder, kept in memory and brought up to date when somebody asks: only folders whose time changed are read again.
 * Follows no link, shows no file that is still being written, writes nothing.
 */
import type { Dirent, Stats } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { mediaTypeOf } from '../jobs/media-type.ts';
import type { Clock } from '../platform/clock.ts';
import { byAge, idOf, type MediaFile, mediaKindOf, placeOf } from './media-file.ts';
import { isWhole, TAIL_BYTES } from './media-head.ts';

export interface FolderIndex {
  /** Newest first. A folder that is not there (yet) is an empty one. */
  files(): Promise<readonly MediaFile[]>;
  find(id: string): MediaFile | undefined;
  /** As it lies on disk, links above it resolved; null before the first look, or without a folder. */
  root(): string | null;
}

interface KnownFolder {
  readonly modifiedAt: number;
  readonly files: Map<string, MediaFile>;
  readonly subfolders: readonly string[];
  /** Something was being written, or its time is too coarse to tell that nothing came since. */
  readonly unsettled: boolean;
}

/** A file whose format does not tell its end is whole when nobody has written to it for so long. */
const SETTLED_MS = 1500;
/** The coarsest time stamps of file systems in use (FAT). */
const COARSE_MS = 2000;
/** A young file may be written anew in its place, which the time of its folder does not tell. */
const YOUNG_MS = 10 * 60_000;
/** Ask as often as one likes: the disk is not asked more often. */
const FRESH_MS = 250;
const AT_ONCE = 32;
const DEEPEST = 16;
const MOST_FILES = 200_000;

/** @param folder may change with the settings; null: there is none */
export function createFolderIndex({ folder, clock }: { folder: () => string | null; clock: Clock }): FolderIndex {
  let root: string | null = null;
  let folders = new Map<string, KnownFolder>();
  let sorted: readonly MediaFile[] = [];
  let byId = new Map<string, MediaFile>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;

  async function look(): Promise<void> {
    const wanted = folder();
    const real = wanted === null ? null : await realpath(wanted).catch(() => null);
    if (real !== root) folders = new Map();
    root = real;
    const next = new Map<string, KnownFolder>();
    let changed = false;
    let count = 0;
    let level = real === null ? [] : [''];
    for (let depth = 0; depth < DEEPEST && level.length > 0 && count < MOST_FILES; depth += 1) {
      const seen = await inTurns(level, (place) => visit(place, folders.get(place)));
      level = seen.flatMap((known, n) => {
        const place = level[n] ?? '';
        if (known === null) return [];
        next.set(place, known);
        count += known.files.size;
        changed ||= known !== folders.get(place);
        return known.subfolders.map((name) => placeOf(place, name));
      });
    }
    changed ||= next.size !== folders.size;
    folders = next;
    if (changed) {
      sorted = [...next.values()].flatMap(({ files }) => [...files.values()]).sort(byAge);
      byId = new Map(sorted.map((file) => [file.id, file]));
    }
    lookedAt = clock.monotonic();
  }

  /** @returns the known one itself when nothing changed, null when it is no folder any more */
  async function visit(place: string, known: KnownFolder | undefined): Promise<KnownFolder | null> {
    const path = pathOf(place);
    // At the top the real path is known; below, what was a folder may have become a link.
    const facts = await (place === '' ? stat(path) : lstat(path)).catch(() => null);
    if (facts === null || !facts.isDirectory()) return null;
    if (known === undefined || known.unsettled || known.modifiedAt !== facts.mtimeMs)
      return readFolder(place, facts, known?.files);
    return withYoungFiles(place, known);
  }

  async function readFolder(
    place: string,
    { mtimeMs }: Stats,
    before: ReadonlyMap<string, MediaFile> = new Map(),
  ): Promise<KnownFolder | null> {
    const entries = await readdir(pathOf(place), { withFileTypes: true }).catch(() => null);
    if (entries === null) return null;
    const media = entries.filter((entry) => entry.isFile() && mediaKindOf(entry.name) !== null);
    const read = await inTurns(media, (entry) => readFile(place, entry.name, before.get(entry.name)));
    const files = new Map<string, MediaFile>();
    for (const file of read) if (file !== 'gone' && file !== 'unfinished') files.set(file.name, file);
    return {
      modifiedAt: mtimeMs,
      files,
      subfolders: entries.filter(isFolder).map(({ name }) => name),
      unsettled: read.includes('unfinished') || clock.now() - mtimeMs < COARSE_MS,
    };
  }

  async function withYoungFiles(place: string, known: KnownFolder): Promise<KnownFolder> {
    const young = [...known.files.values()].filter(({ modifiedAt }) => clock.now() - modifiedAt < YOUNG_MS);
    const read = await inTurns(young, (file) => readFile(place, file.name, file));
    if (young.every((file, n) => read[n] === file)) return known;
    const files = new Map(known.files);
    for (const [n, file] of young.entries()) {
      const now = read[n];
      if (typeof now === 'object') files.set(file.name, now);
      else files.delete(file.name);
    }
    return { ...known, files, unsettled: read.includes('unfinished') };
  }

  /** @returns `before` itself when nothing changed */
  async function readFile(place: string, name: string, before?: MediaFile): Promise<MediaFile | 'gone' | 'unfinished'> {
    const path = join(pathOf(place), name);
    const kind = mediaKindOf(name);
    const facts = await lstat(path).catch(() => null);
    if (facts === null || kind === null || !facts.isFile()) return 'gone';
    const modifiedAt = Math.round(facts.mtimeMs);
    if (before?.bytes === facts.size && before.modifiedAt === modifiedAt) return before;
    const age = clock.now() - modifiedAt;
    // A clock that was set back must not hide a file until it has caught up, nor one that broke long ago hide for ever.
    const written = facts.size > 0 && (age < 0 || age >= YOUNG_MS ? true : await isWritten(path, facts.size));
    if (written === false || (written === null && age < SETTLED_MS)) return 'unfinished';
    return {
      id: idOf(placeOf(place, name)),
      name,
      subfolder: place,
      kind,
      mediaType: mediaTypeOf(name),
      bytes: facts.size,
      modifiedAt,
    };
  }

  const pathOf = (place: string): string => join(root ?? '', ...place.split('/'));

  return {
    async files() {
      if (looking === null && clock.monotonic() - lookedAt >= FRESH_MS) {
        looking = look().finally(() => {
          looking = null;
        });
      }
      await looking;
      return sorted;
    },
    find: (id) => byId.get(id),
    root: () => root,
  };
}

/** A folder of its own, not a link (or a junction) to one; hidden ones are other programs'. */
const isFolder = (entry: Dirent): boolean => entry.isDirectory() && !entry.name.startsWith('.');

/** @returns null when its format does not tell */
async function isWritten(path: string, bytes: number): Promise<boolean | null> {
  const handle = await open(path, 'r').catch(() => null);
  if (handle === null) return false;
  try {
    const head = Buffer.alloc(Math.min(bytes, 32));
    const tail = Buffer.alloc(Math.min(bytes, TAIL_BYTES));
    await handle.read(head, 0, head.length, 0);
    await handle.read(tail, 0, tail.length, bytes - tail.length);
    return isWhole(head, tail, bytes);
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}

/** In order, so many at once that the disk is busy and nobody else waits. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return results;
}
