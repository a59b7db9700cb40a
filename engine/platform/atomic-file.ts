/** Replaces a small file as a whole: a reader, a crash or a full disk leaves the old text or the new one, never a part. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { dataFolderUnusable } from './data-folder.ts';

/**
 * On return the text is on the disk. On an error the old file is as it was and nothing is left beside it.
 * @throws AppError data_folder_unusable
 */
export function writeFileAtomically(file: string, text: string): void {
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    const handle = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
    syncFolder(dirname(file));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw dataFolderUnusable(error, file);
  }
}

/** Without this a power cut may undo the rename. Windows cannot open a folder, and needs no such step on NTFS. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
