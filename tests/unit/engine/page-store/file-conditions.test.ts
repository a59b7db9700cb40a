import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeFile } from '../../../../engine/page-store/file-conditions.ts';
import { conditionalReply } from '../../../../simulator/comfyui/http/file-reply.ts';

const MODIFIED = Date.UTC(2026, 10, 21, 12, 0, 0);
const dates = fc.constantFrom(-1000, 0, 1000).map((offset) => new Date(MODIFIED + offset).toUTCString());
const tags = fc.constantFrom('"a-5"', 'W/"a-5"', '"other"', '"other", "a-5"', '*', '');
const range = fc.oneof(
  fc.tuple(fc.nat(12), fc.nat(12)).map(([first, last]) => `bytes=${first}-${last}`),
  fc.nat(12).map((first) => `bytes=${first}-`),
  fc.integer({ min: 1, max: 12 }).map((count) => `bytes=-${count}`),
  fc.constantFrom('bytes=-', 'bytes=0-1,3-4', 'items=0-1', 'nonsense'),
);

describe('the conditions of a file', () => {
  it('mean the same as to the simulator, which is held against recordings of ComfyUI', () => {
    const asked = fc.record(
      {
        'if-none-match': tags,
        'if-modified-since': dates,
        'if-unmodified-since': dates,
        'if-range': dates,
        range,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(asked, fc.integer({ min: 1, max: 10 }), (headers, bytes) => {
        const facts = { etag: '"a-5"', modified: new Date(MODIFIED), size: bytes };
        const oracle = conditionalReply(headers, facts, {}, () => Buffer.alloc(0));
        const verdict = judgeFile(headers, { etag: 'a-5', modified: MODIFIED, bytes });
        const status = { whole: 200, part: 206, notModified: 304, preconditionFailed: 412, unsatisfiable: 416 };
        expect(status[verdict.kind]).toBe(oracle.status);
        if (verdict.kind === 'part') {
          expect(`bytes ${verdict.first}-${verdict.last}/${bytes}`).toBe(oracle.headers?.['Content-Range']);
        }
      }),
    );
  });

  it.each([
    ['"a-5"', 'whole'],
    ['W/"a-5"', 'preconditionFailed'],
    ['*', 'whole'],
    ['"other"', 'preconditionFailed'],
  ])('If-Match %s: %s', (field, kind) => {
    expect(judgeFile({ 'if-match': field }, { etag: 'a-5', modified: MODIFIED, bytes: 3 }).kind).toBe(kind);
  });

  it('of an empty file have no range that could be given', () => {
    for (const asked of ['bytes=0-0', 'bytes=-1', 'bytes=0-']) {
      expect(judgeFile({ range: asked }, { etag: 'a', modified: MODIFIED, bytes: 0 }).kind).toBe('unsatisfiable');
    }
  });
});
