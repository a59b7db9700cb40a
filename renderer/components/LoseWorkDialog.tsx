/** Asks once before work is thrown away, and says which. The safe answer has the focus. */
import { useActions } from '../hooks/actions.tsx';
import { useStatus } from '../hooks/live.tsx';
import { errorText } from '../lib/engine-sentences.ts';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import { Dialog, SafeAnswer } from './Dialog.tsx';
import styles from './LoseWorkDialog.module.css';

const NAMED = 5;

export function LoseWorkDialog() {
  const { question, answer } = useActions();
  const queue = useStatus()?.queue;
  if (question === null) return null;
  const named = queue?.items.slice(0, NAMED) ?? [];
  const unnamed = queue === undefined ? 0 : queue.running + queue.pending - named.length;
  return (
    <Dialog
      kind="alert"
      title={words.loseWork.title(question.action)}
      description={errorText('work_in_progress', question.message).message}
      answers={
        <>
          <SafeAnswer>
            <Button>{words.loseWork.keep}</Button>
          </SafeAnswer>
          {question.action === 'sleep' && <Button onClick={() => answer('whenDone')}>{words.loseWork.whenDone}</Button>}
          <Button weight="danger" onClick={() => answer('lose')}>
            {words.loseWork.lose(question.action)}
          </Button>
        </>
      }
      onClose={() => answer('keep')}
    >
      {named.length > 0 && (
        <div>
          <p className={styles.lost}>{words.loseWork.lost}</p>
          <ul className={styles.prompts}>
            {named.map((prompt, index) => (
              <li key={prompt.promptId}>
                {prompt.title ?? words.queue.untitled}{' '}
                <span className={styles.lost}>
                  {index < (queue?.running ?? 0) ? words.loseWork.runningNow : words.loseWork.waiting}
                </span>
              </li>
            ))}
            {unnamed > 0 && <li className={styles.lost}>{words.loseWork.andMore(unnamed)}</li>}
          </ul>
        </div>
      )}
    </Dialog>
  );
}
