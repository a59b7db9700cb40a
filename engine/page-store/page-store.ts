/**
 * ComfyUI's page, kept so that it opens while ComfyUI sleeps or starts: what is kept, from where it is given out, and how that stands.
 * It never wakes ComfyUI and never decides who may ask.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import type { Settings } from '../../contract/settings.ts';
import type { PageStatus } from '../../contract/status.ts';
import type { Clock } from '../platform/clock.ts';
import { createListeners, type Unsubscribe } from '../platform/listeners.ts';
import type { Log } from '../platform/log.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import { type AnswerShelf, createAnswerShelf } from './answer-shelf.ts';
import { type CompressedCopies, createCompressedCopies } from './compressed-copies.ts';
import { type FrontendTree, openTree, type TreeFacts, TreeFactsSchema } from './frontend-tree.ts';
import { installationKey, installationName } from './installation-key.ts';
import { createKeeper, type KeeperDeps } from './keeper.ts';
import { keptName, type PageQuestion, touchedBy } from './kept-routes.ts';
import { createKeptWrites, type KeptWrite, type KeptWrites } from './kept-writes.ts';
import { createPageReads, type PageReads } from './page-reads.ts';
import { createQuietClient, keptFields } from './quiet-client.ts';
import type { PictureFolders } from './view-file.ts';
import { createWriteDesk, type WhenAwake } from './write-desk.ts';

export interface PageStore {
  /**
   * Answers while ComfyUI does not run: a read from what is kept, a write of settings or user data by the settings.
   * @param otherwise is called when what is kept turns out to be damaged or missing
   * @param whenAwake is called for a write that only ComfyUI can make
   * @returns false when this is not for the store; then nothing was done
   */
  answer(
    question: PageQuestion,
    request: IncomingMessage,
    response: ServerResponse,
    otherwise: () => void,
    whenAwake: WhenAwake,
  ): boolean;
  /**
   * Answers while ComfyUI runs: what lies in a file of the frontend that ComfyUI would read too, so that a busy one delays nobody.
   * @returns false when ComfyUI must be asked; then nothing was done
   */
  answerAwake(
    question: PageQuestion,
    request: IncomingMessage,
    response: ServerResponse,
    otherwise: () => void,
  ): boolean;
  /** Hears ComfyUI's answer as it passes; null when it means nothing here. */
  listenerFor(question: PageQuestion, request: Pick<IncomingMessage, 'method' | 'headers'>): PassingListener | null;
  /** The page opens without ComfyUI. */
  isReady(): boolean;
  /** Something must reach the woken ComfyUI before anything else does. */
  isReplaying(): boolean;
  /** Resolves when nothing must any more. */
  replayed(): Promise<void>;
  status(): PageStatus;
  onChange(listener: () => void): Unsubscribe;
  close(): Promise<void>;
}

export type PassingListener = (answer: {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer | null;
}) => void;

export interface PageStoreDeps extends Pick<KeeperDeps, 'onCatalogue'> {
  /** A folder for each installation is made in it. */
  readonly folder: string;
  readonly settings: () => Settings;
  readonly supervisor: Pick<Supervisor, 'state' | 'address' | 'onTransition'>;
  /** Where the running ComfyUI says its page lies. */
  readonly webRoot: () => string | null;
  /** Where pictures lie; null where only ComfyUI knows. */
  readonly folders: () => PictureFolders;
  /** Adds to the list of the page's scripts what ComfyUI does not know of. */
  readonly adaptList: (list: Buffer) => Buffer;
  /** ComfyUI did not take a write that the page believes saved. */
  readonly onRefused: (write: KeptWrite, status: number) => void;
  readonly clock: Clock;
  readonly log: Log;
}

const FactsSchema = z.object({
  /** `installationKey` when ComfyUI last said all. */
  key: z.string(),
  /** Null where the frontend's files cannot be read. */
  tree: TreeFactsSchema.nullable(),
});
type Facts = z.infer<typeof FactsSchema>;

/** What belongs to one installation. */
interface Room {
  readonly name: string;
  readonly shelf: AnswerShelf;
  readonly copies: CompressedCopies;
  readonly writes: KeptWrites;
}

