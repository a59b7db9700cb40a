/**
 * Which of ComfyUI's answers may be kept, and under which name. Pure. What is not named here is never kept: it may hold a secret, cost
 * money or change by the second.
 */

export interface PageQuestion {
  /** Path without query, `/comfyui` and `/api`; never decoded. */
  readonly route: string;
  /** Path and query. */
  readonly target: string;
  /** It was written below `/api`. */
  readonly isApi: boolean;
  /** ComfyUI's name of the person (`Comfy-User`); empty when it is not sent. */
  readonly user: string;
}

export interface KeptName {
  /** The same for every way of asking the same: with or without `/api`, the query in any order. */
  readonly key: string;
  /** Path and query that ask ComfyUI for it. */
  readonly target: string;
  /** Whose it is; null when it is everybody's. */
  readonly user: string | null;
  /** A 404 is an answer too: the page asks for files that most people never have, and for routes of newer ComfyUIs. */
  readonly keepsMissing: boolean;
  /** So is any other refusal: the page shows nothing before it is answered, and asks before anybody has said who they are. */
  readonly keepsRefusal: boolean;
}

/** Asked for after every wake, so that the page opens although nobody has opened it since. */
export const ALWAYS_ASKED: readonly string[] = [
  '/',
  // Scripts of custom nodes and of ours import them; the page itself does not.
  '/scripts/app.js',
  '/scripts/api.js',
  '/extensions',
  '/object_info',
  '/embeddings',
  '/models',
  '/experiment/models',
  '/i18n',
  '/workflow_templates',
  '/system_stats',
  '/features',
  '/users',
  '/settings',
  '/user.css',
  '/userdata/user.css',
  '/userdata/comfy.templates.json',
  '/userdata?dir=workflows&recurse=true&split=false&full_info=true',
  '/global_subgraphs',
  '/node_replacements',
  '/internal/folder_paths',
  '/templates/index.json',
  // Older and newer pages write it differently.
  '/userdata?dir=subgraphs%2F&recurse=true&split=false&full_info=true',
  '/userdata?dir=subgraphs&recurse=true&split=false&full_info=true',
];

const SHARED: ReadonlySet<string> = new Set([
  '/object_info',
  '/extensions',
  '/embeddings',
  '/models',
  '/experiment/models',
  '/i18n',
  '/workflow_templates',
  '/system_stats',
  '/features',
  '/global_subgraphs',
  '/node_replacements',
  '/internal/folder_paths',
  '/users',
]);
const SHARED_TREES = ['/object_info', '/models', '/experiment/models', '/global_subgraphs'];
const PERSONAL: ReadonlySet<string> = new Set(['/settings', '/userdata', '/v2/userdata', '/user.css']);
const PERSONAL_TREES = ['/settings', '/userdata'];
/** Files, which ComfyUI has without `/api` alone. */
const FILE_TREES = [
  '/extensions',
  '/templates',
  '/docs',
  '/workflow_templates',
  '/assets',
  '/fonts',
  '/scripts',
  '/cursor',
  '/lib',
];
const FILES: ReadonlySet<string> = new Set(['/', '/index.html', '/materialdesignicons.min.css', '/favicon.ico']);
/** Pictures of models and the like: many, large, and ComfyUI makes them anew. */
const NEVER = ['/experiment/models/preview'];

/** @returns null when it is never kept */
export function keptName({ route, target, isApi, user }: PageQuestion): KeptName | null {
  if (NEVER.some((tree) => isBelow(route, tree))) return null;
  const isPersonal = PERSONAL.has(route) || isInside(route, PERSONAL_TREES);
  const isShared = SHARED.has(route) || isInside(route, SHARED_TREES);
  const isFile = !isApi && !isShared && (FILES.has(route) || isInside(route, FILE_TREES));
  if (!isPersonal && !isShared && !isFile) return null;
  const normal = `${route}${sortedQuery(target)}`;
  const owner = isPersonal ? user : null;
  return {
    key: owner === null ? normal : `${normal} ${JSON.stringify(owner)}`,
    target: normal,
    user: owner,
    keepsMissing: !isFile || route === '/favicon.ico',
    keepsRefusal: route === '/userdata/user.css' && user === '',
  };
}

/** What may have another answer after this write went to ComfyUI. */
export function touchedBy({ route }: Pick<PageQuestion, 'route'>): (target: string) => boolean {
  if (isBelow(route, '/settings')) return (target) => isBelow(pathOf(target), '/settings');
  if (isBelow(route, '/userdata') || isBelow(route, '/v2/userdata'))
    return (target) =>
      isInside(pathOf(target), ['/userdata', '/v2/userdata']) ||
      /^\/(?:v2\/)?userdata\?/.test(target) ||
      target === '/user.css';
  if (route === '/users') return (target) => target === '/users';
  // The list of input files is part of the catalogue.
  if (isBelow(route, '/upload')) return (target) => target === '/object_info';
  return () => false;
}

/** Files of the page, script by script: a change of one is a change of the page. */
export const isNodeScript = (target: string): boolean => target.startsWith('/extensions/') || target === '/extensions';

const pathOf = (target: string): string => target.split('?', 1)[0] ?? target;

/** Cache breakers and the like stay: they make an entry of their own, which is only asked for again if it is in use. */
function sortedQuery(target: string): string {
  const queryAt = target.indexOf('?');
  if (queryAt === -1) return '';
  const query = new URLSearchParams(target.slice(queryAt));
  query.sort();
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

const isInside = (route: string, trees: readonly string[]): boolean =>
  trees.some((tree) => route.startsWith(`${tree}/`));

const isBelow = (route: string, tree: string): boolean => route === tree || route.startsWith(`${tree}/`);
