/** Ends everything that costs: every job on every endpoint, after one question. */
import { useMutation } from '@tanstack/react-query';
import { CircleOff } from 'lucide-react';
import { useState } from 'react';
import { cancelRemote } from '../../jobs-api.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { Question } from '../Question.tsx';
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
        <Question
          title={told.title}
          explanation={told.explanation}
          no={told.keep}
          yes={told.cancel}
          busy={cancel.isPending}
          error={cancel.error}
          onNo={() => setAsking(false)}
          onYes={() => cancel.mutate()}
        />
      )}
    </>
  );
}
