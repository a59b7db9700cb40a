/**
 * Results on disk by their content: the same picture twice is one file, and a file is there whole or not at all.
 * It knows no job; who uses what is in the database.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, rmSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { syncFolder } from '../platform/sync-folder.ts';

export interface ResultFile {
  /** On this computer; null when it comes from elsewhere. */
  readonly path: string | null;
  readonly bytes: number;
  readonly stream: () => Readable;
}

export interface ContentStore {
  /**
   * Resolves when all of it is on disk. Rejects, leaving nothing behind, when `content` breaks off or the disk refuses.
   * @param holder needs it from now on, until it lets go: what nobody has written down yet must stay all the same
   */
  put(content: AsyncIterable<Uint8Array>, holder: string): Promise<{ readonly sha256: string; readonly bytes: number }>;
  /** What it holds is written down, or not wanted any more. */
  letGo(holder: string): void;
  /** Rejects when there is no such content. */
  open(sha256: string): Promise<ResultFile>;
  pathOf(sha256: string): string;
  /** Unless somebody holds it, or it is used. */
  removeUnused(sha256: string, isUsed: () => boolean): Promise<void>;
}

const NAME = /^[0-9a-f]{64}$/;

/** @param folder is made when missing; unfinished files of an earlier engine are removed */
export function createContentStore(folder: string): ContentStore {
  const unfinished = join(folder, 'unfinished');
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });

  function pathOf(sha256: string): string {
    if (!NAME.test(sha256)) throw new Error('not the name of a content');
    return join(folder, sha256.slice(0, 2), sha256);
  }

  const heldBy = new Map<string, Set<string>>();
  /** A content gets its name, or loses it, one after the other: else one that arrives again could go with its predecessor. */
  let lastTurn: Promise<unknown> = Promise.resolve();
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = lastTurn.then(work);
    lastTurn = turn.catch(() => undefined);
    return turn;
  }

  function hold(sha256: string, holder: string): void {
    heldBy.set(holder, (heldBy.get(holder) ?? new Set()).add(sha256));
  }
  const isHeld = (sha256: string): boolean => [...heldBy.values()].some((held) => held.has(sha256));

  async function write(handle: FileHandle, content: AsyncIterable<Uint8Array>) {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of content) {
      hash.update(chunk);
      bytes += chunk.length;
      await handle.writeFile(chunk);
    }
    await handle.sync();
    return { sha256: hash.digest('hex'), bytes };
  }

  return {
    async put(content, holder) {
      const temporary = join(unfinished, randomUUID());
      const handle = await open(temporary, 'wx', 0o600);
      try {
        const written = await write(handle, content).finally(() => handle.close());
        const path = pathOf(written.sha256);
        hold(written.sha256, holder);
        await mkdir(dirname(path), { recursive: true });
        await inTurn(() => rename(temporary, path));
        await syncFolder(dirname(path));
        return written;
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    async open(sha256) {
      const path = pathOf(sha256);
      const { size } = await stat(path);
      return { path, bytes: size, stream: () => createReadStream(path) };
    },
    pathOf,
    letGo: (holder) => void heldBy.delete(holder),
    removeUnused: (sha256, isUsed) =>
      inTurn(async () => {
        if (!isHeld(sha256) && !isUsed()) await rm(pathOf(sha256), { force: true });
      }),
  };
}
