/**
 * A page that objects to being left (`beforeunload`): asks the person, and then does what was wanted. Electron alone would just
 * do nothing, and a window would look as if it could not be closed. The shell is not blocked while the question is open.
 */
import { type BrowserWindow, dialog } from 'electron';
import type { WindowsWords } from '../../strings/en/windows.ts';

const LEAVE = 0;
const STAY = 1;

export interface UnsavedChanges {
  isAsking(): boolean;
  /** The person was asked and stays. Returns the way to stop listening. */
  onStay(listener: () => void): () => void;
  /** Says what is about to be done to the page, so that it can be done after the answer. */
  intend(act: () => void): void;
}

export function askBeforeLeaving(window: BrowserWindow, words: () => WindowsWords): UnsavedChanges {
  const contents = window.webContents;
  const listeners = new Set<() => void>();
  const reload = () => contents.reload();
  let intention: () => void = reload;
  let mayLeave = false;
  let asking = false;

  window.on('close', () => {
    intention = () => window.close();
  });
  contents.on('will-navigate', (_event, address) => {
    intention = () => void contents.loadURL(address).catch(() => undefined);
  });
  contents.on('did-navigate', () => {
    mayLeave = false;
  });
  contents.on('will-prevent-unload', (event) => {
    if (mayLeave) {
      mayLeave = false;
      // Of the objection, not of the leaving.
      event.preventDefault();
    } else if (!asking) void ask();
  });

  async function ask(): Promise<void> {
    asking = true;
    const { unsaved } = words();
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      message: unsaved.message,
      detail: unsaved.detail,
      buttons: [unsaved.leave, unsaved.stay],
      defaultId: STAY,
      cancelId: STAY,
      noLink: true,
    });
    asking = false;
    if (window.isDestroyed()) return;
    const act = intention;
    intention = reload;
    if (response === LEAVE) {
      mayLeave = true;
      act();
    } else for (const listener of [...listeners]) listener();
  }

  return {
    isAsking: () => asking,
    onStay(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    intend(act) {
      intention = act;
    },
  };
}
