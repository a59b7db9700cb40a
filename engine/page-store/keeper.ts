/**
 * Keeps what the running ComfyUI says of its page: all of it after every wake, then what passes by and what writes may have changed. Tells
 * when ComfyUI, as it wakes, has another page than the one that was kept.
 */
import type { PageStatus } from '../../contract/status.ts';
import { NO_PAGE } from '../../contract/status.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { Unsubscribe } from '../platform/listeners.ts';
import type { Log } from '../platform/log.ts';
import type { ComfyAddress, Supervisor } from '../supervisor/supervisor.ts';
import type { AnswerShelf } from './answer-shelf.ts';
import { isSameCatalogue } from './catalogue.ts';
import type { TreeFacts } from './frontend-tree.ts';
import { gatherPage } from './gather.ts';
import { isNodeScript, type KeptName, keptName } from './kept-routes.ts';
import { keptFields, type QuietClient } from './quiet-client.ts';
import { type AnswerToSend, fieldOf } from './send-answer.ts';

export interface Keeper {
  /** ComfyUI runs as it usually does: what it says now is worth keeping. */
  isListening(): boolean;
  /** ComfyUI gave this answer to a request that could be anybody's. */
  keep(name: KeptName, answer: AnswerToSend): Promise<void>;
  /** Somebody wrote what it tells: until ComfyUI has said it anew, it is not known. */
  doubt(name: KeptName): void;
  /** Its answer may be another now; it is asked for soon. */
  askSoon(name: KeptName): void;
  isRefreshing(): boolean;
  changed(): Pick<PageStatus, 'changed' | 'changedAt'>;
  /** Somebody has loaded the page anew. */
  forgetChange(): void;
  close(): void;
}

