/** One window with the engine's page in it: its page, its title, its menu, what happens when the page hangs or objects to closing. */
import { type BrowserWindow, dialog, Menu } from 'electron';
import { offerContextMenu } from './context-menu.ts';
import type { PageKind } from './links.ts';
import { type MenuActions, menuTemplate } from './menu-template.ts';
import { createServedPage, type ServedPage } from './served-page.ts';
import { createShellWindow, type ShellWindowDeps } from './shell-window.ts';
import { askBeforeLeaving, type UnsavedChanges } from './unsaved-changes.ts';
import type { WindowStates } from './window-state.ts';
import type { WindowsDeps } from './windows.ts';

export interface OpenWindow {
  readonly kind: PageKind;
  readonly window: BrowserWindow;
  readonly page: ServedPage;
  readonly unsaved: UnsavedChanges;
  showTitle(): void;
  /** The words have changed, or macOS's menu bar is to be this window's. */
  menu(): Menu;
}

/** What both windows get from `createWindows`. */
export interface WindowRoom extends Pick<WindowsDeps, 'link' | 'words' | 'iconFile' | 'deeds' | 'log'> {
  readonly states: WindowStates;
  readonly noticeTemplate: string;
  readonly openOutside: (address: string) => void;
  readonly actions: Pick<MenuActions, 'openComfyui' | 'openDashboard' | 'openDownloads' | 'quit'>;
}

export interface OpenWindowDeps extends Pick<ShellWindowDeps, 'wishes' | 'page' | 'hidesMenu'> {
  readonly kind: PageKind;
  readonly title: () => string;
}

export function openWindow(room: WindowRoom, deps: OpenWindowDeps): OpenWindow {
  const { link, words } = room;
  const { window, zoom } = createShellWindow({
    name: deps.kind,
    states: room.states,
    wishes: deps.wishes,
    title: deps.title(),
    iconFile: room.iconFile,
    hidesMenu: deps.hidesMenu,
    page: deps.page,
  });
  const contents = window.webContents;
  const unsaved = askBeforeLeaving(window, words);
  const page = createServedPage({
    contents,
    link,
    words,
    noticeTemplate: room.noticeTemplate,
    retryEngine: room.deeds.retryEngine,
    onStay: unsaved.onStay,
    log: room.log,
  });
  const reload = (ignoringCache: boolean): void => {
    unsaved.intend(() => page.reload(ignoringCache));
    page.reload(ignoringCache);
  };
  const showTitle = (): void => window.setTitle(deps.title());
  const menu = (): Menu =>
    Menu.buildFromTemplate(
      menuTemplate(
        { platform: process.platform, kind: deps.kind, words: words() },
        {
          ...room.actions,
          reload,
          zoom: zoom.step,
          openInBrowser: () => {
            const url = link.url();
            if (url !== null) room.openOutside(deps.kind === 'comfyui' ? url : contents.getURL());
          },
        },
      ),
    );

  offerContextMenu(contents, words, room.openOutside);
  offerReloadWhenHung(window, room, () => page.reload(false));
  const stopListening = link.onChange(showTitle);
  window.once('closed', stopListening);
  return { kind: deps.kind, window, page, unsaved, showTitle, menu };
}

function offerReloadWhenHung(window: BrowserWindow, { words, log }: WindowRoom, reload: () => void): void {
  const RELOAD = 1;
  let question: AbortController | null = null;
  window.on('unresponsive', async () => {
    if (question !== null) return;
    log('A page does not react.');
    question = new AbortController();
    const { unresponsive } = words();
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      message: unresponsive.message,
      detail: unresponsive.detail,
      buttons: [unresponsive.wait, unresponsive.reload],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
      signal: question.signal,
    });
    question = null;
    if (response !== RELOAD || window.isDestroyed()) return;
    // A hung page hears no request to leave: its process is ended, and the page comes anew.
    window.webContents.once('render-process-gone', () => setImmediate(reload));
    window.webContents.forcefullyCrashRenderer();
  });
  window.on('responsive', () => question?.abort());
}
