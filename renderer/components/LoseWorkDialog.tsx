/** Asks once before work is thrown away, and says which. The safe answer has the focus. */
import { AlertDialog } from 'radix-ui';
import { useRef } from 'react';
import { useActions } from '../hooks/actions.tsx';
import { useStatus } from '../hooks/live.tsx';
import { errorText } from '../lib/engine-sentences.ts';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import styles from './LoseWorkDialog.module.css';

const NAMED = 5;

export function LoseWorkDialog() {
  const { question, answer } = useActions();
  const queue = useStatus()?.queue;
  const named = queue?.items.slice(0, NAMED) ?? [];
  /** What had the focus when the question came: without a trigger of its own the dialog would leave it nowhere. */
  const cameFrom = useRef<Element | null>(null);
  const unnamed = queue === undefined ? 0 : queue.running + queue.pending - named.length;
  return (
    <AlertDialog.Root open={question !== null} onOpenChange={(open) => !open && answer('keep')}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={styles.overlay} />
        <AlertDialog.Content
          className={styles.dialog}
          onOpenAutoFocus={() => {
            cameFrom.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (cameFrom.current instanceof HTMLElement) cameFrom.current.focus();
          }}
        >
          {question !== null && (
            <>
              <AlertDialog.Title className={styles.title}>{words.loseWork.title(question.action)}</AlertDialog.Title>
              <AlertDialog.Description>
                {errorText('work_in_progress', question.message).message}
              </AlertDialog.Description>
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
              <div className={styles.answers}>
                <AlertDialog.Cancel asChild>
                  <Button>{words.loseWork.keep}</Button>
                </AlertDialog.Cancel>
                {question.action === 'sleep' && (
                  <AlertDialog.Action asChild>
                    <Button onClick={() => answer('whenDone')}>{words.loseWork.whenDone}</Button>
                  </AlertDialog.Action>
                )}
                <AlertDialog.Action asChild>
                  <Button weight="danger" onClick={() => answer('lose')}>
                    {words.loseWork.lose(question.action)}
                  </Button>
                </AlertDialog.Action>
              </div>
            </>
          )}
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
