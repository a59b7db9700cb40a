/**
 * The head of a request as ComfyUI gets it: its own Host, no Origin (the gateway has judged it), nothing that belonged to
 * the client's connection alone, and never Stoker's token. Everything else goes through byte for byte. Pure.
 */
import { HOP_BY_HOP, namedByConnection } from './hop-by-hop.ts';
import type { RequestFraming } from './request-framing.ts';

export interface RequestHeadFacts {
  readonly method: string;
  /** The request target in origin form, untouched: `/view?filename=a%2Fb.png`. */
  readonly target: string;
  /** Names and values in turn, as received. */
  readonly rawHeaders: readonly string[];
  /** Value of the Connection field, several joined by commas. */
  readonly connection: string | undefined;
  readonly framing: RequestFraming;
}

/** What is left of an Authorization or Cookie value when Stoker's token is taken out; null when nothing is. */
export type TokenFilter = (name: 'authorization' | 'cookie', value: string) => string | null;

type Fate = 'drop' | 'authorization' | 'cookie' | 'site' | 'trailer';

/** Fields that do not simply pass. */
const FATES: ReadonlyMap<string, Fate> = new Map<string, Fate>([
  ...[...HOP_BY_HOP].map((name) => [name, 'drop'] as const),
  // Written anew below.
  ['host', 'drop'],
  ['content-length', 'drop'],
  // ComfyUI refuses an Origin that is not its own address, and checks nothing when there is none.
  ['origin', 'drop'],
  ['authorization', 'authorization'],
  ['cookie', 'cookie'],
  ['sec-fetch-site', 'site'],
  ['trailer', 'trailer'],
]);

/**
 * @param host ComfyUI's private `host:port`
 * @param tokenFilter null when no token is set
 * @returns the whole head with its empty line, to be written as latin1
 */
export function requestHead(facts: RequestHeadFacts, host: string, tokenFilter: TokenFilter | null): string {
  const { rawHeaders, framing } = facts;
  const named = facts.connection === undefined ? null : namedByConnection(facts.connection);
  let head = `${facts.method} ${facts.target} HTTP/1.1\r\nHost: ${host}\r\n`;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const value = passing(name.toLowerCase(), rawHeaders[index + 1] ?? '', framing, tokenFilter);
    if (value === null || named?.has(name.toLowerCase()) === true) continue;
    head += `${name}: ${value}\r\n`;
  }
  if (framing.kind === 'length') head += `Content-Length: ${framing.bytes}\r\n`;
  else if (framing.kind === 'chunked') head += 'Transfer-Encoding: chunked\r\n';
  return `${head}\r\n`;
}

function passing(name: string, value: string, framing: RequestFraming, tokenFilter: TokenFilter | null): string | null {
  const fate = FATES.get(name);
  if (fate === undefined) return value;
  switch (fate) {
    case 'drop':
      return null;
    case 'authorization':
    case 'cookie':
      return tokenFilter === null ? value : tokenFilter(fate, value);
    case 'site':
      // Newer ComfyUI answers 403 to it; the gateway has judged the request by it already.
      return value === 'same-origin' || value === 'none' ? value : null;
    case 'trailer':
      return framing.kind === 'chunked' ? value : null;
  }
}
