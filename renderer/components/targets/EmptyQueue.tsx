/** Takes what waits off an endpoint's queue, after one question: a script that has crashed may have left it, and workers would run it for money. */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { failureWords } from '../../lib/engine-sentences.ts';
import { emptyEndpoint } from '../../targets-api.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { Dialog } from '../Dialog.tsx';
import { Notice } from '../Notice.tsx';

export function EmptyQueue({ name, waiting }: { name: string /** As the endpoint has just told. */; waiting: number }) {
  const [asking, setAsking] = useState(false);
  const empty = useMutation({ mutationFn: () => emptyEndpoint(name), onSuccess: () => setAsking(false) });
  const told = words.endpoints.emptying;
  if (empty.data !== undefined) return <p role="status">{told.done(empty.data.cancelled, empty.data.removed)}</p>;
  return (
    <>
      <Button weight="quiet" onClick={() => setAsking(true)}>
        {told.action}
      </Button>
      {asking && (
        <Dialog
          title={told.title(name, waiting)}
          description={told.explanation}
          onClose={() => setAsking(false)}
          answers={
            <>
              <Button onClick={() => setAsking(false)}>{told.keep}</Button>
              <Button weight="danger" busy={empty.isPending} onClick={() => empty.mutate()}>
                {told.empty}
              </Button>
            </>
          }
        >
          {empty.error !== null && <Notice tone="danger">{failureWords(empty.error)}</Notice>}
        </Dialog>
      )}
    </>
  );
}
