/** The windows of a running shell as a person meets them: titles, menus, questions. Stands in for the system only where no test could answer it. */
import type { ElectronApplication, Page } from 'playwright-core';
import type { Stoker } from './stoker-desktop.ts';
import { untilFound } from './until.ts';

interface InShell {
  openedOutside: string[];
  progress: number[];
  shownInFolder: string[];
  question: { message: string; buttons: string[]; answer: (label: string) => void } | null;
}

const inShell = (electron: ElectronApplication, name: keyof InShell): Promise<unknown> =>
  electron.evaluate((_electron, wanted) => (globalThis as unknown as { windowTest: InShell }).windowTest[wanted], name);

export interface ShellWindows {
  /** Addresses that would have gone to the browser. */
  openedOutside(): Promise<string[]>;
  /** What the taskbar entry showed, from the first on; -1 is none. */
  progress(): Promise<number[]>;
  shownInFolder(): Promise<string[]>;
  titles(): Promise<string[]>;
  /** Clicks an entry of the menu of the window whose title begins so. */
  menu(title: string, label: string): Promise<void>;
  /** Waits for a question of the shell, and leaves it open. */
  question(): Promise<string>;
  answer(label: string): Promise<void>;
  /** As the cross in its corner does. */
  close(title: string): Promise<void>;
  /** Opens ComfyUI as the link in the dashboard does, and waits for its page. */
  openComfyui(): Promise<Page>;
}

/** Call before windows open: it notes their menus as they get them. */
export async function watchWindows({ shell, window }: Stoker): Promise<ShellWindows> {
  const { electron } = shell;
  await electron.evaluate(({ BrowserWindow, dialog, shell: system }) => {
    const test: InShell = { openedOutside: [], progress: [], shownInFolder: [], question: null };
    Object.assign(globalThis, { windowTest: test });
    system.openExternal = async (url) => void test.openedOutside.push(url);
    system.showItemInFolder = (path) => void test.shownInFolder.push(path);
    const { setMenu, setProgressBar } = BrowserWindow.prototype;
    BrowserWindow.prototype.setMenu = function (menu) {
      Object.assign(this, { menuInTest: menu });
      setMenu.call(this, menu);
    };
    BrowserWindow.prototype.setProgressBar = function (value, ...rest) {
      test.progress.push(value);
      setProgressBar.call(this, value, ...rest);
    };
    dialog.showMessageBox = (...words: unknown[]) => {
      const { message, buttons = [] } = words.at(-1) as Electron.MessageBoxOptions;
      return new Promise((resolve) => {
        const answer = (label: string) => {
          test.question = null;
          resolve({ response: buttons.indexOf(label), checkboxChecked: false });
        };
        test.question = { message, buttons: [...buttons], answer };
      });
    };
  });
  const titles: ShellWindows['titles'] = () =>
    electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((each) => each.getTitle()));

  return {
    openedOutside: () => inShell(electron, 'openedOutside') as Promise<string[]>,
    progress: () => inShell(electron, 'progress') as Promise<number[]>,
    shownInFolder: () => inShell(electron, 'shownInFolder') as Promise<string[]>,
    titles,
    menu: (title, label) =>
      electron.evaluate(
        ({ BrowserWindow }, wanted) => {
          const owner = BrowserWindow.getAllWindows().find((each) => each.getTitle().startsWith(wanted.title));
          const { menuInTest } = owner as unknown as { menuInTest: Electron.Menu };
          const items = menuInTest.items.flatMap(({ submenu }) => submenu?.items ?? []);
          const item = items.find((each) => each.label === wanted.label);
          if (item === undefined) throw new Error(`no "${wanted.label}" among ${items.map((each) => each.label)}`);
          item.click();
        },
        { title, label },
      ),
    question: () =>
      untilFound(
        () =>
          electron.evaluate(
            () => (globalThis as unknown as { windowTest: InShell }).windowTest.question?.message ?? null,
          ),
        'a question of the shell',
      ),
    answer: (label) =>
      electron.evaluate((_electron, wanted) => {
        (globalThis as unknown as { windowTest: InShell }).windowTest.question?.answer(wanted);
      }, label),
    close: (title) =>
      electron.evaluate(({ BrowserWindow }, wanted) => {
        for (const each of BrowserWindow.getAllWindows()) if (each.getTitle().startsWith(wanted)) each.close();
      }, title),
    async openComfyui() {
      const dashboard = await window('/manager');
      await dashboard.evaluate(() => void open('/', '_blank'));
      return window('/');
    },
  };
}
