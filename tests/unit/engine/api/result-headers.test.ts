import { expect, it } from 'vitest';
import { resultHeaders } from '../../../../engine/api/result-headers.ts';

const headersOf = (type: string, filename = 'a.png') => resultHeaders({ sha256: 'abc', type, filename });

it.each(['image/png', 'image/webp', 'video/mp4', 'audio/flac', 'application/json', 'text/plain; charset=utf-8'])(
  'shows %s',
  (type) => {
    expect(headersOf(type)).toMatchObject({
      'content-type': type,
      'content-disposition': expect.stringMatching(/^inline/),
    });
  },
);

it.each(['text/html', 'image/svg+xml', 'application/javascript', 'application/xhtml+xml', 'image/png, text/html', ''])(
  'never lets a browser open %s at our own address',
  (type) => {
    expect(headersOf(type)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': expect.stringMatching(/^attachment/),
      'content-security-policy': 'sandbox',
    });
  },
);

it('a name cannot break out of its header', () => {
  const { 'content-disposition': disposition } = headersOf('image/png', 'a"\r\nset-cookie: x.png');
  expect(disposition).toBe("inline; filename*=UTF-8''a%22%0D%0Aset-cookie%3A%20x.png");
});
