import { describe, expect, it } from 'vitest';
import { createAccessToken, TOKEN_COOKIE } from '../../../../engine/gateway/access-token.ts';

const SECRET = 'correct-horse-battery-staple';
const token = createAccessToken(SECRET);
const cookie = token.setCookie.split(';')[0] ?? '';

describe('bringing the token', () => {
  it.each([
    [`Bearer ${SECRET}`, undefined],
    [`bearer  ${SECRET} `, undefined],
    [undefined, cookie],
    [undefined, `theme=dark; ${cookie}; lang=en`],
    // A cookie of an older token is still there.
    [undefined, `${TOKEN_COOKIE}=old; ${cookie}`],
  ])('%s %s is it', (authorization, cookies) => {
    expect(token.isBroughtBy(authorization, cookies)).toBe(true);
  });

  it.each([
    [undefined, undefined],
    [`Bearer ${SECRET}x`, undefined],
    ['Bearer ', undefined],
    [SECRET, undefined],
    [`Basic ${SECRET}`, undefined],
    // The token itself is no cookie: it would lie in the browser's files.
    [undefined, `${TOKEN_COOKIE}=${SECRET}`],
    [undefined, `${cookie}x`],
    [undefined, `x${cookie}`],
  ])('%s %s is not', (authorization, cookies) => {
    expect(token.isBroughtBy(authorization, cookies)).toBe(false);
  });

  it('a cookie ends with the token it was given for', () => {
    expect(createAccessToken('another-token-of-16').isBroughtBy(undefined, cookie)).toBe(false);
  });
});

describe('the cookie', () => {
  it('is out of reach of scripts and other sites, and does not tell the token', () => {
    expect(token.setCookie).toMatch(/; HttpOnly; SameSite=Strict$/);
    expect(token.setCookie).not.toContain(SECRET);
  });
});

describe('what ComfyUI may see', () => {
  it('the token is taken out and nothing else', () => {
    expect(token.without('authorization', `Bearer ${SECRET}`)).toBeNull();
    expect(token.without('authorization', 'Bearer for-a-custom-node')).toBe('Bearer for-a-custom-node');
    expect(token.without('cookie', cookie)).toBeNull();
    expect(token.without('cookie', `a=1; ${cookie}; b=2`)).toBe('a=1; b=2');
    expect(token.without('cookie', `${cookie}; b=2`)).toBe('b=2');
  });

  it('other cookies stay byte for byte', () => {
    expect(token.without('cookie', 'a=1;b="x;y" ;c')).toBe('a=1;b="x;y" ;c');
  });
});
