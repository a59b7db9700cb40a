/** The system's own dialog before work is lost: the tray has no window to ask in. */
import { dialog } from 'electron';
import type { TrayWords } from '../../strings/en/tray.ts';
import type { LossAnswer, LossQuestion } from './tray-actions.ts';

/** Closing the dialog keeps the work. */
export async function askBeforeLoss({ deed, running, pending }: LossQuestion, words: TrayWords): Promise<LossAnswer> {
  const { loseWork } = words;
  const answers: LossAnswer[] = deed === 'stop' ? ['whenDone', 'lose', 'keep'] : ['lose', 'keep'];
  const label: Record<LossAnswer, string> = {
    whenDone: loseWork.whenDone,
    lose: loseWork.lose[deed](running + pending),
    keep: loseWork.keep,
  };
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: loseWork.title[deed],
    detail: loseWork.detail(running, pending),
    buttons: answers.map((answer) => label[answer]),
    defaultId: answers.indexOf(deed === 'stop' ? 'whenDone' : 'keep'),
    cancelId: answers.indexOf('keep'),
    noLink: true,
  });
  return answers[response] ?? 'keep';
}
