/** Finds the handler of a path: exact paths by one look-up, `{name}` patterns after. Every route also answers under /api. */
import type { Reply } from './reply.ts';
import type { RouteRequest } from './request.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Handler = (request: RouteRequest) => Reply | Promise<Reply>;

export interface Route {
  method: Method;
  /** `/history/{prompt_id}`: a part in braces matches one segment, which is decoded after the match. */
  path: string;
  handle: Handler;
  /** Internal routes and static files have no second form under /api. */
  underApi?: false;
}

export type RouteMatch =
  | { found: 'handler'; handle: Handler; parameters: Record<string, string> }
  | { found: 'otherMethods'; allowed: string[] }
  | { found: 'nothing' };

export interface RouteTable {
  /** `path` is the raw path of the request, without the query. HEAD is answered by GET. */
  match(method: string, path: string): RouteMatch;
}

interface Entry {
  segments: string[];
  handlers: Map<string, Handler>;
}

export function createRouteTable(routes: readonly Route[]): RouteTable {
  const exact = new Map<string, Entry>();
  const patterns: Entry[] = [];
  const add = (path: string, { method, handle }: Route) => {
    const segments = path.split('/');
    let entry = path.includes('{') ? patterns.find((known) => known.segments.join('/') === path) : exact.get(path);
    if (!entry) {
      entry = { segments, handlers: new Map() };
      if (path.includes('{')) patterns.push(entry);
      else exact.set(path, entry);
    }
    entry.handlers.set(method, handle);
    if (method === 'GET') entry.handlers.set('HEAD', handle);
  };
  for (const route of routes) {
    add(route.path, route);
    if (route.underApi !== false) add(`/api${route.path}`, route);
  }
  return {
    match(method, path) {
      const known = exact.get(path);
      const candidates = known ? [known] : patterns.filter((entry) => fits(entry.segments, path.split('/')));
      for (const entry of candidates) {
        const handle = entry.handlers.get(method);
        if (handle) return { found: 'handler', handle, parameters: parametersOf(entry.segments, path) };
      }
      if (candidates.length === 0) return { found: 'nothing' };
      return { found: 'otherMethods', allowed: candidates.flatMap((entry) => [...entry.handlers.keys()]) };
    },
  };
}

const isParameter = (segment: string): boolean => segment.startsWith('{');

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (isParameter(part) ? segments[index] !== '' : part === segments[index]))
  );
}

function parametersOf(pattern: readonly string[], path: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  const segments = path.split('/');
  pattern.forEach((part, index) => {
    if (isParameter(part)) parameters[part.slice(1, -1)] = decode(segments[index] ?? '');
  });
  return parameters;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
