/** What Node and undici call an error, and what two of those names mean. Pure. */

/** `ENOENT` and the like; empty when it has none. */
export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** There is no such file. */
export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';

const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** No connection came about: nothing was sent, and whoever asks again does nothing twice. */
export const isNotConnected = (error: unknown): boolean => NOT_CONNECTED.has(codeOf(error));