export function createPageStore(deps: PageStoreDeps): PageStore {
  const { settings, supervisor, clock, log } = deps;
  const client = createQuietClient();
  const changes = createListeners<void>((error) =>
    log.error({ error: String(error) }, 'a listener of the page failed'),
  );
  const nameOf = memoized(installationName);
  const readFacts = memoized((raw: unknown): Facts | null => FactsSchema.safeParse(raw).data ?? null);
  let opened: Room | null = null;
  let looked: {
    readonly at: number;
    readonly installation: Settings['installation'];
    readonly webRoot: string | null;
    readonly key: string;
  } | null = null;
  /** The run of ComfyUI that has confirmed the frontend's folder. */
  let gatheredIn: number | null = null;

  function room(): Room {
    const name = nameOf(settings().installation);
    if (opened?.name === name) return opened;
    void opened?.shelf.close();
    opened = {
      name,
      shelf: createAnswerShelf({ folder: join(deps.folder, name), clock, log }),
      copies: createCompressedCopies({ folder: join(deps.folder, name, 'compressed'), log }),
      // Beside it: what is kept of the page may be thrown away, and this may not.
      writes: createKeptWrites({ file: join(deps.folder, `${name}.writes.jsonl`), log }),
    };
    return opened;
  }
  const shelf = (): AnswerShelf => room().shelf;
  const facts = (): Facts | null => readFacts(shelf().facts.get());
  const openedTree = memoized((known: TreeFacts | null) => (known === null ? null : openTree(known)));
  const tree = (): FrontendTree | null => openedTree(facts()?.tree ?? null);

  const keeper = createKeeper({
    shelf,
    async onGathered(tree, { generation }, signal) {
      const key = installationKey(settings().installation, tree?.root ?? null);
      shelf().facts.set({ key, tree } satisfies Facts);
      looked = null;
      gatheredIn = generation;
      await reads.compress(signal);
    },
    client,
    supervisor,
    webRoot: deps.webRoot,
    onChange: changes.notify,
    onCatalogue: deps.onCatalogue,
    clock,
    log,
  });
  const desk = createWriteDesk({
    writes: () => room().writes,
    mode: () => settings().page.writesWhileAsleep,
    async keptBody(target, user) {
      const name = keptName({ route: target.split('?', 1)[0] ?? target, target, isApi: false, user });
      const kept = name === null ? null : shelf().find(name.key);
      return kept?.status === 200 ? ((await shelf().read(kept))?.body ?? null) : null;
    },
    client,
    supervisor,
    onChange: changes.notify,
    onRefused: deps.onRefused,
    clock,
    log,
  });
  const reads = createPageReads({
    shelf,
    copies: () => room().copies,
    tree,
    folders: deps.folders,
    afterWrites: desk.after,
    adaptList: deps.adaptList,
  });
  const replayOnWake = (): void => void desk.replayed();
  const stopReplaying = supervisor.onTransition(replayOnWake);

  function isReady(): boolean {
    const known = facts();
    if (known === null || known.key !== currentKey(known.tree?.root ?? null)) return false;
    return shelf().find('/')?.status === 200 && shelf().find('/object_info')?.status === 200;
  }

  /** A page asks for hundreds of files at once, and the key looks at the disk. */
  function currentKey(webRoot: string | null): string {
    const { installation } = settings();
    const now = clock.now();
    const isSame = looked?.installation === installation && looked.webRoot === webRoot;
    if (looked === null || !isSame || Math.abs(now - looked.at) > LOOK_AGAIN_MS) {
      looked = { at: now, installation, webRoot, key: installationKey(installation, webRoot) };
    }
    return looked.key;
  }

  function giveOut(
    response: ServerResponse,
    otherwise: () => void,
    work: (reads: PageReads) => Promise<boolean>,
  ): void {
    work(reads).then(
      (isAnswered) => {
        if (!isAnswered) otherwise();
      },
      (error: unknown) => {
        log.warn({ error: String(error) }, "a part of ComfyUI's page could not be given out");
        if (response.headersSent) response.destroy();
        else otherwise();
      },
    );
  }

  return {
    answer(question, request, response, otherwise, whenAwake) {
      if (!isReady()) return false;
      if (request.method === 'POST') return desk.take(question, request, response, whenAwake);
      if (request.method !== 'GET' && request.method !== 'HEAD') return false;
      const isFile = !question.isApi && facts()?.tree != null;
      if (!isFile && question.route !== '/view' && keptName(question) === null) return false;
      giveOut(response, otherwise, (reads) => reads.giveOut(question, request, response));
      return true;
    },
    answerAwake({ route, isApi }, request, response, otherwise) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return false;
      // The page itself is ComfyUI's to give: a proxy or a node may have its own way with it.
      if (isApi || !isFrontendFile(route) || gatheredIn !== supervisor.address()?.generation) return false;
      giveOut(response, otherwise, (reads) => reads.giveOutFile(route, request, response));
      return true;
    },
    listenerFor(question, { method = 'GET', headers }) {
      if (!keeper.isListening()) return null;
      if (method !== 'GET') {
        const isTouched = touchedBy(question);
        const touched = shelf()
          .all()
          .filter(({ target }) => isTouched(target));
        if (touched.length === 0) return null;
        return () => {
          for (const { target, user } of touched) {
            const name = keptName({ route: target.split('?', 1)[0] ?? target, target, isApi: false, user: user ?? '' });
            if (name?.user === null) keeper.askSoon(name);
            else if (name !== null) keeper.doubt(name);
          }
        };
      }
      const name = keptName(question);
      // The frontend's files are read from where they lie.
      if (name === null || (facts()?.tree != null && isFrontendFile(name.key))) return null;
      if (name.key === '/') keeper.forgetChange();
      // An answer to somebody's cookie or key may be for that person alone: ours is asked for without.
      const isAnybodys = headers.cookie === undefined && headers.authorization === undefined;
      return ({ status, headers: fields, body }) => {
        if (isAnybodys && body !== null && (status === 200 || status === 404)) {
          keeper.keep(name, { status, headers: keptFields(fields), body }).catch((error: unknown) => {
            log.warn({ error: String(error) }, "a part of ComfyUI's page could not be kept");
          });
        } else if (status !== 304 || shelf().find(name.key) === null) {
          keeper.askSoon(name);
        }
      };
    },
    isReady,
    isReplaying: desk.isReplaying,
    replayed: desk.replayed,
    status: () => ({
      store: keeper.isRefreshing() ? 'refreshing' : isReady() ? 'ready' : 'empty',
      changed: keeper.changed().changed,
      changedAt: keeper.changed().changedAt,
      writesKept: desk.count(),
    }),
    onChange: changes.add,
    async close() {
      stopReplaying();
      keeper.close();
      await client.close();
      await opened?.shelf.close();
    },
  };
}

const LOOK_AGAIN_MS = 1000;

/** Scripts below /extensions are the custom nodes' too. */
const isFrontendFile = (route: string): boolean => /^\/(?:assets|fonts|scripts|cursor|lib)\//.test(route);

/** Looks at the same value once. */
function memoized<From, To>(read: (from: From) => To): (from: From) => To {
  let last: { readonly from: From; readonly to: To } | null = null;
  return (from) => {
    if (last === null || last.from !== from) last = { from, to: read(from) };
    return last.to;
  };
}
