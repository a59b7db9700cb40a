/**
 * The access token: whether a request brings it, and what of a request may go on to ComfyUI without it. Keeps only hashes;
 * a browser gets a cookie from which the token cannot be read, and which ends when the token changes.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export const TOKEN_COOKIE = 'stoker_token';

export interface AccessToken {
  /** Compares in constant time. */
  matches(candidate: string): boolean;
  /** @param authorization, cookie the request's fields */
  isBroughtBy(authorization: string | undefined, cookie: string | undefined): boolean;
  /** What is left of the value when our part is taken out; null when nothing is. */
  without(name: 'authorization' | 'cookie', value: string): string | null;
  /** Set-Cookie value for a browser that has shown the token. */
  readonly setCookie: string;
}

const BEARER = /^Bearer +([^\s]+) *$/i;
const ONE_YEAR_SECONDS = 365 * 86_400;

export function createAccessToken(token: string): AccessToken {
  const tokenHash = sha256(token);
  const cookieValue = createHmac('sha256', tokenHash).update('stoker browser session').digest('base64url');
  const cookieHash = sha256(cookieValue);

  const bearerMatches = (authorization: string): boolean => {
    const candidate = BEARER.exec(authorization)?.[1];
    return candidate !== undefined && timingSafeEqual(sha256(candidate), tokenHash);
  };

  return {
    matches: (candidate) => timingSafeEqual(sha256(candidate), tokenHash),
    isBroughtBy(authorization, cookie) {
      if (authorization !== undefined && bearerMatches(authorization)) return true;
      return cookie !== undefined && ourCookies(cookie).some((value) => timingSafeEqual(sha256(value), cookieHash));
    },
    without(name, value) {
      if (name === 'authorization') return bearerMatches(value) ? null : value;
      if (!value.includes(TOKEN_COOKIE)) return value;
      const others = value.split(';').filter((pair) => !isOurs(pair));
      return others.length === 0 ? null : others.join(';').trim();
    },
    setCookie: `${TOKEN_COOKIE}=${cookieValue}; Path=/; Max-Age=${ONE_YEAR_SECONDS}; HttpOnly; SameSite=Strict`,
  };
}

const isOurs = (pair: string): boolean => pair.trim().startsWith(`${TOKEN_COOKIE}=`);

function ourCookies(cookie: string): string[] {
  if (!cookie.includes(TOKEN_COOKIE)) return [];
  return cookie
    .split(';')
    .filter(isOurs)
    .map((pair) => pair.trim().slice(TOKEN_COOKIE.length + 1));
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
