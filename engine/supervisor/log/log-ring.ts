/** The newest lines of ComfyUI's output in memory, bounded by count and by size. Pure data; knows no file. */
import type { LogLine } from '../../../contract/events.ts';

export interface LogRing {
  push(line: LogLine): void;
  /** The newest `count` lines, oldest first. */
  tail(count: number): LogLine[];
  /** Lines with a greater sequence, oldest first. Sequences grow by one per line. */
  after(sequence: number): LogLine[];
}

export interface LogRingLimits {
  readonly maxLines: number;
  /** Counted as UTF-16 text in memory. */
  readonly maxBytes: number;
}

const BYTES_PER_CHARACTER = 2;

export function createLogRing(limits: LogRingLimits): LogRing {
  const slots: (LogLine | undefined)[] = new Array(limits.maxLines);
  let oldest = 0;
  let count = 0;
  let bytes = 0;

  function at(index: number): LogLine | undefined {
    return slots[(oldest + index) % limits.maxLines];
  }

  function dropOldest(): void {
    bytes -= (at(0)?.text.length ?? 0) * BYTES_PER_CHARACTER;
    slots[oldest] = undefined;
    oldest = (oldest + 1) % limits.maxLines;
    count -= 1;
  }

  function newest(wanted: number): LogLine[] {
    const lines: LogLine[] = [];
    for (let index = Math.max(0, count - wanted); index < count; index += 1) {
      const line = at(index);
      if (line !== undefined) lines.push(line);
    }
    return lines;
  }

  return {
    push(line) {
      if (count === limits.maxLines) dropOldest();
      slots[(oldest + count) % limits.maxLines] = line;
      count += 1;
      bytes += line.text.length * BYTES_PER_CHARACTER;
      // The line that came last is kept, however long it is.
      while (bytes > limits.maxBytes && count > 1) dropOldest();
    },
    tail: newest,
    after(sequence) {
      const last = at(count - 1);
      return last === undefined ? [] : newest(Math.max(0, last.sequence - sequence));
    },
  };
}
