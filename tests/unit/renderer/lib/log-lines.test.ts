import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../../../contract/events.ts';
import {
  cutAtMatches,
  filterLogLines,
  MAX_LOG_LINES,
  mergeLogLines,
  replaceLogLines,
  visibleRows,
} from '../../../../renderer/lib/log-lines.ts';
import { logLines } from '../../../support/dashboard-records.ts';

const line = (
  sequence: number,
  at = sequence,
  level: LogLine['level'] = 'info',
  text = `line ${sequence}`,
): LogLine => ({
  sequence,
  at,
  level,
  text,
});
const sequences = (lines: readonly LogLine[]) => lines.map(({ sequence }) => sequence);

describe('merging', () => {
  test('lines repeated on connecting are kept once', () => {
    expect(sequences(mergeLogLines([line(1), line(2)], [line(1), line(2), line(3)]))).toEqual([1, 2, 3]);
  });

  test('nothing new is the same list, so that nothing is drawn again', () => {
    const kept = [line(1), line(2)];
    expect(mergeLogLines(kept, [line(2)])).toBe(kept);
  });

  test('a restarted engine counts anew and its lines replace the old ones', () => {
    const kept = [line(800, 1000), line(801, 1001)];
    expect(sequences(mergeLogLines(kept, [line(1, 2000), line(2, 2001)]))).toEqual([1, 2]);
  });

  test('no more than the limit is kept, the newest', () => {
    const merged = mergeLogLines(
      Array.from({ length: MAX_LOG_LINES }, (_unused, index) => line(index + 1)),
      [line(MAX_LOG_LINES + 1)],
    );
    expect([merged.length, merged[0]?.sequence]).toEqual([MAX_LOG_LINES, 2]);
  });

  test('what was fetched fills the hole that a lost connection left', () => {
    const kept = [line(1), line(9), line(10)];
    const fetched = Array.from({ length: 9 }, (_unused, index) => line(index + 1));
    expect(sequences(replaceLogLines(kept, fetched))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('lines of an engine that is gone do not follow those of the new one', () => {
    expect(sequences(replaceLogLines([line(800, 1000)], [line(1, 2000)]))).toEqual([1]);
  });

  test('however a log is cut into overlapping batches, each line is there once, in order', () => {
    const all = Array.from({ length: 200 }, (_unused, index) => line(index + 1));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(20))), (cuts) => {
        let kept: readonly LogLine[] = [];
        for (const [back, forward] of cuts) {
          const end = kept.length;
          kept = mergeLogLines(kept, all.slice(Math.max(0, end - back), end + forward));
        }
        expect(sequences(kept)).toEqual(sequences(all.slice(0, kept.length)));
      }),
    );
  });
});

describe('filtering', () => {
  const lines = [line(1), line(2, 2, 'warning', 'Warning: tiled'), line(3, 3, 'error', 'OutOfMemory')];

  test.each([
    ['all', '', [1, 2, 3]],
    ['warning', '', [2, 3]],
    ['error', '', [3]],
    ['all', 'MEMORY', [3]],
    ['warning', 'tiled', [2]],
    ['error', 'tiled', []],
  ] as const)('%s, “%s”', (level, search, found) =>
    expect(sequences(filterLogLines(lines, { level, search }))).toEqual(found),
  );

  test('no filter is the same list', () => expect(filterLogLines(lines, { level: 'all', search: '' })).toBe(lines));
});

describe('marking what was searched for', () => {
  test('every match, whatever its case', () => {
    expect(cutAtMatches('aXbx', 'x')).toEqual([
      { text: 'a', found: false },
      { text: 'X', found: true },
      { text: 'b', found: false },
      { text: 'x', found: true },
    ]);
  });

  test('the pieces are the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ maxLength: 3 }), (text, search) => {
        expect(
          cutAtMatches(text, search)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});

describe('the rows in sight', () => {
  test('ten thousand lines keep a few dozen rows in the page', () => {
    const { start, end } = visibleRows(100_000, 800, 20, MAX_LOG_LINES);
    expect([start, end]).toEqual([4980, 5060]);
  });

  test('what is seen is always drawn, and never a row that is not there', () => {
    fc.assert(
      fc.property(fc.nat(300_000), fc.nat(2000), fc.nat(10_000), (scrollTop, height, count) => {
        const { start, end } = visibleRows(scrollTop, height, 20, count);
        expect(start).toBeLessThanOrEqual(end);
        expect(end).toBeLessThanOrEqual(count);
        if (count * 20 >= scrollTop + height && count > 0) {
          expect(start * 20).toBeLessThanOrEqual(scrollTop);
          expect(end * 20).toBeGreaterThanOrEqual(Math.min(count * 20, scrollTop + height));
        }
      }),
    );
  });
});

test('the fixture log is in order', () => {
  const log = logLines(1e12, 50);
  expect(sequences(mergeLogLines(log.slice(0, 30), log))).toEqual(sequences(log));
});
