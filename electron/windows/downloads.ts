/** Files a page saves: into the downloads folder under a free name, with progress on the taskbar, and word of how it ended. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { app, BrowserWindow, type DownloadItem, dialog, Notification, type Session, shell } from 'electron';
import type { Preferences } from '../../contract/desktop.ts';
import type { WindowsWords } from '../../strings/en/windows.ts';
import { watchForStall } from './download-stall.ts';
import { freeName } from './free-name.ts';

const INDETERMINATE = 2;
const NO_PROGRESS = -1;

export interface DownloadsDeps {
  readonly session: Session;
  /** The one whose taskbar entry shows progress; null while it is closed. */
  readonly window: () => BrowserWindow | null;
  readonly words: () => WindowsWords;
  readonly preferences: () => Pick<Preferences, 'notifications'>;
  /** The progress has changed. */
  readonly onProgress: () => void;
}

export interface Downloads {
  /** Of all running ones together; null where a size is not known, undefined without any. */
  percent(): number | null | undefined;
  openFolder(): void;
}

export function acceptDownloads(deps: DownloadsDeps): Downloads {
  const running = new Set<DownloadItem>();
  /** Shown notifications; without a reference they would be collected, and their click lost. */
  const told = new Set<Notification>();
  let newest: string | null = null;

  deps.session.on('will-download', (_event, item, contents) => {
    const file = freeName(app.getPath('downloads'), item.getFilename(), (path) => isTaken(path));
    item.setSavePath(file);
    running.add(item);
    // A window that was opened for a file which then is saved instead of shown would stay empty.
    if (contents?.getURL() === '') BrowserWindow.fromWebContents(contents)?.close();
    let gaveUp = false;
    const giveUp = (): void => {
      gaveUp = true;
      // Chromium would keep half a file and wait to be told to go on; a person saves again.
      item.cancel();
    };
    const stall = watchForStall(giveUp);
    item.on('updated', (_updated, state) => {
      stall.received(item.getReceivedBytes());
      // Chromium has tried by itself first: a lost connection is told here only when the server did not take it up again.
      if (state === 'interrupted' && !gaveUp) giveUp();
      showProgress();
    });
    item.once('done', (_done, state) => {
      stall.stop();
      running.delete(item);
      showProgress();
      if (state === 'completed') finished(file);
      else if (gaveUp || state === 'interrupted') void failed(basename(file));
    });
    showProgress();
  });

  const isTaken = (path: string): boolean =>
    existsSync(path) || [...running].some((item) => item.getSavePath() === path);

  function percent(): number | null | undefined {
    if (running.size === 0) return undefined;
    const items = [...running];
    if (items.some((item) => item.getTotalBytes() === 0)) return null;
    const sum = (of: (item: DownloadItem) => number) => items.reduce((total, item) => total + of(item), 0);
    return Math.floor((100 * sum((item) => item.getReceivedBytes())) / sum((item) => item.getTotalBytes()));
  }

  function showProgress(): void {
    const value = percent();
    deps.window()?.setProgressBar(value === undefined ? NO_PROGRESS : value === null ? INDETERMINATE : value / 100);
    deps.onProgress();
  }

  function finished(file: string): void {
    newest = file;
    app.dock?.downloadFinished(file);
    const { download } = deps.words();
    if (deps.preferences().notifications !== 'all') return;
    tell(download.done, download.doneBody(basename(file)), () => shell.showItemInFolder(file));
  }

  async function failed(name: string): Promise<void> {
    const { download } = deps.words();
    const body = download.failedBody(name, download.interrupted);
    if (deps.preferences().notifications !== 'off' && tell(download.failed, body, openFolder)) return;
    const window = deps.window();
    const box = { type: 'error' as const, message: download.failed, detail: body };
    await (window === null ? dialog.showMessageBox(box) : dialog.showMessageBox(window, box));
  }

  /** False where the system shows none. */
  function tell(title: string, body: string, act: () => void): boolean {
    if (!Notification.isSupported()) return false;
    const notification = new Notification({ title, body, silent: true });
    told.add(notification);
    notification.on('click', () => {
      told.delete(notification);
      act();
    });
    notification.on('close', () => told.delete(notification));
    notification.show();
    return true;
  }

  function openFolder(): void {
    if (newest !== null && existsSync(newest)) shell.showItemInFolder(newest);
    else void shell.openPath(app.getPath('downloads'));
  }

  return { percent, openFolder };
}
