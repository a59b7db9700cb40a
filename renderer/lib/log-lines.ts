/** The log as a list in memory: merging batches, filtering, finding the words searched for. No DOM. */
import type { LogLine } from '../../contract/events.ts';

export const MAX_LOG_LINES = 10_000;

/**
 * `kept` followed by what is new in `batch`, at most MAX_LOG_LINES. Lines seen before (the stream repeats the last ones on connecting)
 * are dropped by their sequence. A restarted engine counts from the beginning again: its lines replace the old ones.
 */
export function mergeLogLines(kept: readonly LogLine[], batch: readonly LogLine[]): readonly LogLine[] {
  const newest = kept.at(-1);
  const first = batch[0];
  if (first === undefined) return kept;
  if (newest === undefined) return batch.slice(-MAX_LOG_LINES);
  const restarted = first.sequence <= newest.sequence && first.at > newest.at;
  if (restarted) return batch.slice(-MAX_LOG_LINES);
  const fresh = batch.filter((line) => line.sequence > newest.sequence);
  return fresh.length === 0 ? kept : [...kept, ...fresh].slice(-MAX_LOG_LINES);
}

/** What the engine holds, followed by what the stream brought while it answered; lines of an earlier engine are let go. */
export function replaceLogLines(kept: readonly LogLine[], fetched: readonly LogLine[]): readonly LogLine[] {
  const newest = fetched.at(-1);
  if (newest === undefined) return fetched;
  const later = kept.filter((line) => line.sequence > newest.sequence && line.at >= newest.at);
  return [...fetched, ...later].slice(-MAX_LOG_LINES);
}

/** `warning` means warnings and errors. */
export type LevelFilter = 'all' | 'warning' | 'error';

export interface LogFilter {
  readonly level: LevelFilter;
  /** Plain text, any case; empty means everything. */
  readonly search: string;
}

export function filterLogLines(lines: readonly LogLine[], filter: LogFilter): readonly LogLine[] {
  const wanted = filter.search.toLowerCase();
  if (wanted === '' && filter.level === 'all') return lines;
  return lines.filter(
    (line) =>
      (filter.level === 'all' || line.level === 'error' || line.level === filter.level) &&
      (wanted === '' || line.text.toLowerCase().includes(wanted)),
  );
}

/** Text cut at every place where `search` is found; pieces joined give the text back. */
export function cutAtMatches(text: string, search: string): { readonly text: string; readonly found: boolean }[] {
  if (search === '') return [{ text, found: false }];
  const [haystack, needle] = [text.toLowerCase(), search.toLowerCase()];
  // Lower case may be longer than the text (İ): positions would not fit, so nothing is marked.
  if (haystack.length !== text.length) return [{ text, found: false }];
  const pieces: { text: string; found: boolean }[] = [];
  let from = 0;
  for (let at = haystack.indexOf(needle); at !== -1; at = haystack.indexOf(needle, from)) {
    if (at > from) pieces.push({ text: text.slice(from, at), found: false });
    pieces.push({ text: text.slice(at, at + needle.length), found: true });
    from = at + needle.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), found: false });
  return pieces;
}

export interface RowWindow {
  /** First row to draw, and the first after the last. */
  readonly start: number;
  readonly end: number;
}

/** Rows drawn above and below what is seen, so that a fast scroll shows text and not paper. */
const OVERSCAN_ROWS = 20;

/** Which rows of equal height must be in the page. All lengths in pixels. */
export function visibleRows(scrollTop: number, viewHeight: number, rowHeight: number, rowCount: number): RowWindow {
  const first = Math.floor(scrollTop / rowHeight) - OVERSCAN_ROWS;
  const last = Math.ceil((scrollTop + viewHeight) / rowHeight) + OVERSCAN_ROWS;
  const end = Math.max(0, Math.min(rowCount, last));
  return { start: Math.max(0, Math.min(first, end)), end };
}