export interface KeeperDeps {
  readonly shelf: () => AnswerShelf;
  /** ComfyUI has said all; `tree` is null when the frontend's files cannot be read. */
  readonly onGathered: (tree: TreeFacts | null, address: ComfyAddress, signal: AbortSignal) => Promise<void>;
  readonly client: QuietClient;
  readonly supervisor: Pick<Supervisor, 'state' | 'address' | 'onTransition'>;
  readonly webRoot: () => string | null;
  readonly onChange: () => void;
  /** The node catalogue as ComfyUI says it: once after every wake, and when it is another. Some megabytes, which nobody should ask for twice. */
  readonly onCatalogue: (objectInfo: Buffer) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** A prompt that waited for the start goes first. */
const REFRESH_AFTER_MS = 1500;
/** Several writes in a row are one look. */
const ASK_AFTER_MS = 500;

/** One run of ComfyUI. */
interface Run {
  readonly address: ComfyAddress;
  readonly over: AbortController;
  /** What it has said already: only its first word can differ from the page that was opened before. */
  readonly heard: Set<string>;
  isRefusalTold: boolean;
}

export function createKeeper(deps: KeeperDeps): Keeper {
  const { shelf, client, supervisor, onChange, clock, log } = deps;
  let run: Run | null = null;
  let isRefreshing = false;
  let changed: Pick<PageStatus, 'changed' | 'changedAt'> = NO_PAGE;
  let cancelTimer: CancelTimer | null = null;
  const toAsk = new Map<string, KeptName>();

  async function keep(name: KeptName, answer: AnswerToSend): Promise<void> {
    const { status } = answer;
    const isKept = status === 200 || (status === 404 && name.keepsMissing) || (status >= 400 && name.keepsRefusal);
    if (!isKept || fieldOf(answer.headers, 'set-cookie') !== null) {
      shelf().drop(name.key);
      return;
    }
    const before = shelf().find(name.key);
    const isFirstWord = run !== null && !run.heard.has(name.key);
    run?.heard.add(name.key);
    const isCatalogue = name.key === '/object_info';
    const earlier = isFirstWord && isCatalogue && before !== null ? await shelf().read(before) : null;
    const isOther = await shelf()
      .put(name, { ...answer, headers: keptFields(answer.headers) })
      .catch(tellRefusal);
    if (isCatalogue && answer.status === 200 && (isFirstWord || isOther)) deps.onCatalogue(answer.body);
    if (!isOther || before === null || !isFirstWord) return;
    if (name.key === '/') tellChange('frontend');
    else if (isNodeScript(name.target)) tellChange('nodes');
    else if (earlier !== null && !isSameCatalogue(earlier.body, answer.body)) tellChange('nodes');
  }

  /** Once in a run: a full disk refuses hundreds. Everything else is kept all the same. */
  function tellRefusal(error: unknown): false {
    if (run === null || !run.isRefusalTold)
      log.warn({ error: String(error) }, "a part of ComfyUI's page cannot be kept");
    if (run !== null) run.isRefusalTold = true;
    return false;
  }

  function tellChange(what: 'nodes' | 'frontend'): void {
    if (changed.changed === 'frontend') return;
    changed = { changed: what, changedAt: new Date(clock.now()).toISOString() };
    log.info({ what }, 'ComfyUI woke with another page than the kept one');
    onChange();
  }

  async function refresh({ address, over }: Run): Promise<void> {
    try {
      const tree = await gatherPage({
        ask: (asked) => client.ask(address, asked, over.signal),
        webRoot: deps.webRoot(),
        known: shelf()
          .all()
          .flatMap(({ target, user }) => keptName(questionOf(target, user)) ?? []),
        keep,
      });
      await deps.onGathered(tree, address, over.signal);
      log.info({ answers: shelf().all().length, tree: tree !== null }, "ComfyUI's page is kept");
    } catch (error) {
      if (!over.signal.aborted) log.warn({ error: String(error) }, "ComfyUI's page could not be asked for");
    } finally {
      if (!over.signal.aborted) {
        isRefreshing = false;
        onChange();
        askLater();
      }
    }
  }

  async function askNow({ address, over }: Run): Promise<void> {
    const names = [...toAsk.values()];
    toAsk.clear();
    try {
      for (const name of names) await keep(name, await client.ask(address, name, over.signal));
    } catch (error) {
      if (!over.signal.aborted) log.info({ error: String(error) }, "a part of ComfyUI's page could not be asked for");
    }
  }

  function after(delayMs: number, work: (run: Run) => Promise<void>): void {
    cancelTimer = clock.after(delayMs, () => {
      cancelTimer = null;
      if (run !== null) void work(run);
    });
  }

  function askLater(): void {
    if (run !== null && !isRefreshing && cancelTimer === null && toAsk.size > 0) after(ASK_AFTER_MS, askNow);
  }

  function askSoon(name: KeptName): void {
    if (run === null) return;
    toAsk.set(name.key, name);
    askLater();
  }

  function endRun(): void {
    run?.over.abort();
    run = null;
    cancelTimer?.();
    cancelTimer = null;
    toAsk.clear();
  }

  function follow(): void {
    const address = supervisor.address();
    const state = supervisor.state();
    if (run !== null && run.address.generation !== address?.generation) {
      endRun();
      isRefreshing = false;
    }
    // Without its custom nodes it is not the ComfyUI that the page is kept of.
    if (run !== null || address === null || state.kind !== 'running' || state.withoutCustomNodes) return;
    run = { address, over: new AbortController(), heard: new Set(), isRefusalTold: false };
    isRefreshing = true;
    after(REFRESH_AFTER_MS, refresh);
  }

  const stopFollowing: Unsubscribe = supervisor.onTransition(follow);
  follow();

  return {
    isListening: () => run !== null,
    keep,
    doubt(name) {
      shelf().drop(name.key);
      askSoon(name);
    },
    askSoon,
    isRefreshing: () => isRefreshing,
    changed: () => changed,
    forgetChange() {
      if (changed.changed === 'none') return;
      changed = NO_PAGE;
      onChange();
    },
    close() {
      stopFollowing();
      endRun();
    },
  };
}

const questionOf = (target: string, user: string | null) => ({
  route: target.split('?', 1)[0] ?? target,
  target,
  isApi: false,
  user: user ?? '',
});
