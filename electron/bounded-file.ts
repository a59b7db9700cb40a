/** Files that only ever grow at their end, and are begun anew when they have grown too large: one older part is kept. */
import { appendFileSync, closeSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const MAX_BYTES = 1024 * 1024;

/** Opens for appending, mode 0600; what has grown over 1 MiB becomes `<file>.1` first. The caller closes it. */
export function openBounded(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  turnOver(file);
  return openSync(file, 'a', 0o600);
}

/** A log that never fails: a full disk must not end the shell. */
export function createLog(file: string, now: () => Date = () => new Date()): (line: string) => void {
  return (line) => {
    try {
      const handle = openBounded(file);
      try {
        appendFileSync(handle, `${now().toISOString()} ${line}\n`);
      } finally {
        closeSync(handle);
      }
    } catch {
      // There is nowhere left to say it.
    }
  };
}

/** What was written after `from` bytes, its end at most; empty when it cannot be read. */
export function readTail(file: string, from: number, limitBytes = 16 * 1024): string {
  try {
    const end = statSync(file).size;
    const start = Math.max(from, end - limitBytes);
    const buffer = Buffer.alloc(Math.max(0, end - start));
    const handle = openSync(file, 'r');
    try {
      return buffer.toString('utf8', 0, readSync(handle, buffer, 0, buffer.length, start));
    } finally {
      closeSync(handle);
    }
  } catch {
    return '';
  }
}

function turnOver(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_BYTES) renameSync(file, `${file}.1`);
}
