/** What the shell asks in dialogs of the system: about work that would be lost, and what to do when the engine was given up. */
import { BrowserWindow, dialog, type MessageBoxOptions, type OpenDialogOptions } from 'electron';
import type { ShellWords } from '../../strings/en/shell.ts';
import type { BusyAnswer, Work } from './quit.ts';

export interface Questions {
  aboutQuitting(work: Work): Promise<BusyAnswer>;
  /** True: restart although work is lost. */
  aboutRestarting(work: Work): Promise<boolean>;
  /** @param portTaken starting on a free port would help */
  aboutGivingUp(reason: string, portTaken: boolean): Promise<'tryAgain' | 'freePort' | 'quit'>;
}

export function createQuestions(words: () => ShellWords): Questions {
  /** @param answers beside their labels; the last one is what closing the dialog means */
  async function ask<Answer>(
    options: MessageBoxOptions,
    answers: readonly (readonly [string, Answer])[],
  ): Promise<Answer> {
    const asked: MessageBoxOptions = {
      noLink: true,
      ...options,
      buttons: answers.map(([label]) => label),
      cancelId: answers.length - 1,
    };
    const parent = BrowserWindow.getFocusedWindow();
    const { response } = await (parent === null ? dialog.showMessageBox(asked) : dialog.showMessageBox(parent, asked));
    const chosen = answers[response] ?? answers[answers.length - 1];
    if (chosen === undefined) throw new Error('a question without answers');
    return chosen[1];
  }

  const aboutWork = ({ running, waiting, remote }: Work): MessageBoxOptions => {
    const { busy } = words();
    const isLocal = running + waiting > 0;
    const sentences = [
      ...(isLocal ? [busy.work(running, waiting), busy.lost] : []),
      ...(remote > 0 ? [busy.remote(remote)] : []),
    ];
    return {
      type: 'warning',
      message: isLocal ? busy.title : busy.remoteTitle,
      detail: sentences.join(' '),
      defaultId: 0,
    };
  };

  return {
    aboutQuitting(work) {
      const { busy } = words();
      return ask<BusyAnswer>(aboutWork(work), [
        [busy.quitWhenDone, 'whenDone'],
        [busy.quitNow, 'now'],
        [busy.cancel, 'cancel'],
      ]);
    },
    aboutRestarting(work) {
      const { busy } = words();
      return ask(aboutWork(work), [
        [busy.restartNow, true],
        [busy.cancel, false],
      ]);
    },
    aboutGivingUp(reason, portTaken) {
      const { gaveUp } = words();
      const detail = portTaken ? `${reason}\n\n${gaveUp.portHint}` : reason;
      return ask<'tryAgain' | 'freePort' | 'quit'>({ type: 'error', message: gaveUp.title, detail, defaultId: 0 }, [
        ...(portTaken ? ([[gaveUp.chooseFreePort, 'freePort']] as const) : []),
        [gaveUp.tryAgain, 'tryAgain'],
        [gaveUp.quit, 'quit'],
      ]);
    },
  };
}

/** Something outside a window: the dialog waits for nobody. */
export function tellProblem(title: string, message: string): void {
  void dialog.showMessageBox({ type: 'warning', message: title, detail: message, noLink: true });
}

/** The system's own dialog; null when it was closed. @param at where it begins */
export async function chooseFolder(title: string, at: string | null): Promise<string | null> {
  const options: OpenDialogOptions = {
    title,
    message: title,
    properties: ['openDirectory', 'createDirectory'],
    ...(at === null ? {} : { defaultPath: at }),
  };
  const parent = BrowserWindow.getFocusedWindow();
  const { filePaths } = await (parent === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(parent, options));
  return filePaths[0] ?? null;
}
