import { describe, expect, it } from 'vitest';
import { conditionalReply } from '../../../../../simulator/comfyui/http/file-reply.ts';

const file = Buffer.from('hello world');
const modified = new Date('2026-11-21T05:00:00.900Z');
const facts = { etag: '"tag"', modified, size: file.length };
const reply = (asked: Record<string, string>) => {
  const { status, body, headers } = conditionalReply(asked, facts, { 'Content-Type': 'text/plain' }, (start, end) =>
    file.subarray(start, end + 1),
  );
  return { status, text: Buffer.isBuffer(body) ? body.toString() : '', range: headers['Content-Range'] };
};

describe('a file with conditions', () => {
  it.each([
    [{}, 200, 'hello world'],
    [{ 'if-none-match': '"tag"' }, 304, ''],
    [{ 'if-none-match': 'W/"tag"' }, 304, ''],
    [{ 'if-none-match': '"a", "tag"' }, 304, ''],
    [{ 'if-none-match': '*' }, 304, ''],
    [{ 'if-none-match': '"other"', 'if-modified-since': 'Sat, 21 Nov 2026 05:00:00 GMT' }, 200, 'hello world'],
    [{ 'if-modified-since': 'Sat, 21 Nov 2026 05:00:00 GMT' }, 304, ''],
    [{ 'if-modified-since': 'Sat, 21 Nov 2026 04:59:59 GMT' }, 200, 'hello world'],
    [{ 'if-modified-since': 'no date' }, 200, 'hello world'],
    [{ 'if-match': '"other"' }, 412, ''],
    [{ 'if-match': '"tag"' }, 200, 'hello world'],
    [{ 'if-unmodified-since': 'Sat, 21 Nov 2026 04:59:59 GMT' }, 412, ''],
  ])('%j is %i', (asked, status, text) => {
    expect(reply(asked)).toMatchObject({ status, text });
  });
});

describe('a range of a file', () => {
  it.each([
    ['bytes=0-3', 206, 'hell', 'bytes 0-3/11'],
    ['bytes=6-', 206, 'world', 'bytes 6-10/11'],
    ['bytes=-3', 206, 'rld', 'bytes 8-10/11'],
    ['bytes=-99', 206, 'hello world', 'bytes 0-10/11'],
    ['bytes=5-99', 206, ' world', 'bytes 5-10/11'],
    ['bytes=11-', 416, '', 'bytes */11'],
    ['bytes=3-1', 416, '', 'bytes */11'],
    ['bytes=0-1,3-4', 416, '', 'bytes */11'],
    ['zzz', 416, '', 'bytes */11'],
  ])('%s is %i', (range, status, text, contentRange) => {
    expect(reply({ range })).toEqual({ status, text, range: contentRange });
  });

  it('is the whole file for a client whose part is older', () => {
    expect(reply({ range: 'bytes=0-3', 'if-range': 'Sat, 21 Nov 2026 04:00:00 GMT' }).status).toBe(200);
  });
});
