/** The icon in the panel: thin Electron calls. What is shown is decided in tray-face.ts and the pure files beside it. */
import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, screen, Tray } from 'electron';
import type { Preferences } from '../../contract/desktop.ts';
import type { TrayWords } from '../../strings/en/tray.ts';
import type { EngineLink } from '../engine/engine-link.ts';
import type { ShellDeeds } from '../shell-deeds.ts';
import { trayFile } from './icon-file.ts';
import { askBeforeLoss } from './loss-dialog.ts';
import type { TrayAction, TrayItem } from './menu-template.ts';
import { createTrayActions } from './tray-actions.ts';
import { createTrayFace, type TraySurface } from './tray-face.ts';

export interface TrayDependencies {
  readonly link: EngineLink;
  readonly deeds: ShellDeeds;
  readonly preferences: { get(): Preferences; onChange(listener: () => void): () => void };
  /** In the language in use; asked anew whenever preferences change. */
  readonly words: () => TrayWords;
  /** `resources/desktop/tray`, absolute. */
  readonly iconFolder: string;
}

/** After `app.whenReady()`. Shows the icon unless the preferences hide it; `dispose` takes it away for good. */
export function createTray({ link, deeds, preferences, words, iconFolder }: TrayDependencies): { dispose(): void } {
  const run = createTrayActions({
    link,
    deeds,
    words,
    now: Date.now,
    askBeforeLoss: (question) => askBeforeLoss(question, words()),
  });
  const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
  return createTrayFace({
    link,
    preferences,
    words,
    clock: (epochMs) => clockFormat.format(epochMs),
    time: {
      now: Date.now,
      after(delayMs, act) {
        const timer = setTimeout(act, delayMs);
        return () => clearTimeout(timer);
      },
    },
    openSurface: () => openSurface(iconFolder, run, () => deeds.open('dashboard')),
  });
}

function openSurface(
  iconFolder: string,
  run: (action: TrayAction) => Promise<void>,
  openDashboard: () => void,
): TraySurface {
  const image = (icon: Parameters<TraySurface['setIcon']>[0]) =>
    join(iconFolder, trayFile(icon, process.platform, screen.getPrimaryDisplay().scaleFactor));
  const tray = new Tray(image('asleep'));
  // On macOS a click opens the menu, which is set below.
  if (process.platform !== 'darwin') tray.on('click', openDashboard);
  let open = false;
  let waiting: readonly TrayItem[] | null = null;

  function setMenu(items: readonly TrayItem[]): void {
    if (open) {
      waiting = items;
      return;
    }
    const menu = Menu.buildFromTemplate(items.map((item) => electronItem(item, run)));
    menu.on('menu-will-show', () => {
      open = true;
    });
    menu.on('menu-will-close', () => {
      open = false;
      // The click that closed it is delivered after this event, to the menu it was made in.
      if (waiting !== null) setImmediate(showWaiting);
    });
    tray.setContextMenu(menu);
  }

  function showWaiting(): void {
    if (waiting === null || tray.isDestroyed()) return;
    const items = waiting;
    waiting = null;
    setMenu(items);
  }

  return {
    setIcon: (icon) => tray.setImage(image(icon)),
    setTooltip: (text) => tray.setToolTip(text),
    setMenu,
    destroy: () => tray.destroy(),
  };
}

function electronItem(item: TrayItem, run: (action: TrayAction) => Promise<void>): MenuItemConstructorOptions {
  switch (item.kind) {
    case 'separator':
      return { type: 'separator' };
    case 'line':
      return { label: item.label, enabled: false };
    case 'submenu':
      return { label: item.label, enabled: item.enabled, submenu: item.items.map((inner) => electronItem(inner, run)) };
    case 'action':
      return {
        label: item.label,
        enabled: item.enabled,
        click: (clicked) => {
          // Electron has ticked the box already; the engine decides, and its answer makes a new menu.
          if (item.checked !== undefined) clicked.checked = item.checked;
          void run(item.action);
        },
        ...(item.checked === undefined ? {} : { type: 'checkbox' as const, checked: item.checked }),
        ...(process.platform === 'darwin' && item.macKeys !== undefined ? { accelerator: item.macKeys } : {}),
      };
  }
}
