/**
 * ComfyUI's page, kept so that it opens while ComfyUI sleeps or starts. ComfyUI's own word is what is kept: what passes by and what is
 * asked for after every wake, without anybody's cookies. It never wakes ComfyUI and never decides who may ask.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import type { Settings } from '../../contract/settings.ts';
import { NO_PAGE, type PageStatus } from '../../contract/status.ts';
import type { SupervisorState } from '../../contract/supervisor-state.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import { createListeners, type Unsubscribe } from '../platform/listeners.ts';
import type { Log } from '../platform/log.ts';
import type { ComfyAddress, Supervisor } from '../supervisor/supervisor.ts';
import { type AnswerShelf, createAnswerShelf } from './answer-shelf.ts';
import { isSameCatalogue } from './catalogue.ts';
import { fileOfTree, TreeFactsSchema } from './frontend-tree.ts';
import { gatherPage } from './gather.ts';
import { installationKey, installationName } from './installation-key.ts';
import { isNodeScript, type KeptName, keptName, type PageQuestion, touchedBy } from './kept-routes.ts';
import { createQuietClient, keptFields } from './quiet-client.ts';
import { type AnswerToSend, fieldOf, sendAnswer, sendFile } from './send-answer.ts';

export interface PageStore {
  /**
   * Answers a read from what is kept, while ComfyUI does not run.
   * @param otherwise is called when what is kept turns out to be damaged
   * @returns false when nothing is kept for it; then nothing was done
   */
  answer(question: PageQuestion, request: IncomingMessage, response: ServerResponse, otherwise: () => void): boolean;
  /** Hears ComfyUI's answers as they pass; null when this one is not kept. */
  listenerFor(question: PageQuestion, request: Pick<IncomingMessage, 'method' | 'headers'>): PassingListener | null;
  /** The page opens without ComfyUI. */
  isReady(): boolean;
  status(): PageStatus;
  onChange(listener: () => void): Unsubscribe;
  close(): Promise<void>;
}

export type PassingListener = (answer: {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer | null;
}) => void;

export interface PageStoreDeps {
  /** A folder for each installation is made in it. */
  readonly folder: string;
  readonly settings: () => Settings;
  readonly supervisor: Pick<Supervisor, 'state' | 'address' | 'onTransition'>;
  readonly webRoot: () => string | null;
  /** Adds to the list of the page's scripts what ComfyUI does not know of. */
  readonly adaptList: (list: Buffer) => Buffer;
  readonly clock: Clock;
  readonly log: Log;
}

const FactsSchema = z.object({
  /** `installationKey` when ComfyUI last spoke. */
  key: z.string(),
  tree: TreeFactsSchema.nullable(),
});
type Facts = z.infer<typeof FactsSchema>;

/** A prompt that waited for the start goes first. */
const REFRESH_AFTER_MS = 1500;
/** Several writes in a row are one look. */
const LOOK_AGAIN_AFTER_MS = 500;

