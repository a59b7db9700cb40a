/** The folder Stoker keeps everything in: made ready before use, and what is wrong with it said in words. */

import { closeSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from './app-error.ts';
import { codeOf } from './error-code.ts';

/** Only the user who runs Stoker reads it: settings may hold a token, logs hold prompts. */
const FOLDER_MODE = 0o700;

const CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a file stands where a folder should be',
  EEXIST: 'a file stands where the folder should be',
  EISDIR: 'a folder stands where the file should be',
  ENOENT: 'the folder above it does not exist',
  EIO: 'the disk reports a read or write error',
  ENAMETOOLONG: 'the path is too long',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/** @param path the file or folder that could not be written */
export function dataFolderUnusable(error: unknown, path: string): AppError {
  const errno = codeOf(error) || null;
  const cause =
    (errno === null ? undefined : CAUSES[errno]) ?? (error instanceof Error ? error.message : String(error));
  return new AppError('data_folder_unusable', `Stoker cannot write ${path}: ${cause}${errno ? ` (${errno})` : ''}.`, {
    details: { path, errno },
    cause: error,
  });
}

/**
 * Makes the folder when missing and proves that a file can be written in it.
 * @throws AppError data_folder_unusable
 */
export function prepareDataFolder(folder: string): void {
  const probe = join(folder, `.write-test-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    const handle = openSync(probe, 'w', 0o600);
    try {
      // An empty file still fits on a full disk; a block of data does not.
      writeSync(handle, Buffer.alloc(4096));
    } finally {
      closeSync(handle);
      unlinkSync(probe);
    }
  } catch (error) {
    throw dataFolderUnusable(error, folder);
  }
}
