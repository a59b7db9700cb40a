/** Turns the bytes ComfyUI prints into lines. Pure. Copes with progress bars, colours, broken UTF-8, and programs that never end a line. */
import { stripVTControlCharacters } from 'node:util';
import type { LogLine } from '../../../contract/events.ts';

export interface LineSplitter {
  /** The lines that are complete now. */
  push(bytes: Uint8Array): string[];
  /** What is left without an end, as a line: the process is gone, or the file begins anew. */
  flush(): string[];
}

/** A longer line is cut into pieces: nothing may grow without bound because a program prints no newline. */
export const MAX_LINE_LENGTH = 64 * 1024;

export function createLineSplitter(): LineSplitter {
  let decoder = new TextDecoder();
  let pending = '';

  function take(text: string): string[] {
    pending += text;
    const pieces = pending.split('\n');
    pending = withoutOverwritten(pieces.pop() ?? '');
    const lines = pieces.flatMap((piece) => cut(shown(piece)));
    while (pending.length > MAX_LINE_LENGTH) {
      lines.push(shown(pending.slice(0, MAX_LINE_LENGTH)));
      pending = pending.slice(MAX_LINE_LENGTH);
    }
    return lines;
  }

  return {
    push: (bytes) => take(decoder.decode(bytes, { stream: true })),
    flush() {
      const lines = take(decoder.decode());
      decoder = new TextDecoder();
      const last = shown(pending);
      pending = '';
      return last === '' ? lines : [...lines, last];
    },
  };
}

/** A progress bar returns to the start of its line and prints over it: what was overwritten need not be kept. */
function withoutOverwritten(text: string): string {
  const lastReturn = text.lastIndexOf('\r', text.length - 2);
  return lastReturn < 0 ? text : text.slice(lastReturn + 1);
}

const CONTROL_BUT_TAB = /(?!\t)\p{Cc}/gu;

/** The line as a terminal would leave it: the last state of a progress bar, without colours. */
function shown(line: string): string {
  const ended = line.endsWith('\r') ? line.slice(0, -1) : line;
  return stripVTControlCharacters(withoutOverwritten(ended)).replace(CONTROL_BUT_TAB, '').trimEnd();
}

function cut(line: string): string[] {
  if (line.length <= MAX_LINE_LENGTH) return [line];
  const pieces: string[] = [];
  for (let start = 0; start < line.length; start += MAX_LINE_LENGTH) {
    pieces.push(line.slice(start, start + MAX_LINE_LENGTH));
  }
  return pieces;
}

const ERROR_SIGN =
  /^(\w+\.)*\w*(Error|Exception)(:|$)|\b(ERROR|FATAL|CRITICAL)\b|^(!!! |Cannot import )|\(IMPORT FAILED\)/;
const WARNING_SIGN = /warning\b|\bwarn\b/i;

/** Guesses the level of each line in turn: ComfyUI prints none, but a traceback is an error from its first line to its last. */
export function createLevelGuess(): (line: string) => LogLine['level'] {
  let inTraceback = false;
  return (line) => {
    if (line.startsWith('Traceback (most recent call last)')) inTraceback = true;
    else if (inTraceback && line !== '' && !line.startsWith(' ')) {
      inTraceback = false;
      return 'error';
    }
    if (inTraceback || ERROR_SIGN.test(line)) return 'error';
    return WARNING_SIGN.test(line) ? 'warning' : 'info';
  };
}