export function createPageStore(deps: PageStoreDeps): PageStore {
  const { settings, supervisor, clock, log } = deps;
  const client = createQuietClient();
  const changes = createListeners<void>((error) =>
    log.error({ error: String(error) }, 'a listener of the page failed'),
  );
  let opened: { readonly name: string; readonly shelf: AnswerShelf } | null = null;
  let changed: Pick<PageStatus, 'changed' | 'changedAt'> = NO_PAGE;
  /** Of this run of ComfyUI: what it has said already. */
  let heard = new Set<string>();
  let run: { readonly address: ComfyAddress; readonly over: AbortController } | null = null;
  let refreshing = false;
  let cancelTimer: CancelTimer | null = null;
  const touched = new Set<string>();

  function shelf(): AnswerShelf {
    const name = installationName(settings().installation);
    if (opened?.name !== name) {
      void opened?.shelf.close();
      opened = { name, shelf: createAnswerShelf({ folder: join(deps.folder, name), clock, log }) };
    }
    return opened.shelf;
  }

  const readFacts = memoized((raw: unknown): Facts | null => FactsSchema.safeParse(raw).data ?? null);
  const facts = (): Facts | null => readFacts(shelf().facts.get());

  function isReady(): boolean {
    const known = facts();
    if (known === null || known.key !== installationKey(settings().installation, known.tree?.root ?? null))
      return false;
    return shelf().find('/') !== null && shelf().find('/object_info') !== null;
  }

  async function keep(name: KeptName, answer: AnswerToSend): Promise<void> {
    const kept = answer.status === 200 || (answer.status === 404 && name.keepsMissing);
    if (!kept || fieldOf(answer.headers, 'set-cookie') !== null) {
      shelf().drop(name.key);
      return;
    }
    const before = shelf().find(name.key);
    const isFirstWord = !heard.has(name.key);
    heard.add(name.key);
    const earlier = isFirstWord && before !== null && name.key === '/object_info' ? await shelf().read(before) : null;
    const isOther = await shelf().put(name, { ...answer, headers: keptFields(answer.headers) });
    if (!isOther || before === null || !isFirstWord) return;
    if (name.key === '/') tellChange('frontend');
    else if (isNodeScript(name.target)) tellChange('nodes');
    else if (earlier !== null && !isSameCatalogue(earlier.body, answer.body)) tellChange('nodes');
  }

  function tellChange(what: 'nodes' | 'frontend'): void {
    if (changed.changed === 'frontend') return;
    changed = { changed: what, changedAt: new Date(clock.now()).toISOString() };
    changes.notify();
  }

  async function refresh(): Promise<void> {
    if (run === null) return;
    const { address, over } = run;
    refreshing = true;
    touched.clear();
    changes.notify();
    try {
      const known = shelf()
        .all()
        .flatMap(({ target, user }) => keptName({ ...questionOf(target), user: user ?? '' }) ?? []);
      const tree = await gatherPage({
        ask: (asked) => client.ask(address, asked, over.signal),
        webRoot: deps.webRoot(),
        known,
        keep,
      });
      shelf().facts.set({ key: installationKey(settings().installation, tree?.root ?? null), tree } satisfies Facts);
      log.info({ answers: shelf().all().length, tree: tree !== null }, "ComfyUI's page is kept");
    } catch (error) {
      if (!over.signal.aborted) log.warn({ error: String(error) }, "ComfyUI's page could not be asked for");
    } finally {
      refreshing = false;
      changes.notify();
      if (touched.size > 0) lookAgainSoon();
    }
  }

  function lookAgainSoon(): void {
    if (run === null || refreshing || cancelTimer !== null) return;
    cancelTimer = clock.after(LOOK_AGAIN_AFTER_MS, () => {
      cancelTimer = null;
      void lookAgain();
    });
  }

  /** Asks anew for what a write may have changed, or for what passed by in a way that could not be kept. */
  async function lookAgain(): Promise<void> {
    if (run === null) return;
    const { address, over } = run;
    const keys = [...touched];
    touched.clear();
    try {
      for (const key of keys) {
        const name = wanted.get(key) ?? shelf().find(key);
        wanted.delete(key);
        if (name === null) continue;
        const kept = keptName({ ...questionOf(name.target), user: name.user ?? '' });
        if (kept !== null) await keep(kept, await client.ask(address, kept, over.signal));
      }
    } catch (error) {
      if (!over.signal.aborted)
        log.info({ error: String(error) }, "a part of ComfyUI's page could not be asked for again");
    }
  }
  const wanted = new Map<string, KeptName>();

  function want(name: KeptName): void {
    wanted.set(name.key, name);
    touched.add(name.key);
    lookAgainSoon();
  }

  const stopFollowing = supervisor.onTransition(({ to }) => follow(to));
  function follow(to: SupervisorState): void {
    const address = supervisor.address();
    if (run !== null && run.address.generation !== address?.generation) {
      run.over.abort();
      run = null;
      cancelTimer?.();
      cancelTimer = null;
      wanted.clear();
      touched.clear();
    }
    // Without its custom nodes it is not the ComfyUI that the page is kept of.
    if (run !== null || address === null || to.kind !== 'running' || to.withoutCustomNodes) return;
    run = { address, over: new AbortController() };
    heard = new Set();
    cancelTimer = clock.after(REFRESH_AFTER_MS, () => {
      cancelTimer = null;
      void refresh();
    });
  }
  follow(supervisor.state());

  return {
    answer(question, request, response, otherwise) {
      if ((request.method !== 'GET' && request.method !== 'HEAD') || !isReady()) return false;
      const name = keptName(question);
      const tree = facts()?.tree ?? null;
      const kept = name === null ? null : shelf().find(name.key);
      if (kept === null && (tree === null || question.isApi)) return false;
      void (async () => {
        const file = tree === null || question.isApi ? null : await fileOfTree(tree, question.route);
        if (file !== null) return sendFile(request, response, file);
        const answer = kept === null ? null : await shelf().read(kept);
        if (answer === null) return otherwise();
        const isList = question.route === '/extensions';
        sendAnswer(request, response, isList ? { ...answer, body: deps.adaptList(answer.body) } : answer);
      })().catch((error: unknown) => {
        log.warn({ error: String(error) }, "a part of ComfyUI's page could not be given out");
        if (response.headersSent) response.destroy();
        else otherwise();
      });
      return true;
    },
    listenerFor(question, { method = 'GET', headers }) {
      if (run === null) return null;
      if (method !== 'GET') {
        const isTouched = touchedBy(question);
        const names = shelf()
          .all()
          .filter(({ target }) => isTouched(target));
        if (names.length === 0) return null;
        return () => {
          for (const { key } of names) touched.add(key);
          lookAgainSoon();
        };
      }
      const name = keptName(question);
      if (name === null || isFileOfTree(question)) return null;
      if (name.key === '/' && changed.changed !== 'none') {
        changed = NO_PAGE;
        changes.notify();
      }
      // An answer to somebody's cookie or key may be for that person alone: ours is asked for without.
      const isAnybodys =
        headers.cookie === undefined && headers.authorization === undefined && headers.range === undefined;
      return ({ status, headers: fields, body }) => {
        const isWhole = body !== null && (status === 200 || status === 404);
        if (isAnybodys && isWhole) {
          keep(name, { status, headers: keptFields(fields), body }).catch((error: unknown) =>
            log.warn({ error: String(error) }, "a part of ComfyUI's page could not be kept"),
          );
        } else if (status !== 304 || shelf().find(name.key) === null) {
          want(name);
        }
      };
    },
    isReady,
    status: () => ({
      store: refreshing ? 'refreshing' : isReady() ? 'ready' : 'empty',
      ...{ changed: changed.changed, changedAt: changed.changedAt },
      writesKept: 0,
    }),
    onChange: changes.add,
    async close() {
      stopFollowing();
      run?.over.abort();
      cancelTimer?.();
      await client.close();
      await opened?.shelf.close();
    },
  };

  /** By its path alone: it is read from where it lies. */
  function isFileOfTree({ isApi, route }: PageQuestion): boolean {
    return !isApi && facts()?.tree != null && /^\/(?:assets|fonts|scripts|cursor|lib)\//.test(route);
  }
}

/** Looks at the same value once. */
function memoized<From, To>(read: (from: From) => To): (from: From) => To {
  let last: { readonly from: From; readonly to: To } | null = null;
  return (from) => {
    if (last === null || last.from !== from) last = { from, to: read(from) };
    return last.to;
  };
}

const questionOf = (target: string): Omit<PageQuestion, 'user'> => ({
  route: target.split('?', 1)[0] ?? target,
  target,
  isApi: false,
});
