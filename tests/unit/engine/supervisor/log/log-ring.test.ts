import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../../../../contract/events.ts';
import { createLogRing } from '../../../../../engine/supervisor/log/log-ring.ts';

const line = (sequence: number, text = `line ${sequence}`): LogLine => ({ sequence, at: 0, text, level: 'info' });

describe('the log ring', () => {
  it('keeps the newest lines, within both limits, and the newest of all whatever its size', () => {
    const texts = fc.array(fc.string({ maxLength: 30 }), { maxLength: 60 });
    fc.assert(
      fc.property(
        texts,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 200 }),
        (all, maxLines, maxBytes) => {
          const ring = createLogRing({ maxLines, maxBytes });
          const lines = all.map((text, index) => line(index + 1, text));
          for (const each of lines) ring.push(each);
          const kept = ring.tail(1_000);
          const size = kept.reduce((sum, { text }) => sum + text.length * 2, 0);
          expect(kept).toEqual(lines.slice(lines.length - kept.length));
          expect(kept.length).toBeLessThanOrEqual(maxLines);
          expect(kept.length <= 1 || size <= maxBytes).toBe(true);
          expect(kept.length).toBeGreaterThanOrEqual(Math.min(1, lines.length));
        },
      ),
    );
  });

  it('gives what came after a sequence, as far as it is kept', () => {
    const ring = createLogRing({ maxLines: 3, maxBytes: 1_000 });
    for (let sequence = 1; sequence <= 5; sequence += 1) ring.push(line(sequence));
    const newerThan = (sequence: number) => ring.after(sequence).map((each) => each.sequence);
    expect([newerThan(0), newerThan(3), newerThan(4), newerThan(5), newerThan(99)]).toEqual([
      [3, 4, 5],
      [4, 5],
      [5],
      [],
      [],
    ]);
  });
});
