/** Every word of the desktop shell in one language: the parts of the catalogue that are not the page's. */
import type { Language } from '../contract/desktop.ts';
import { notificationWords as germanNotifications } from './de/notifications.ts';
import { shellWords as germanShell } from './de/shell.ts';
import { trayWords as germanTray } from './de/tray.ts';
import { updateWords as germanUpdates } from './de/updates.ts';
import { windowsWords as germanWindows } from './de/windows.ts';
import { notificationWords as englishNotifications } from './en/notifications.ts';
import { shellWords as englishShell } from './en/shell.ts';
import { trayWords as englishTray } from './en/tray.ts';
import { updateWords as englishUpdates } from './en/updates.ts';
import { windowsWords as englishWindows } from './en/windows.ts';

const english = {
  shell: englishShell,
  tray: englishTray,
  windows: englishWindows,
  notifications: englishNotifications,
  updates: englishUpdates,
};
export type AllShellWords = typeof english;

const german: AllShellWords = {
  shell: germanShell,
  tray: germanTray,
  windows: germanWindows,
  notifications: germanNotifications,
  updates: germanUpdates,
};
const CATALOGUE: Readonly<Record<Language, AllShellWords>> = { en: english, de: german };

export const shellWords = (language: Language): AllShellWords => CATALOGUE[language];
