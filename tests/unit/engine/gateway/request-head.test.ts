import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOP_BY_HOP } from '../../../../engine/gateway/hop-by-hop.ts';
import type { RequestFraming } from '../../../../engine/gateway/request-framing.ts';
import { requestHead, type TokenFilter } from '../../../../engine/gateway/request-head.ts';

interface Given {
  readonly method?: string;
  readonly target?: string;
  readonly connection?: string;
  readonly framing?: RequestFraming;
  readonly tokenFilter?: TokenFilter;
}

function lines(rawHeaders: readonly string[], given: Given = {}): string[] {
  const head = requestHead(
    {
      method: given.method ?? 'GET',
      target: given.target ?? '/x',
      rawHeaders,
      connection: given.connection,
      framing: given.framing ?? { kind: 'none' },
    },
    '127.0.0.1:9000',
    given.tokenFilter ?? null,
  );
  expect(head.endsWith('\r\n\r\n')).toBe(true);
  return head.slice(0, -4).split('\r\n');
}

describe('the head ComfyUI gets', () => {
  it('names ComfyUI as host and keeps the rest as it was written, in order', () => {
    expect(
      lines(
        ['HOST', 'gw:1', 'X-b', '1', 'x-A', '2', 'X-b', '3', 'Cookie', 'a=1;b="2 "', 'Referer', 'http://gw:1/?a=%2F'],
        { method: 'PUT', target: '/view?f=..%2f//é' },
      ),
    ).toEqual([
      'PUT /view?f=..%2f//é HTTP/1.1',
      'Host: 127.0.0.1:9000',
      'X-b: 1',
      'x-A: 2',
      'X-b: 3',
      'Cookie: a=1;b="2 "',
      'Referer: http://gw:1/?a=%2F',
    ]);
  });

  it('has no Origin, which ComfyUI would refuse (ComfyUI#4854)', () => {
    expect(lines(['Origin', 'http://127.0.0.1:8188'])).not.toContainEqual(expect.stringMatching(/^origin/i));
  });

  it('does not say cross-site, which ComfyUI would refuse (ComfyUI#16203)', () => {
    expect(lines(['Sec-Fetch-Site', 'cross-site', 'Sec-Fetch-Mode', 'navigate'])).toEqual([
      'GET /x HTTP/1.1',
      'Host: 127.0.0.1:9000',
      'Sec-Fetch-Mode: navigate',
    ]);
    expect(lines(['Sec-Fetch-Site', 'same-origin'])).toContain('Sec-Fetch-Site: same-origin');
  });

  it('drops what Connection names, even in another case', () => {
    expect(
      lines(['Connection', 'close, X-Secret', 'x-secret', '1', 'X-Kept', '2'], { connection: 'close, X-Secret' }),
    ).toEqual(['GET /x HTTP/1.1', 'Host: 127.0.0.1:9000', 'X-Kept: 2']);
  });

  it('naming Content-Length in Connection does not change where the body ends', () => {
    const head = lines(['Connection', 'content-length', 'Content-Length', '5'], {
      method: 'POST',
      connection: 'content-length',
      framing: { kind: 'length', bytes: '5' },
    });
    expect(head).toContain('Content-Length: 5');
  });

  it('announces trailers only with a chunked body', () => {
    expect(lines(['Trailer', 'x-sum'], { framing: { kind: 'chunked' } })).toContain('Trailer: x-sum');
    expect(lines(['Trailer', 'x-sum'])).not.toContain('Trailer: x-sum');
  });

  it('passes an expectation on: ComfyUI says when it wants the body', () => {
    expect(lines(['Expect', '100-continue'], { framing: { kind: 'length', bytes: '5' } })).toContain(
      'Expect: 100-continue',
    );
  });

  it('leaves out what the token filter takes out', () => {
    const tokenFilter: TokenFilter = (name, value) => (name === 'cookie' ? null : value);
    expect(lines(['Cookie', 'secret', 'Authorization', 'Bearer x'], { tokenFilter })).toEqual([
      'GET /x HTTP/1.1',
      'Host: 127.0.0.1:9000',
      'Authorization: Bearer x',
    ]);
  });

  it('whatever comes in, no hop-by-hop field and one framing go out, and nothing else is lost', () => {
    const name = fc.oneof(
      fc.constantFrom(...HOP_BY_HOP, 'Host', 'Content-Length', 'Origin', 'Connection', 'ETag', 'X-A', 'Accept'),
      fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/),
    );
    const value = fc.stringMatching(/^[\x21-\x7e\x80-\xff]{0,20}$/);
    const framing = fc.constantFrom<RequestFraming>(
      { kind: 'none' },
      { kind: 'chunked' },
      { kind: 'length', bytes: '7' },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 20 }), framing, (fields, kind) => {
        const head = lines(fields.flat(), { framing: kind });
        const names = head.slice(1).map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
        expect(names.filter((field) => field === 'host')).toHaveLength(1);
        expect(names.filter((field) => field === 'content-length')).toHaveLength(kind.kind === 'length' ? 1 : 0);
        expect(names.filter((field) => field === 'transfer-encoding')).toHaveLength(kind.kind === 'chunked' ? 1 : 0);
        for (const field of HOP_BY_HOP) if (field !== 'transfer-encoding') expect(names).not.toContain(field);
        for (const [field, text] of fields) {
          const special = /^(host|content-length|origin|trailer|sec-fetch-site|authorization|cookie)$/i.test(field);
          if (!special && !HOP_BY_HOP.has(field.toLowerCase())) expect(head).toContain(`${field}: ${text}`);
        }
      }),
    );
  });
});
