/**
 * What a window shows: the engine's page, or a notice while there is none. A page that was loaded and lives is never taken away
 * when the engine goes: it may hold unsaved work, and reconnects by itself.
 */
import type { WebContents } from 'electron';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { WindowsWords } from '../../strings/en/windows.ts';
import type { EngineLink } from '../engine/engine-link.ts';
import { originOf } from './links.ts';
import { isNotice, NOTICE_ACTION, type Notice, noticeAddress } from './notice-page.ts';

const RETRY_MS = 2_000;
/** A navigation that another one replaced, or that became a download. */
const ERR_ABORTED = -3;

export interface ServedPageDeps {
  readonly contents: WebContents;
  readonly link: EngineLink;
  readonly words: () => WindowsWords;
  readonly noticeTemplate: string;
  readonly retryEngine: () => void;
  /** The person refused to leave the page for another. */
  readonly onStay: (listener: () => void) => void;
  readonly log: (line: string) => void;
}

export interface ServedPage {
  /** Goes to a path of the engine, now or as soon as there is one. */
  open(path: string): void;
  /** The page again; in place of a notice, or of a page of an engine that moved, the engine's page now. */
  reload(ignoringCache: boolean): void;
  /** Whether the engine's page is there, for those who would change its address without loading it again. */
  isLive(): boolean;
}

export function createServedPage(deps: ServedPageDeps): ServedPage {
  const { contents, link } = deps;
  let path = '/';
  let notice: Notice | null = null;
  let retry: NodeJS.Timeout | undefined;
  /** The engine moved there, and the person stayed on the old page. */
  let movedTo: string | null = null;

  function load(address: string): void {
    // Failures come as did-fail-load.
    contents.loadURL(address).catch(() => undefined);
  }

  function open(): void {
    clearTimeout(retry);
    const url = link.url();
    if (url === null) {
      showNotice(engineNotice());
      return;
    }
    notice = null;
    load(url + path);
  }

  function showNotice(next: Notice): void {
    notice = next;
    load(noticeAddress(deps.noticeTemplate, next, deps.words()));
  }

  function showChanged(next: Notice): void {
    if (JSON.stringify(next) !== JSON.stringify(notice)) showNotice(next);
  }

  function engineNotice(): Notice {
    const state = link.state();
    if (state.kind === 'restarting') return { kind: 'restarting', reason: state.reason };
    return state.kind === 'gaveUp' ? { kind: 'gaveUp', reason: state.reason } : { kind: 'starting' };
  }

  function follow(): void {
    const connected = link.state().kind === 'connected' && link.url() !== null;
    if (notice?.kind === 'crashed') return;
    if (notice !== null) {
      if (!connected) showChanged(engineNotice());
      else if (notice.kind !== 'unreachable') open();
      return;
    }
    const origin = originOf(link.url());
    const here = originOf(contents.getURL());
    if (!connected || here === null || here === origin || movedTo === origin) return;
    movedTo = origin;
    // The old page is asked by `beforeunload`, and stays if the person wants it.
    open();
  }

  async function tryAgain(): Promise<void> {
    const answers = await link.get(MANAGER_ROUTES.status).then(
      () => true,
      () => false,
    );
    if (contents.isDestroyed() || notice?.kind !== 'unreachable') return;
    if (answers) open();
    else retry = setTimeout(() => void tryAgain(), RETRY_MS);
  }

  const stopListening = link.onChange(follow);
  contents.once('destroyed', () => {
    clearTimeout(retry);
    stopListening();
  });

  deps.onStay(() => {
    notice = null;
    clearTimeout(retry);
  });

  contents.on('did-fail-load', (_event, code, description, _address, isMainFrame) => {
    if (!isMainFrame || code === ERR_ABORTED) return;
    if (link.state().kind !== 'connected') {
      showNotice(engineNotice());
      return;
    }
    showNotice({ kind: 'unreachable', reason: description });
    clearTimeout(retry);
    retry = setTimeout(() => void tryAgain(), RETRY_MS);
  });

  contents.on('did-navigate', (_event, address) => {
    if (isNotice(address)) return;
    movedTo = null;
    // Going back must not lead to a notice of the past.
    contents.navigationHistory?.clear();
  });

  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    deps.log(`A page's process ended: ${reason}, exit code ${exitCode}.`);
    setImmediate(() => {
      if (!contents.isDestroyed()) showNotice({ kind: 'crashed', outOfMemory: reason === 'oom' });
    });
  });

  contents.on('will-navigate', (_event, address) => {
    if (address !== NOTICE_ACTION || !isNotice(contents.getURL())) return;
    if (notice?.kind === 'gaveUp') deps.retryEngine();
    else open();
  });

  return {
    open(nextPath) {
      path = nextPath;
      open();
    },
    reload(ignoringCache) {
      if (notice !== null || originOf(contents.getURL()) !== originOf(link.url())) open();
      else if (ignoringCache) contents.reloadIgnoringCache();
      else contents.reload();
    },
    isLive: () => notice === null && !contents.isCrashed() && contents.getURL() !== '' && !isNotice(contents.getURL()),
  };
}
