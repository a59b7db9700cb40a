/**
 * Where the engine's own log goes: numbered files in one folder, rotated by size and bounded in number, also over restarts.
 * A disk that refuses to take lines must never end the engine.
 */
import { join } from 'node:path';
import openRollingFile from 'pino-roll';
import { AppError } from './app-error.ts';
import { dataFolderUnusable } from './data-folder.ts';

export interface LogDestination {
  write(line: string): void;
  /** Puts what is buffered on disk before it returns: for the last words of a crash. */
  flushSync(): void;
  /** Resolves when everything written before is on disk or given up. Twice is fine. */
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
  const stream = await openStream(folder);
  let failing = false;
  let closing: Promise<void> | null = null;

  function fail(error: unknown): void {
    if (failing) return;
    failing = true;
    onProblem(`${dataFolderUnusable(error, folder).message} The engine's log misses lines from now on.`);
  }
  function flush(): void {
    try {
      stream.flushSync();
    } catch (error) {
      fail(error);
    }
  }
  stream.on('error', fail);
  stream.on('write', () => {
    failing = false;
  });

  return {
    write(line) {
      if (!closing) stream.write(line);
    },
    flushSync() {
      if (!closing) flush();
    },
    close() {
      closing ??= new Promise((resolve) => {
        stream.once('close', () => resolve());
        // A stream that cannot write its rest never ends by itself; one more try, for a disk that has room again.
        stream.once('error', () => {
          flush();
          stream.destroy();
        });
        stream.end();
      });
      return closing;
    },
  };
}

async function openStream(folder: string): ReturnType<typeof openRollingFile> {
  try {
    const stream = await openRollingFile({
      file: join(folder, FILE_NAME),
      extension: '.log',
      size: FILE_SIZE,
      // Without removeOtherLogFiles only files of this very process are counted, and every restart leaves some behind.
      limit: { count: FILES_KEPT, removeOtherLogFiles: true },
      mkdir: true,
      maxLength: HELD_BYTES,
    });
    await new Promise<void>((resolve, reject) => {
      stream.once('ready', () => {
        stream.off('error', reject);
        resolve();
      });
      stream.once('error', reject);
    });
    return stream;
  } catch (error) {
    throw error instanceof AppError ? error : dataFolderUnusable(error, folder);
  }
}
