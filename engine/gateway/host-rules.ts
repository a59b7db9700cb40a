/**
 * Which names this gateway answers to. A foreign web site can make its own name point to this computer (DNS rebinding,
 * CVE-2024-28224): the browser then sends that name as Host, and only the name tells. Pure.
 */
import { isIP } from 'node:net';
import { isLoopback } from '../platform/loopback.ts';

export interface HostRules {
  /** May a request name this host? @param host Host field or authority, any case */
  allowsHost(host: string): boolean;
  /** May a page of this origin change things here? @param origin Origin field; @param host the request's own Host */
  allowsOrigin(origin: string, host: string): boolean;
  /** As allowsOrigin, but by the user's own list alone: such a page may even be of another site. */
  listsOrigin(origin: string): boolean;
}

export interface HostFacts {
  /** The address the gateway listens on. */
  readonly listenHost: string;
  /** The port the request came in on. */
  readonly port: number;
  /** From the settings: names, with or without a port. */
  readonly allowedHosts: readonly string[];
}

const LOOPBACK_NAMES: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];
const AUTHORITY = /^(\[[0-9a-f:.]+\]|[^:[\]@/?#\s]+)(?::(\d{1,5}))?$/;
const ORIGIN = /^(https?):\/\/([^/?#]+)$/;

export function createHostRules({ listenHost, port, allowedHosts }: HostFacts): HostRules {
  const ours = new Set<string>();
  for (const name of [...LOOPBACK_NAMES, bracketed(listenHost.toLowerCase())]) ours.add(`${name}:${port}`);
  if (port === 80) for (const name of LOOPBACK_NAMES) ours.add(name);
  const listed = new Set(allowedHosts.map((host) => host.trim().toLowerCase()));
  const beyondLoopback = !isLoopback(listenHost);

  /** By a list of ours or the user's; a listed name without a port stands for our port and the usual ones. */
  function isListed(authority: string): boolean {
    if (ours.has(authority) || listed.has(authority)) return true;
    const parts = splitAuthority(authority);
    return parts !== null && listed.has(parts.name) && (parts.port === null || isUsual(parts.port, port));
  }

  return {
    allowsHost(host) {
      const authority = host.toLowerCase();
      if (isListed(authority)) return true;
      const parts = splitAuthority(authority);
      if (parts === null) return false;
      // A port that somebody forwarded to ours; the name alone says whether it is rebinding.
      if (listed.has(parts.name)) return true;
      // A number cannot be rebound. It is what people on the local network type; they need the token besides.
      return beyondLoopback && isIP(unbracketed(parts.name)) !== 0;
    },
    allowsOrigin(origin, host) {
      const authority = authorityOf(origin);
      return authority !== null && (sameAuthority(authority, host.toLowerCase()) || isListed(authority.text));
    },
    listsOrigin(origin) {
      const authority = authorityOf(origin);
      return authority !== null && isListed(authority.text);
    },
  };
}

interface OriginAuthority {
  /** As it would stand in a Host field. */
  readonly text: string;
  readonly defaultPort: string;
}

function authorityOf(origin: string): OriginAuthority | null {
  const parts = ORIGIN.exec(origin.toLowerCase());
  const [, scheme, text] = parts ?? [];
  if (text === undefined || splitAuthority(text) === null) return null;
  return { text, defaultPort: scheme === 'https' ? '443' : '80' };
}

/** A browser leaves the usual port out of Origin; a proxy in between may write it into Host. */
function sameAuthority(origin: OriginAuthority, host: string): boolean {
  return origin.text === host || `${origin.text}:${origin.defaultPort}` === host;
}

function splitAuthority(authority: string): { readonly name: string; readonly port: number | null } | null {
  const parts = AUTHORITY.exec(authority);
  const [, name, port] = parts ?? [];
  if (name === undefined) return null;
  return { name, port: port === undefined ? null : Number(port) };
}

const isUsual = (port: number, ours: number): boolean => port === ours || port === 80 || port === 443;
const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);
const unbracketed = (host: string): string => (host.startsWith('[') ? host.slice(1, -1) : host);
