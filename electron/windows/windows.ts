/**
 * The shell's windows: ComfyUI's and the dashboard's, at most one of each. Opens, focuses and closes them and keeps their places.
 * Which theme they wear is `nativeTheme.themeSource`, set by who owns the preferences.
 */
import { app, type BrowserWindow, Menu, session, shell, type WebContents } from 'electron';
import type { LinkTarget, Preferences } from '../../contract/desktop.ts';
import type { WindowsWords } from '../../strings/en/windows.ts';
import type { EngineLink } from '../engine/engine-link.ts';
import type { ShellDeeds } from '../shell-deeds.ts';
import { sendAccessToken } from './access-header.ts';
import { COMFYUI_PARTITION, openComfyuiWindow, pictureWindowOptions } from './comfyui-window.ts';
import { DASHBOARD_PARTITION, openDashboardWindow, turnDashboardTo } from './dashboard-window.ts';
import { acceptDownloads } from './downloads.ts';
import { guardEveryPage } from './guards.ts';
import { dashboardTargetOf, originOf, type PageKind } from './links.ts';
import { menuTemplate } from './menu-template.ts';
import { readNoticeTemplate } from './notice-page.ts';
import type { OpenWindow, WindowRoom } from './open-window.ts';
import { limitPermissions } from './permissions.ts';
import { present } from './shell-window.ts';
import { createWindowStates } from './window-state.ts';

export type DashboardTarget = Exclude<LinkTarget, 'comfyui'>;

export interface WindowsDeps {
  readonly link: EngineLink;
  readonly preferences: () => Pick<Preferences, 'notifications'>;
  /** Of the language in use now. */
  readonly words: () => WindowsWords;
  /** The shell's own folder; `windows.json` in it keeps places and zoom. */
  readonly dataFolder: string;
  /** Absolute path of the built preload of the dashboard window. */
  readonly preloadFile: string;
  /** Absolute path of `resources/desktop/notice.html`. */
  readonly noticeFile: string;
  /** Window icon (Linux, Windows); null where the system takes it from the package. */
  readonly iconFile: string | null;
  /** The engine's access token, null where none is set. Sent as a header to the engine's origin alone; no page sees it. */
  readonly token: () => string | null;
  readonly deeds: Pick<ShellDeeds, 'quit' | 'retryEngine'>;
  /** One line for the shell's log: refused navigations and permissions, content policy violations. */
  readonly log: (line: string) => void;
}

export interface Windows {
  openDashboard(target: DashboardTarget): void;
  openComfyui(): void;
  isComfyuiFocused(): boolean;
  /** The page of the dashboard window, the only one whose requests are answered over IPC; null while it is closed. */
  dashboardFrame(): WebContents | null;
  anyOpen(): boolean;
  /** The last window has closed. Returns the way to stop listening. */
  onAllClosed(listener: () => void): () => void;
  /** Asks pages with unsaved changes first. `kept`: the person stays, and whoever is quitting must not go on. */
  closeAll(): Promise<'closed' | 'kept'>;
  /** Closes without asking: the session ends. Writes the places of the windows at once. */
  destroyAll(): void;
  /** The language has changed: titles and menus are written anew. */
  showWords(): void;
}

/** A page that neither closes nor objects is not waited for longer. */
const CLOSE_LIMIT_MS = 5_000;

