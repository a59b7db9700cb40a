/** Reads a request target: who it is for, what ComfyUI is asked for, and under which name the rest of the gateway knows it. Pure. */
import { MANAGER_PREFIX } from '../../contract/manager-api.ts';

interface Received {
  /** Path and query as the client wrote them: what may be refused is judged by this. */
  readonly received: string;
  /** Host named by an absolute-form target, which outranks the Host field. */
  readonly authority: string | null;
}

export type Destination =
  | (Received & { readonly kind: 'manager' })
  | (Received & {
      readonly kind: 'comfyui';
      /** Path and query for ComfyUI: `received` without `/comfyui`, byte for byte. */
      readonly target: string;
      /** The path without query and without `/api`: `/prompt` for `/api/prompt?x`. Never decoded. */
      readonly route: string;
      /** It was written below `/api`: a program asks, not an address bar. */
      readonly isApi: boolean;
    })
  | { readonly kind: 'malformed' };

const COMFYUI_PREFIX = '/comfyui';
const API_PREFIX = '/api';
const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i;

/** @param url the request target as received */
export function destinationOf(url: string): Destination {
  if (url.startsWith('/')) return pathDestination(url, null);
  const absolute = ABSOLUTE.exec(url);
  if (absolute === null) return { kind: 'malformed' };
  const rest = absolute[2] ?? '';
  return pathDestination(rest.startsWith('/') ? rest : `/${rest}`, absolute[1] ?? '');
}

function pathDestination(received: string, authority: string | null): Destination {
  if (isBelow(received, MANAGER_PREFIX)) return { kind: 'manager', received, authority };
  const target = isBelow(received, COMFYUI_PREFIX) ? rooted(received.slice(COMFYUI_PREFIX.length)) : received;
  const queryAt = target.indexOf('?');
  const path = queryAt === -1 ? target : target.slice(0, queryAt);
  const isApi = path.startsWith(`${API_PREFIX}/`);
  return { kind: 'comfyui', received, target, route: isApi ? path.slice(API_PREFIX.length) : path, isApi, authority };
}

const rooted = (rest: string): string => (rest.startsWith('/') ? rest : `/${rest}`);

function isBelow(url: string, prefix: string): boolean {
  if (!url.startsWith(prefix)) return false;
  const next = url.charAt(prefix.length);
  return next === '' || next === '/' || next === '?';
}
