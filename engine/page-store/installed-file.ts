/** A file below a folder for a path of a request, and its validators as aiohttp makes them. Never leads out of the folder. */
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FileValidators } from './file-conditions.ts';

export interface InstalledFile extends FileValidators {
  readonly path: string;
  readonly etag: string;
  readonly modified: number;
}

/** The file itself, links resolved; null when it is none, or when dots and links lead out of the folder. */
export async function realFileBelow(folder: string, relative: string): Promise<string | null> {
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, relative));
    return path.startsWith(root.endsWith(sep) ? root : root + sep) ? path : null;
  } catch {
    return null;
  }
}

/** Null when it is no plain file. */
export async function fileFacts(path: string): Promise<InstalledFile | null> {
  try {
    const facts = await stat(path, { bigint: true });
    if (!facts.isFile()) return null;
    return {
      path,
      etag: `${facts.mtimeNs.toString(16)}-${facts.size.toString(16)}`,
      modified: Number(facts.mtimeNs / 1_000_000_000n) * 1000,
      bytes: Number(facts.size),
    };
  } catch {
    return null;
  }
}

/**
 * @param route as the request wrote it, from `/`
 * @returns the path below the folder; null where it would lead elsewhere or to no file
 */
export function decodedPath(route: string): string | null {
  try {
    const path = decodeURIComponent(route);
    const strange = path.includes('\0') || path.includes('\\') || path.split('/').includes('..');
    return strange || path.endsWith('/') ? null : path.slice(1);
  } catch {
    return null;
  }
}