/** Call once, after `ready`. */
export function createWindows(deps: WindowsDeps): Windows {
  const { link, words, log } = deps;
  const states = createWindowStates(deps.dataFolder, log);
  const kinds = new WeakMap<WebContents, PageKind>();
  const open = new Map<PageKind, OpenWindow>();
  const pictures = new Set<BrowserWindow>();
  const listeners = new Set<() => void>();
  const engineOrigin = () => originOf(link.url());

  guardEveryPage(app, {
    kindOf: (contents) => kinds.get(contents) ?? null,
    engineOrigin,
    lead(destination, address) {
      if (destination === 'browser') openOutside(address);
      else if (destination === 'comfyui') openComfyui();
      else openDashboard(dashboardTargetOf(address));
    },
    childOptions: pictureWindowOptions,
    adoptChild(child, opener) {
      const kind = kinds.get(opener);
      if (kind !== undefined) kinds.set(child.webContents, kind);
      child.removeMenu();
      pictures.add(child);
      child.once('closed', () => {
        pictures.delete(child);
        tellIfAllClosed();
      });
    },
    log,
  });

  const sessions = {
    comfyui: session.fromPartition(COMFYUI_PARTITION),
    dashboard: session.fromPartition(DASHBOARD_PARTITION),
  };
  limitPermissions(session.defaultSession, null, { engineOrigin, log });
  limitPermissions(sessions.comfyui, 'comfyui', { engineOrigin, log });
  limitPermissions(sessions.dashboard, 'dashboard', { engineOrigin, log });
  sendAccessToken(sessions.comfyui, link.url, deps.token);
  sendAccessToken(sessions.dashboard, link.url, deps.token);

  const downloads = acceptDownloads({
    session: sessions.comfyui,
    window: () => open.get('comfyui')?.window ?? null,
    words,
    preferences: deps.preferences,
    onProgress: () => open.get('comfyui')?.showTitle(),
  });

  const room: WindowRoom = {
    ...deps,
    states,
    noticeTemplate: readNoticeTemplate(deps.noticeFile),
    openOutside,
    actions: { openComfyui, openDashboard, openDownloads: downloads.openFolder, quit: deps.deeds.quit },
  };
  // Every other window of the application would show Electron's own. Once: it also takes the menus of open windows away.
  Menu.setApplicationMenu(null);
  showMenuBar(null);

  function openComfyui(): void {
    const there = open.get('comfyui');
    if (there === undefined) keep(openComfyuiWindow(room, downloads));
    else present(there.window);
  }

  function openDashboard(target: DashboardTarget): void {
    const there = open.get('dashboard');
    if (there === undefined) keep(openDashboardWindow(room, deps.preloadFile, target));
    else {
      turnDashboardTo(there, target);
      present(there.window);
    }
  }

  function keep(opened: OpenWindow): void {
    const { window, kind } = opened;
    kinds.set(window.webContents, kind);
    open.set(kind, opened);
    showMenu(opened);
    window.on('focus', () => showMenuBar(opened));
    window.once('closed', () => {
      open.delete(kind);
      states.flush();
      showMenuBar(open.values().next().value ?? null);
      tellIfAllClosed();
    });
  }

  function showMenu(opened: OpenWindow): void {
    if (process.platform === 'darwin') showMenuBar(opened);
    else opened.window.setMenu(opened.menu());
  }

  /** macOS has one menu bar, of the window in front. */
  function showMenuBar(front: OpenWindow | null): void {
    if (process.platform !== 'darwin') return;
    const facts = { platform: process.platform, kind: null, words: words() };
    const actions = { ...room.actions, reload: () => {}, zoom: () => {}, openInBrowser: () => {} };
    Menu.setApplicationMenu(front?.menu() ?? Menu.buildFromTemplate(menuTemplate(facts, actions)));
  }

  /** Web and mail addresses alone: anything else could start a program. */
  function openOutside(address: string): void {
    if (!/^(https?|mailto):/i.test(address)) return;
    shell.openExternal(address).catch((error) => log(`The browser did not open ${address}: ${String(error)}`));
  }

  const anyOpen = (): boolean => open.size + pictures.size > 0;
  function tellIfAllClosed(): void {
    if (!anyOpen()) for (const listener of [...listeners]) listener();
  }

  function close({ window, unsaved }: OpenWindow): Promise<'closed' | 'kept'> {
    return new Promise((resolve) => {
      const limit = setTimeout(() => {
        if (!unsaved.isAsking()) window.destroy();
      }, CLOSE_LIMIT_MS);
      const stopListening = unsaved.onStay(() => end('kept'));
      function end(outcome: 'closed' | 'kept'): void {
        clearTimeout(limit);
        stopListening();
        resolve(outcome);
      }
      window.once('closed', () => end('closed'));
      window.close();
    });
  }

  return {
    openDashboard,
    openComfyui,
    isComfyuiFocused: () => open.get('comfyui')?.window.isFocused() ?? false,
    dashboardFrame: () => open.get('dashboard')?.window.webContents ?? null,
    anyOpen,
    onAllClosed(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async closeAll() {
      // ComfyUI's page is the one that may object: nothing is closed before it agrees.
      for (const kind of ['comfyui', 'dashboard'] as const) {
        const opened = open.get(kind);
        if (opened !== undefined && (await close(opened)) === 'kept') return 'kept';
      }
      for (const child of [...pictures]) child.destroy();
      return 'closed';
    },
    destroyAll() {
      states.flush();
      for (const window of [...[...open.values()].map((opened) => opened.window), ...pictures]) window.destroy();
    },
    showWords() {
      for (const opened of open.values()) {
        opened.showTitle();
        showMenu(opened);
      }
    },
  };
}
