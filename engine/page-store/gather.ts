/** Asks the running ComfyUI for everything the page is made of, and hands each answer on. Decides what to ask; keeps nothing. */
import { isAbsolute } from 'node:path';
import { learnTree, type TreeFacts } from './frontend-tree.ts';
import { ALWAYS_ASKED, type KeptName, keptName } from './kept-routes.ts';
import { linksOf } from './page-links.ts';
import type { AnswerToSend } from './send-answer.ts';

export interface GatherDeps {
  readonly ask: (asked: {
    readonly method?: 'GET' | 'HEAD';
    readonly target: string;
    readonly user: string | null;
  }) => Promise<AnswerToSend>;
  /** Where ComfyUI says its page lies. */
  readonly webRoot: string | null;
  /** What is kept already: asked for again. */
  readonly known: readonly KeptName[];
  readonly keep: (name: KeptName, answer: AnswerToSend) => Promise<void>;
}

/** At once; ComfyUI has work of its own. */
const AT_ONCE = 3;
const MOST_ANSWERS = 4000;

/**
 * Rejects when ComfyUI stops answering; what was kept until then stays.
 * @returns where the frontend's files can be read; null when they cannot
 */
export async function gatherPage({ ask, webRoot, known, keep }: GatherDeps): Promise<TreeFacts | null> {
  const waiting: KeptName[] = [];
  const seen = new Set<string>();
  const add = (name: KeptName | null): void => {
    if (name === null || seen.has(name.key) || seen.size >= MOST_ANSWERS) return;
    seen.add(name.key);
    waiting.push(name);
  };

  const page = await ask({ target: '/', user: null });
  const tree =
    webRoot === null || !isAbsolute(webRoot)
      ? null
      : await learnTree(webRoot, page, (target) => ask({ method: 'HEAD', target, user: null }));
  for (const target of ALWAYS_ASKED) add(nameOf(target, ''));
  for (const name of known) add(name);

  async function askAll(names: KeptName[]): Promise<void> {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      // It is given out from where it lies.
      if (name.target !== '/' && (await tree?.file(name.target)) != null) continue;
      const answer = name.target === '/' ? page : await ask({ target: name.target, user: name.user });
      await keep(name, answer);
      for (const next of referredTo(name, answer, tree !== null)) add(nameOf(next, name.user ?? ''));
    }
  }
  // What one file refers to is known once it is here: round by round, until nothing new is named.
  for (let round = waiting.splice(0); round.length > 0; round = waiting.splice(0)) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => askAll(round)));
  }
  return tree?.facts ?? null;
}

/** Paths and queries that the page will ask for because of this answer. */
function referredTo({ target }: KeptName, { status, body }: AnswerToSend, isTreeKnown: boolean): string[] {
  if (status !== 200) return [];
  if (target === '/extensions') return texts(json(body)).filter((path) => path.startsWith('/extensions/'));
  if (target === '/models') return texts(json(body)).map((folder) => `/models/${encodeURIComponent(folder)}`);
  if (target === '/experiment/models')
    return fields(json(body), 'name').map((folder) => `/experiment/models/${encodeURIComponent(folder)}`);
  if (target.startsWith('/userdata?') && target.includes('dir=workflows'))
    return fields(json(body), 'path').map((path) => `/userdata/${encodeURIComponent(`workflows/${path}`)}`);
  if (target.startsWith('/extensions/') || !isTreeKnown) return linksOf(target, body);
  return [];
}

function nameOf(target: string, user: string): KeptName | null {
  const route = target.split('?', 1)[0] ?? target;
  return keptName({ route, target, isApi: false, user });
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.slice(0, 1000) : []);
const texts = (value: unknown): string[] => list(value).filter((entry) => typeof entry === 'string');
const fields = (value: unknown, name: string): string[] =>
  texts(list(value).map((entry) => (typeof entry === 'object' && entry !== null ? Reflect.get(entry, name) : entry)));
