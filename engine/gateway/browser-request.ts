/** What a browser tells about why it asks. Pure. */
import type { IncomingHttpHeaders } from 'node:http';

/** A person opens this address in a tab, or a program says that it would rather read HTML. */
export function isNavigation(method: string, headers: IncomingHttpHeaders): boolean {
  if (method !== 'GET') return false;
  const mode = headers['sec-fetch-mode'];
  return mode === undefined ? headers.accept?.includes('text/html') === true : mode === 'navigate';
}

/** The browser guesses that a person might want it; nobody has asked. */
export function isPrefetch(headers: IncomingHttpHeaders): boolean {
  const purpose = headers['sec-purpose'] ?? headers.purpose;
  return typeof purpose === 'string' && purpose.includes('prefetch');
}
