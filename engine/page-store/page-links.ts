/** Finds what a file of the page refers to, so that all of it can be kept where the page's folder cannot be read. Pure; guesses generously. */
import { posix } from 'node:path';

const TEXTS = /\.(?:html|js|mjs|css)$/;
const ROOTED = /["'`(/](?:\.\/|\/)?((?:assets|fonts|scripts|lib|cursor)\/[\w./-]+\.\w{2,5})/g;
const BESIDE = /["'`(]\.\/([\w.-]+\.(?:js|mjs|css|json|svg|png|woff2?))["'`)]/g;

/**
 * @param route of the file, from `/`
 * @returns paths from `/`, each once
 */
export function linksOf(route: string, body: Buffer): string[] {
  if (route !== '/' && !TEXTS.test(route)) return [];
  const text = body.toString('utf8');
  const links = new Set<string>();
  for (const [, path = ''] of text.matchAll(ROOTED)) links.add(posix.normalize(`/${path}`));
  const folder = route === '/' ? '/' : posix.dirname(route);
  for (const [, name = ''] of text.matchAll(BESIDE)) links.add(posix.join(folder, name));
  return [...links];
}
