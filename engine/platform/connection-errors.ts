/** Which errors of a request mean that no connection came about: nothing was sent, and whoever asks again does nothing twice. Pure. */

const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** `code` of an error, as Node and undici name it; empty when it has none. */
export const errorCodeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

export const isNotConnected = (error: unknown): boolean => NOT_CONNECTED.has(errorCodeOf(error));
