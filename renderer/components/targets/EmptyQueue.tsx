/** Takes what waits off an endpoint's queue, after one question: a script that has crashed may have left it, and workers would run it for money. */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { emptyEndpoint } from '../../targets-api.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { Question } from '../Question.tsx';

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
        <Question
          title={told.title(name, waiting)}
          explanation={told.explanation}
          no={told.keep}
          yes={told.empty}
          busy={empty.isPending}
          error={empty.error}
          onNo={() => setAsking(false)}
          onYes={() => empty.mutate()}
        />
      )}
    </>
  );
}
