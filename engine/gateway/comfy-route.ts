/** Reads a request target: who it is for, what ComfyUI is asked for, and under which name the rest of the gateway knows it. Pure. */
import { MANAGER_PREFIX } from '../../contract/manager-api.ts';

export type Destination =
  | { readonly kind: 'manager'; readonly target: string; readonly authority: string | null }
  | {
      readonly kind: 'comfyui';
      /** Path and query for ComfyUI, byte for byte as received. */
      readonly target: string;
      /** The path without query and without `/api`: `/prompt` for `/api/prompt?x`. Never decoded. */
      readonly route: string;
      /** It was written below `/api`: a program asks, not an address bar. */
      readonly isApi: boolean;
      /** Host named by an absolute-form target, which outranks the Host field. */
      readonly authority: string | null;
    }
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

function pathDestination(url: string, authority: string | null): Destination {
  if (isBelow(url, MANAGER_PREFIX)) return { kind: 'manager', target: url, authority };
  const target = isBelow(url, COMFYUI_PREFIX) ? rooted(url.slice(COMFYUI_PREFIX.length)) : url;
  const queryAt = target.indexOf('?');
  const path = queryAt === -1 ? target : target.slice(0, queryAt);
  const isApi = path.startsWith(`${API_PREFIX}/`);
  return { kind: 'comfyui', target, route: isApi ? path.slice(API_PREFIX.length) : path, isApi, authority };
}

const rooted = (rest: string): string => (rest.startsWith('/') ? rest : `/${rest}`);

function isBelow(url: string, prefix: string): boolean {
  if (!url.startsWith(prefix)) return false;
  const next = url.charAt(prefix.length);
  return next === '' || next === '/' || next === '?';
}
