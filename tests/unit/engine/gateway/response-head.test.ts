import { describe, expect, it } from 'vitest';
import { MalformedAnswer, readResponseHead } from '../../../../engine/gateway/response-head.ts';

const read = (text: string, method = 'GET') => readResponseHead(text.replaceAll('\n', '\r\n'), method);

describe('the head of an answer', () => {
  it('keeps fields as written, without those of the connection', () => {
    const head = read(
      'HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8\nSet-Cookie: a=1\nset-cookie: b=2\nConnection: keep-alive, X-Hop\nX-Hop: 1\nKeep-Alive: timeout=5\nContent-Length: 5',
    );
    expect(head).toEqual({
      status: 200,
      statusText: 'OK',
      headers: ['Content-Type', 'text/html; charset=utf-8', 'Set-Cookie', 'a=1', 'set-cookie', 'b=2'],
      contentLength: '5',
      trailer: null,
      framing: { kind: 'length', bytes: 5 },
      reusable: true,
    });
  });

  it.each([
    ['HTTP/1.1 204 No Content\nContent-Length: 0', 'GET', { kind: 'none' }],
    ['HTTP/1.1 304 Not Modified\nContent-Length: 500', 'GET', { kind: 'none' }],
    ['HTTP/1.1 200 OK\nContent-Length: 64658', 'HEAD', { kind: 'none' }],
    ['HTTP/1.1 200 OK\nTransfer-Encoding: chunked', 'HEAD', { kind: 'none' }],
    ['HTTP/1.1 200 OK\nTransfer-Encoding: Chunked', 'GET', { kind: 'chunked' }],
    ['HTTP/1.1 200 OK', 'GET', { kind: 'untilClose' }],
    ['HTTP/1.1 206 Partial Content\nContent-Length: 10', 'GET', { kind: 'length', bytes: 10 }],
    ['HTTP/1.1 103 Early Hints\nLink: </a>', 'GET', { kind: 'none' }],
  ])('%s to %s ends by %j', (text, method, framing) => {
    expect(read(text, method).framing).toEqual(framing);
  });

  it('an answer to HEAD still tells its length', () => {
    expect(read('HTTP/1.1 200 OK\nContent-Length: 64658', 'HEAD').contentLength).toBe('64658');
  });

  it.each([
    'HTTP/1.1 200 OK\nConnection: close\nContent-Length: 0',
    'HTTP/1.1 200 OK\nConnection: X-A, Close\nContent-Length: 0',
    'HTTP/1.0 200 OK\nContent-Length: 0',
    'HTTP/1.1 200 OK',
  ])('the connection is not used again after %s', (text) => {
    expect(read(text).reusable).toBe(false);
  });

  it('an empty reason and bytes above ASCII are fine', () => {
    expect(read('HTTP/1.1 200\nContent-Disposition: filename="\xe6\x97\xa5.png"').headers).toEqual([
      'Content-Disposition',
      'filename="\xe6\x97\xa5.png"',
    ]);
  });

  it.each([
    ['no status line', 'hello'],
    ['another protocol', 'HTTP/2 200 OK'],
    ['no proper status', 'HTTP/1.1 20 OK'],
    ['control characters in the reason', 'HTTP/1.1 200 O\x00K'],
    ['a line without a colon', 'HTTP/1.1 200 OK\nnonsense'],
    ['a name with a blank before the colon', 'HTTP/1.1 200 OK\nContent-Length : 5'],
    ['a folded line', 'HTTP/1.1 200 OK\nX-A: 1\n folded: 2'],
    ['an empty name', 'HTTP/1.1 200 OK\n: 5'],
    ['two lengths', 'HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 5'],
    ['a length that is none', 'HTTP/1.1 200 OK\nContent-Length: -5'],
    ['length and chunks', 'HTTP/1.1 200 OK\nContent-Length: 5\nTransfer-Encoding: chunked'],
    ['an unknown encoding', 'HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked'],
    ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\nTransfer-Encoding: chunked'],
  ])('refuses %s', (_what, text) => {
    expect(() => read(text)).toThrow(MalformedAnswer);
  });
});
