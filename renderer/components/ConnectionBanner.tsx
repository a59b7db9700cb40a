/** Says that the engine is out of reach, since when, and when the next try is; gone by itself when it is back. */

import { useConnectionState, useLiveConnection, useTick } from '../hooks/live.tsx';
import { formatCountdown } from '../lib/format.ts';
import { lossWords } from '../lib/loss-words.ts';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

export function ConnectionBanner() {
  const state = useConnectionState();
  const connection = useLiveConnection();
  const loss = lossWords(state);
  if (loss === null) return null;
  return (
    <Notice
      tone="danger"
      actions={
        <>
          {state.kind === 'waiting' && state.problem === 'broken' && (
            <Button onClick={() => window.location.reload()}>{words.connection.reload}</Button>
          )}
          <Button busy={state.kind === 'connecting'} onClick={connection.retry}>
            {words.connection.retryNow}
          </Button>
        </>
      }
    >
      {loss} {state.kind === 'waiting' ? <RetryCountdown retryAt={state.retryAt} /> : words.connection.retrying}
    </Notice>
  );
}

function RetryCountdown({ retryAt }: { retryAt: number }) {
  const secondsLeft = (retryAt - useTick()) / 1000;
  return (
    <>{secondsLeft > 0.5 ? `${words.connection.retryIn(formatCountdown(secondsLeft))}.` : words.connection.retrying}</>
  );
}
