/**
 * Follows the file that ComfyUI writes its output into, and keeps it from growing for ever. The file, not a pipe, is what
 * ComfyUI holds: it goes on printing when the engine dies, and the next engine reads on. Knows bytes, not lines.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  type FSWatcher,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  watch,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import type { CancelTimer, Clock } from '../../platform/clock.ts';

export interface LogFileOptions {
  /** Its folder must exist. */
  readonly file: string;
  readonly clock: Clock;
  readonly maxFileBytes: number;
  /** `file` and `file.1` … together. */
  readonly keptFiles: number;
  /** How much of an existing file is read at the beginning. */
  readonly backlogBytes: number;
  readonly onBytes: (bytes: Uint8Array) => void;
  /** What follows does not continue what came before. */
  readonly onGap: () => void;
  readonly onError: (error: unknown) => void;
}

export interface LogFile {
  /** A descriptor for a child to append to; the caller closes its own copy after the spawn. @throws what fs throws */
  openForChild(): number;
  /** Somebody writes: reports the end of what is there, then everything new. @throws what fs throws */
  follow(): void;
  /** Reports everything that is in the file now. */
  drain(): void;
  /** Nobody writes any more: reports the rest and stops looking. */
  rest(): void;
  close(): void;
}

const CHUNK_BYTES = 256 * 1024;
/** A burst of lines is read together; short enough that "ready" is not late. */
const GATHER_MS = 15;
/** fs.watch misses changes on network folders and in some containers. */
const FALLBACK_LOOK_MS = 1_000;
/** How far behind reading may fall before the part in between is skipped. */
const MAX_BEHIND_BYTES = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

export function createLogFile(options: LogFileOptions): LogFile {
  const { file, clock } = options;
  const chunk = new Uint8Array(CHUNK_BYTES);
  let descriptor: number | null = null;
  let offset = 0;
  /** Reading began in the middle of a line, which is not reported. */
  let insideLine = false;
  let rotateAt = options.maxFileBytes;
  let rotating = false;
  let watcher: FSWatcher | null = null;
  let cancelLook: CancelTimer | null = null;
  let cancelGather: CancelTimer | null = null;

  function jumpTo(position: number): void {
    offset = position;
    insideLine = position > 0;
    options.onGap();
  }

  /** Reports one chunk; false when there is no more now. */
  function readChunk(): boolean {
    if (descriptor === null) return false;
    const { size } = fstatSync(descriptor);
    if (size < offset) jumpTo(0);
    else if (size - offset > MAX_BEHIND_BYTES) jumpTo(size - options.backlogBytes);
    const length = readSync(descriptor, chunk, 0, chunk.length, offset);
    if (length === 0) return false;
    offset += length;
    report(chunk.subarray(0, length));
    return true;
  }

  function report(bytes: Uint8Array): void {
    const begin = insideLine ? bytes.indexOf(NEWLINE) + 1 : 0;
    if (insideLine && begin === 0) return;
    insideLine = false;
    options.onBytes(bytes.subarray(begin));
  }

  function readAll(): void {
    while (readChunk());
  }

  function changed(): void {
    cancelGather ??= clock.after(GATHER_MS, readOn);
  }

  function readOn(): void {
    cancelGather = null;
    try {
      // One chunk a turn: a program that prints megabytes a second must not keep the engine from its other work.
      if (readChunk()) cancelGather = clock.after(0, readOn);
      else if (offset >= rotateAt && !rotating) void rotate();
    } catch (error) {
      options.onError(error);
    }
  }

  /** Copies and truncates: the child holds the file open and would go on writing into a renamed one. */
  async function rotate(): Promise<void> {
    rotating = true;
    try {
      for (let number = options.keptFiles - 2; number >= 1; number -= 1) {
        if (existsSync(`${file}.${number}`)) renameSync(`${file}.${number}`, `${file}.${number + 1}`);
      }
      await copyFile(file, `${file}.1`);
      truncate(`${file}.1`);
      rotateAt = options.maxFileBytes;
    } catch (error) {
      // A full disk stays full for a while: try again when as much has come again.
      rotateAt = offset + options.maxFileBytes;
      options.onError(error);
    } finally {
      rotating = false;
    }
  }

  /** In one go: what ComfyUI writes between the last read and the truncation is lost. */
  function truncate(archive: string): void {
    if (descriptor === null) return;
    const copied = statSync(archive).size;
    readAll();
    if (offset > copied) appendFileSync(archive, readRange(descriptor, copied, offset));
    ftruncateSync(descriptor, 0);
    offset = 0;
  }

  function look(): void {
    changed();
    cancelLook = clock.after(FALLBACK_LOOK_MS, look);
  }

  function watchFile(): FSWatcher | null {
    try {
      const watching = watch(file, { persistent: false }, changed);
      watching.on('error', () => watching.close());
      return watching;
    } catch {
      return null;
    }
  }

  function stopWatching(): void {
    watcher?.close();
    cancelLook?.();
    cancelGather?.();
    watcher = cancelLook = cancelGather = null;
  }

  function closeFile(): void {
    stopWatching();
    if (descriptor !== null) closeSync(descriptor);
    descriptor = null;
  }

  function drain(): void {
    try {
      readAll();
    } catch (error) {
      options.onError(error);
    }
  }

  return {
    openForChild() {
      const forChild = openSync(file, 'a', PRIVATE_FILE);
      // The user may have deleted the file since the last start: the child writes into another one then.
      if (descriptor !== null && fstatSync(descriptor).ino !== fstatSync(forChild).ino) {
        closeFile();
        descriptor = openSync(file, 'r+');
        jumpTo(0);
      }
      return forChild;
    },
    follow() {
      if (descriptor === null) {
        closeSync(openSync(file, 'a', PRIVATE_FILE));
        descriptor = openSync(file, 'r+');
        jumpTo(Math.max(0, fstatSync(descriptor).size - options.backlogBytes));
        readAll();
      }
      if (cancelLook !== null) return;
      watcher = watchFile();
      look();
    },
    drain,
    rest() {
      drain();
      stopWatching();
    },
    close: closeFile,
  };
}

/** Prompts and paths of the user are in it. */
const PRIVATE_FILE = 0o600;

function readRange(descriptor: number, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(to - from);
  const length = readSync(descriptor, bytes, 0, bytes.length, from);
  return bytes.subarray(0, length);
}
