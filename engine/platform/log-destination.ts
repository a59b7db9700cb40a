// The tests compile this file without the engine's own list of files.
/// <reference path="./pino-roll.d.ts" />
/**
 * Where the engine's own log goes: numbered files in one folder, rotated by size and bounded in number, also over restarts.
 * A disk that refuses to take lines must never end or hold up the engine.
 */
import { join } from 'node:path';
import openRollingFile from 'pino-roll';
import { dataFolderUnusable } from './data-folder.ts';

export interface LogDestination {
  /** The line is with the system when this returns: the last words of a crash are not lost. */
  write(line: string): void;
  /** Resolves when everything is on disk or given up. Twice is fine; lines written later are dropped. */
  close(): Promise<void>;
}

export interface LogDestinationOptions {
  readonly folder: string;
  /** Called once when lines cannot be written, and again only after writing has worked in between. */
  readonly onProblem: (message: string) => void;
}

/** `stoker.1.log`, `stoker.2.log`, …: the highest number is the current one. */
const FILE_NAME = 'stoker';
const FILE_SIZE = '5m';
const FILES_KEPT = 5;
/** Lines held while the disk refuses; beyond this they are dropped. */
const HELD_BYTES = 1024 * 1024;

/** @throws AppError data_folder_unusable when the folder cannot be written at the start */
export async function createLogDestination({ folder, onProblem }: LogDestinationOptions): Promise<LogDestination> {
  const stream = await openRollingFile({
    file: join(folder, FILE_NAME),
    extension: '.log',
    size: FILE_SIZE,
    // Without removeOtherLogFiles only files of this very process are counted, and every restart leaves some behind.
    limit: { count: FILES_KEPT, removeOtherLogFiles: true },
    mkdir: true,
    maxLength: HELD_BYTES,
    // Few lines, each written at once. Not buffered and flushed at a crash: sonic-boom's flushSync never returns on a full disk.
    sync: true,
  }).catch((error: unknown) => {
    throw dataFolderUnusable(error, folder);
  });
  let failing = false;
  let closing: Promise<void> | null = null;

  stream.on('error', (error) => {
    if (failing) return;
    failing = true;
    onProblem(`${dataFolderUnusable(error, folder).message} The engine's log misses lines from now on.`);
  });
  stream.on('write', () => {
    failing = false;
  });

  return {
    write(line) {
      if (!closing) stream.write(line);
    },
    close() {
      closing ??= new Promise((resolve) => {
        stream.once('close', () => resolve());
        // A stream that cannot write its rest never ends by itself.
        stream.once('error', () => stream.destroy());
        stream.end();
      });
      return closing;
    },
  };
}
