/** What ComfyUI sees of a client's WebSocket handshake: its own Host and Origin (the gateway has judged the real ones), never Stoker's token. Pure. */
import type { TokenFilter } from './request-head.ts';

/** What tells ComfyUI's middleware, or that of a custom node, who asks. */
const WHO_ASKS = new Set(['cookie', 'authorization', 'user-agent', 'accept-language', 'comfy-user']);

/**
 * Headers of the connection that the relay makes for a client.
 * @param rawHeaders names and values in turn, as received
 * @param tokenFilter null when no token is set
 */
export function dialHeaders(
  rawHeaders: readonly string[],
  tokenFilter: TokenFilter | null,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of passing(rawHeaders, tokenFilter)) {
    if (WHO_ASKS.has(name.toLowerCase())) headers[name.toLowerCase()] = value;
  }
  return headers;
}

/** Written anew, about the client's own connection, or judged by the gateway and refused by ComfyUI. */
const DROPPED = new Set(['host', 'origin', 'sec-fetch-site', 'keep-alive', 'proxy-connection', 'proxy-authorization']);

/**
 * The head of a handshake that is passed through, with its empty line, to be written as latin1.
 * @param target path and query as ComfyUI is to see them
 * @param host ComfyUI's private `host:port`
 */
export function handshakeHead(
  target: string,
  rawHeaders: readonly string[],
  host: string,
  tokenFilter: TokenFilter | null,
): string {
  const lines = [`GET ${target} HTTP/1.1`, `Host: ${host}`];
  for (const [name, value] of passing(rawHeaders, tokenFilter)) {
    if (name.toLowerCase() === 'origin') lines.push(`${name}: http://${host}`);
    else if (!DROPPED.has(name.toLowerCase())) lines.push(`${name}: ${value}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function passing(rawHeaders: readonly string[], tokenFilter: TokenFilter | null): [string, string][] {
  const kept: [string, string][] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    const lower = name.toLowerCase();
    const secret = lower === 'authorization' || lower === 'cookie';
    const left = secret && tokenFilter !== null ? tokenFilter(lower, value) : value;
    if (left !== null) kept.push([name, left]);
  }
  return kept;
}
