/** The live output of ComfyUI as lines: a bounded ring in memory over a rotated file on disk. Interprets nothing. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LogLine } from '../../../contract/events.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import { createListeners } from '../../platform/listeners.ts';
import type { Log } from '../../platform/log.ts';
import type { ComfyLog } from '../supervisor.ts';
import { createLogFile } from './log-file.ts';
import { createLevelGuess, createLineSplitter } from './log-lines.ts';
import { createLogRing } from './log-ring.ts';

export interface LogCapture extends ComfyLog {
  /**
   * A descriptor that ComfyUI appends its output to; the caller closes its own copy after the spawn.
   * @throws AppError data_folder_unusable
   */
  openForChild(): number;
  /** Reads along while somebody writes. @throws AppError data_folder_unusable */
  follow(): void;
  /** Takes in everything that was printed up to now. */
  drain(): void;
  /** The writer is gone. */
  rest(): void;
  /** Of the newest line; 0 before the first. */
  lastSequence(): number;
  close(): void;
}

export interface LogCaptureDeps {
  readonly file: string;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  /** When the file is rotated; the default is 8 MiB. */
  readonly maxFileBytes?: number;
}

const MAX_LINES = 10_000;
const MAX_RING_BYTES = 4 * 1024 * 1024;
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const KEPT_FILES = 5;
/** Enough to show what happened before the engine was restarted. */
const BACKLOG_BYTES = 256 * 1024;

export function createLogCapture(deps: LogCaptureDeps): LogCapture {
  const { file, clock, log } = deps;
  const ring = createLogRing({ maxLines: MAX_LINES, maxBytes: MAX_RING_BYTES });
  const arrived = createListeners<LogLine[]>((error) => log.warn({ error }, 'a listener of the ComfyUI log failed'));
  const splitter = createLineSplitter();
  const guessLevel = createLevelGuess();
  let lastSequence = 0;

  function keep(texts: readonly string[]): void {
    if (texts.length === 0) return;
    const at = clock.now();
    const lines = texts.map((text) => {
      lastSequence += 1;
      const line: LogLine = { sequence: lastSequence, at, text, level: guessLevel(text) };
      ring.push(line);
      return line;
    });
    arrived.notify(lines);
  }

  const source = createLogFile({
    file,
    clock,
    maxFileBytes: deps.maxFileBytes ?? MAX_FILE_BYTES,
    keptFiles: KEPT_FILES,
    backlogBytes: BACKLOG_BYTES,
    onBytes: (bytes) => keep(splitter.push(bytes)),
    onGap: () => keep(splitter.flush()),
    onError: (error) => log.warn({ error, file }, 'the ComfyUI log could not be read or rotated'),
  });

  if (existsSync(file)) {
    try {
      source.follow();
      source.rest();
    } catch (error) {
      log.warn({ error, file }, 'the earlier log of ComfyUI could not be read');
    }
  }

  return {
    file,
    tail: (count) => ring.tail(count),
    after: (sequence) => ring.after(sequence),
    onLines: (listener) => arrived.add(listener),
    lastSequence: () => lastSequence,
    openForChild: () => usable(file, () => source.openForChild()),
    follow: () => usable(file, () => source.follow()),
    drain: () => source.drain(),
    rest() {
      source.rest();
      keep(splitter.flush());
    },
    close: () => source.close(),
  };
}

function usable<Value>(file: string, action: () => Value): Value {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return action();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('data_folder_unusable', `Stoker can not write ComfyUI's log ${file}: ${reason}`, {
      cause: error,
    });
  }
}
