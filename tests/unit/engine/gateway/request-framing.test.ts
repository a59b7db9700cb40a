import { describe, expect, it } from 'vitest';
import { requestFraming } from '../../../../engine/gateway/request-framing.ts';
import { AppError } from '../../../../engine/platform/app-error.ts';

const framing = (contentLength?: string, transferEncoding?: string, httpVersion = '1.1') =>
  requestFraming({ httpVersion, contentLength, transferEncoding });

describe('where a request’s body ends', () => {
  it('is told by one number, by chunks, or by nothing', () => {
    expect(framing()).toEqual({ kind: 'none' });
    expect(framing('0')).toEqual({ kind: 'length', bytes: '0' });
    expect(framing('2147483648')).toEqual({ kind: 'length', bytes: '2147483648' });
    expect(framing(undefined, 'Chunked')).toEqual({ kind: 'chunked' });
  });

  it.each<[what: string, contentLength?: string | undefined, transferEncoding?: string, httpVersion?: string]>([
    ['both at once', '5', 'chunked'],
    ['a sign', '+5'],
    ['two numbers', '5, 5'],
    ['hexadecimal', '0x5'],
    ['a number beyond all bodies', '99999999999999999999'],
    ['an empty value', ''],
    ['an encoding besides chunked', undefined, 'gzip, chunked'],
    ['chunked twice', undefined, 'chunked, chunked'],
    ['chunked with a blank inside', undefined, 'chun ked'],
    ['identity', undefined, 'identity'],
    ['chunks in HTTP/1.0', undefined, 'chunked', '1.0'],
  ])('%s is refused', (_what, contentLength, transferEncoding, httpVersion) => {
    const refusal = framing(contentLength, transferEncoding, httpVersion);
    expect(refusal).toBeInstanceOf(AppError);
  });
});
