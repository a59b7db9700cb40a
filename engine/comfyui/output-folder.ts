/** Reads a picture ComfyUI saved while ComfyUI itself sleeps, with the checks of its own `/view`. Writes nothing, wakes nothing. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, extname, resolve, sep } from 'node:path';
import type { Settings } from '../../contract/settings.ts';
import type { OutputFile } from './prompt-end.ts';

export interface Picture {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** What browsers and trays draw, and nothing that can hold a script. */
const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
};

/** There is nothing here that makes a picture smaller: a larger one is not given out as a preview. */
export const MAX_PICTURE_BYTES = 4 * 1024 * 1024;

/** Where this installation saves to; null when only ComfyUI itself knows. */
export function outputFolderOf(installation: Settings['installation']): string | null {
  const { commandLine, folder } = installation;
  const words = [commandLine ?? '', ...installation.arguments].join(' ');
  // An argument of the user's comes after ours, and the last one counts.
  if (words.includes('--output-directory')) return null;
  if (installation.outputDirectory !== null) return resolve(installation.outputDirectory);
  if (words.includes('--base-directory')) return null;
  return commandLine !== null || folder === null ? null : resolve(folder, 'output');
}

/** @returns null when it is no picture, too large, not there, or outside of the folder */
export async function readOutputFile(folder: string, file: OutputFile): Promise<Picture | null> {
  const contentType = TYPES[extname(file.filename).toLowerCase()];
  if (file.type !== 'output' || contentType === undefined) return null;
  const found = await findFile(folder, file);
  if (found === null || found.bytes > MAX_PICTURE_BYTES) return null;
  const bytes = await readFile(found.path).catch(() => null);
  return bytes === null ? null : { contentType, bytes };
}

/**
 * A file as ComfyUI names it, with the checks of its own `/view`.
 * @param folder the one that the file's `type` means
 * @returns null when it is not there, or outside of the folder
 */
export async function findFile(
  folder: string,
  { filename, subfolder }: Pick<OutputFile, 'filename' | 'subfolder'>,
): Promise<{ readonly path: string; readonly bytes: number } | null> {
  if (/[/\\\0]/.test(filename) || filename.includes('..') || subfolder.includes('\0')) return null;
  try {
    // Dots and links inside may lead out of it; a link above it is how the user keeps the folder elsewhere.
    const path = await realpath(resolve(folder, subfolder, basename(filename)));
    if (!isBelow(await realpath(folder), path)) return null;
    const facts = await stat(path);
    return facts.isFile() ? { path, bytes: facts.size } : null;
  } catch {
    return null;
  }
}

const isBelow = (folder: string, path: string): boolean =>
  path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
