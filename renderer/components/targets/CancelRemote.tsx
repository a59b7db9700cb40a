/** Ends everything that costs: every job on every endpoint, after one question. */
import { useMutation } from '@tanstack/react-query';
import { CircleOff } from 'lucide-react';
import { useState } from 'react';
import { cancelRemote } from '../../jobs-api.ts';
import { failureWords } from '../../lib/engine-sentences.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { Dialog } from '../Dialog.tsx';
import { Notice } from '../Notice.tsx';
import styles from './CancelRemote.module.css';

export function CancelRemote({ disabled }: { disabled: boolean }) {
  const [asking, setAsking] = useState(false);
  const cancel = useMutation({ mutationFn: cancelRemote, onSuccess: () => setAsking(false) });
  const told = words.endpoints.cancelling;
  return (
    <>
      <span className={styles.said} role="status">
        {cancel.data === undefined || asking ? '' : told.done(cancel.data)}
      </span>
      <Button icon={<CircleOff aria-hidden />} disabled={disabled} onClick={() => setAsking(true)}>
        {words.endpoints.action.cancelRemote}
      </Button>
      {asking && (
        <Dialog
          title={told.title}
          description={told.explanation}
          onClose={() => setAsking(false)}
          answers={
            <>
              <Button onClick={() => setAsking(false)}>{told.keep}</Button>
              <Button weight="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>
                {told.cancel}
              </Button>
            </>
          }
        >
          {cancel.error !== null && <Notice tone="danger">{failureWords(cancel.error)}</Notice>}
        </Dialog>
      )}
    </>
  );
}
