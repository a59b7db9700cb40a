/** Which header fields end at the gateway instead of going through it (RFC 9110 §7.6.1). Pure. */

export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/**
 * The further fields a `Connection` header names, lower-case; null when it names none, which is nearly always.
 * @param connection the field's value, several joined by commas
 */
export function namedByConnection(connection: string): ReadonlySet<string> | null {
  if (connection === '' || connection === 'keep-alive' || connection === 'close') return null;
  let named: Set<string> | null = null;
  for (const part of connection.toLowerCase().split(',')) {
    const name = part.trim();
    if (name === '' || name === 'close' || HOP_BY_HOP.has(name)) continue;
    named ??= new Set();
    named.add(name);
  }
  return named;
}

/** Without the fields that a trailer section must not carry (RFC 9110 §6.5.1): framing, routing and the like. */
export function forwardableTrailers(trailers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < trailers.length; index += 2) {
    const name = trailers[index] ?? '';
    if (!FORBIDDEN_IN_TRAILERS.has(name.toLowerCase())) kept.push(name, trailers[index + 1] ?? '');
  }
  return kept;
}

const FORBIDDEN_IN_TRAILERS: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'content-length',
  'content-encoding',
  'content-type',
  'content-range',
  'trailer',
  'host',
  'expect',
  'range',
  'cookie',
  'set-cookie',
  'authorization',
]);
