/** Reads a picture ComfyUI saved while ComfyUI itself sleeps, with the checks of its own `/view`. Writes nothing, wakes nothing. */
import { open, realpath } from 'node:fs/promises';
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
  const { filename, subfolder, type } = file;
  const contentType = TYPES[extname(filename).toLowerCase()];
  if (type !== 'output' || contentType === undefined) return null;
  if (/[/\\\0]/.test(filename) || filename.includes('..') || subfolder.includes('\0')) return null;
  const wanted = resolve(folder, subfolder, basename(filename));
  try {
    // Dots and links inside may lead out of it; a link above it is how the user keeps the folder elsewhere.
    const real = await realpath(wanted);
    if (!isBelow(await realpath(folder), real)) return null;
    const handle = await open(real, 'r');
    try {
      const facts = await handle.stat();
      if (!facts.isFile() || facts.size > MAX_PICTURE_BYTES) return null;
      return { contentType, bytes: await handle.readFile() };
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}

/** Both resolved: no dots and no links in them. */
export const isBelow = (folder: string, path: string): boolean =>
  path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
