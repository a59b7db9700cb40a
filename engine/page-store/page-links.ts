/** Finds what a file of the page refers to, so that all of it can be kept where the page's folder cannot be read. Pure; guesses generously. */
import { posix } from 'node:path';

const TEXTS = /\.(?:html|js|mjs|css)$/;
const KINDS = 'html|js|mjs|css|json|svg|png|jpe?g|gif|webp|avif|ico|cur|woff2?|ttf|otf|eot|wasm|mp3|ogg|wav|mp4|webm';
/** A path that stands alone in quotes, or in the brackets of a style's url(); what follows a question or number sign belongs to no file. */
const REFERENCES = new RegExp(`["'\`(]([\\w@%+~./-]{1,300}\\.(?:${KINDS}))(?:[?#][^"'\`()\\s]{0,300})?["'\`)]`, 'g');
/** Of a script: beside itself, although it looks like any text. */
const BESIDE_A_SCRIPT = /new URL\(\s*["'`]([\w@%+~./-]{1,300})["'`],\s*import\.meta\.url/g;
/** Folders of the page: scripts name what lies there as seen from the page, not from themselves. */
const FROM_THE_PAGE = /^(?:\.{0,2}\/)*((?:assets|fonts|scripts|lib|cursor|extensions)\/.+)$/;

/**
 * @param route of the file, from `/`
 * @returns paths from `/`, each once
 */
export function linksOf(route: string, body: Buffer): string[] {
  if (route !== '/' && !TEXTS.test(route)) return [];
  const folder = route === '/' ? '/' : posix.dirname(route);
  // A bare name in a script is any text; in a page or style it is a file beside it.
  const isScript = /js$/.test(route);
  const text = body.toString('utf8');
  const links = new Set<string>();
  for (const [, path = ''] of text.matchAll(BESIDE_A_SCRIPT)) links.add(posix.join(folder, path));
  for (const [, path = ''] of text.matchAll(REFERENCES)) {
    const isRelative = /^\.{1,2}\//.test(path);
    const fromThePage = FROM_THE_PAGE.exec(path)?.[1];
    if (fromThePage !== undefined) links.add(posix.join('/', fromThePage));
    if (path.startsWith('/')) links.add(posix.normalize(path));
    else if (isRelative || !isScript) links.add(posix.join(folder, path));
  }
  return [...links];
}
