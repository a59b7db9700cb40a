/**
 * ComfyUI's guard against foreign web pages: only when it was reached by a loopback name does the Origin have to agree
 * with the Host. `null`, `file://` and a missing Origin pass. Pure.
 */
import { isIP } from 'node:net';

export type OriginVerdict = { allowed: true } | { allowed: false; host: string; origin: string };

export function checkOrigin(host: string | undefined, origin: string | undefined): OriginVerdict {
  if (host === undefined || origin === undefined) return { allowed: true };
  const reached = splitAuthority(host.toLowerCase());
  const from = splitAuthority((/^[^:/?#]+:\/\/([^/?#]*)/.exec(origin)?.[1] ?? '').replace(/^.*@/, '').toLowerCase());
  // Either side without a port is compared by name alone: some browsers leave the default port out.
  const hostSide = from.port === undefined ? reached.name : host.toLowerCase();
  const originSide = reached.port === undefined ? from.name : from.authority;
  if (!isLoopback(reached.name) || hostSide === '' || originSide === '' || hostSide === originSide)
    return { allowed: true };
  return { allowed: false, host: hostSide, origin: originSide };
}

function splitAuthority(authority: string): { authority: string; name: string; port?: string } {
  const [, name = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(authority) ?? [];
  return { authority, name: name.replace(/^\[(.*)\]$/, '$1'), ...(port === undefined ? {} : { port }) };
}

/** ComfyUI asks the resolver; the simulator knows the one name that always means this machine. */
function isLoopback(name: string): boolean {
  if (isIP(name) === 4) return name.startsWith('127.');
  return name === '::1' || name === 'localhost' || name.endsWith('.localhost');
}
