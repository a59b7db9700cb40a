/** Menus of the windows and, on macOS, of the application: which entries there are and what they do. Pure. */
import type { MenuItemConstructorOptions } from 'electron';
import type { WindowsWords } from '../../strings/en/windows.ts';
import type { PageKind } from './links.ts';
import type { DashboardTarget } from './windows.ts';

export interface MenuFacts {
  readonly platform: NodeJS.Platform;
  /** Null: no window is open (macOS keeps its menu bar). */
  readonly kind: PageKind | null;
  readonly words: WindowsWords;
}

export interface MenuActions {
  openComfyui(): void;
  openDashboard(target: DashboardTarget): void;
  /** The page of this window, in the system's browser. */
  openInBrowser(): void;
  openDownloads(): void;
  reload(ignoringCache: boolean): void;
  /** 0 goes back to the actual size. */
  zoom(step: 1 | -1 | 0): void;
  quit(): void;
}

type Item = MenuItemConstructorOptions;
const SEPARATOR: Item = { type: 'separator' };

export function menuTemplate(facts: MenuFacts, actions: MenuActions): Item[] {
  const onMac = facts.platform === 'darwin';
  return [
    ...(onMac ? [applicationMenu(facts, actions)] : []),
    fileMenu(facts, actions),
    editMenu(facts),
    ...(facts.kind === null ? [] : [viewMenu(facts, actions)]),
    ...(onMac ? [windowMenu(facts)] : []),
    helpMenu(facts, actions),
  ];
}

function applicationMenu({ words: { menu } }: MenuFacts, actions: MenuActions): Item {
  return {
    label: 'Stoker',
    submenu: [
      { role: 'about', label: menu.about },
      SEPARATOR,
      { label: menu.settings, accelerator: 'Cmd+,', click: () => actions.openDashboard('settings') },
      SEPARATOR,
      { role: 'services', label: menu.services },
      SEPARATOR,
      { role: 'hide', label: menu.hide },
      { role: 'hideOthers', label: menu.hideOthers },
      { role: 'unhide', label: menu.showAll },
      SEPARATOR,
      { label: menu.quit, accelerator: 'Cmd+Q', click: actions.quit },
    ],
  };
}

function fileMenu({ platform, kind, words: { menu } }: MenuFacts, actions: MenuActions): Item {
  const onMac = platform === 'darwin';
  return {
    label: menu.file,
    submenu: [
      ...(kind === 'comfyui' ? [] : [{ label: menu.openComfyui, click: actions.openComfyui }]),
      ...(kind === 'dashboard' ? [] : [{ label: menu.openDashboard, click: () => actions.openDashboard('dashboard') }]),
      ...(kind === null ? [] : [{ label: menu.openInBrowser, click: actions.openInBrowser }]),
      ...(kind === 'comfyui' ? [SEPARATOR, { label: menu.openDownloads, click: actions.openDownloads }] : []),
      ...(onMac ? [] : [SEPARATOR, settingsItem(kind, menu, actions)]),
      SEPARATOR,
      { role: 'close', label: menu.closeWindow },
      // Without a key: beside Ctrl+W it would end ComfyUI by a slip.
      ...(onMac ? [] : [{ label: menu.quit, click: actions.quit }]),
    ],
  };
}

/** Ctrl+, opens ComfyUI's own settings in its window. */
function settingsItem(kind: PageKind | null, menu: WindowsWords['menu'], actions: MenuActions): Item {
  const item = { label: menu.settings, click: () => actions.openDashboard('settings') };
  return kind === 'comfyui' ? item : { ...item, accelerator: 'Ctrl+,' };
}

/** macOS has no copy and paste in a window without this menu. */
function editMenu({ words: { menu } }: MenuFacts): Item {
  return {
    label: menu.edit,
    submenu: [
      { role: 'undo', label: menu.undo },
      { role: 'redo', label: menu.redo },
      SEPARATOR,
      { role: 'cut', label: menu.cut },
      { role: 'copy', label: menu.copy },
      { role: 'paste', label: menu.paste },
      { role: 'pasteAndMatchStyle', label: menu.pasteAsText },
      { role: 'selectAll', label: menu.selectAll },
    ],
  };
}

function viewMenu({ platform, kind, words: { menu } }: MenuFacts, actions: MenuActions): Item {
  const zoomIn = () => actions.zoom(1);
  return {
    label: menu.view,
    submenu: [
      { label: menu.reload, accelerator: 'CmdOrCtrl+R', click: () => actions.reload(false) },
      { label: menu.forceReload, accelerator: 'CmdOrCtrl+Shift+R', click: () => actions.reload(true) },
      SEPARATOR,
      { label: menu.actualSize, accelerator: 'CmdOrCtrl+0', click: () => actions.zoom(0) },
      { label: menu.zoomIn, accelerator: 'CmdOrCtrl+Plus', click: zoomIn },
      { label: menu.zoomOut, accelerator: 'CmdOrCtrl+-', click: () => actions.zoom(-1) },
      SEPARATOR,
      { role: 'togglefullscreen', label: menu.fullScreen },
      ...(kind === 'comfyui' ? [SEPARATOR, { role: 'toggleDevTools', label: menu.developerTools } as const] : []),
      // The same keys as a browser has, where the entry above shows another.
      hidden('CmdOrCtrl+=', zoomIn),
      ...(platform === 'darwin' ? [] : [hidden('F5', () => actions.reload(false))]),
    ],
  };
}

const hidden = (accelerator: string, click: () => void): Item => ({
  label: accelerator,
  accelerator,
  click,
  visible: false,
  acceleratorWorksWhenHidden: true,
});

function windowMenu({ words: { menu } }: MenuFacts): Item {
  return {
    role: 'window',
    label: menu.window,
    submenu: [
      { role: 'minimize', label: menu.minimise },
      { role: 'zoom', label: menu.zoomWindow },
      SEPARATOR,
      { role: 'front', label: menu.bringAllToFront },
    ],
  };
}

function helpMenu({ platform, words: { menu } }: MenuFacts, actions: MenuActions): Item {
  return {
    role: 'help',
    label: menu.help,
    submenu: [
      { label: menu.checkInstallation, click: () => actions.openDashboard('doctor') },
      { label: menu.showLog, click: () => actions.openDashboard('logs') },
      ...(platform === 'darwin' ? [] : [SEPARATOR, { role: 'about', label: menu.about } as const]),
    ],
  };
}
