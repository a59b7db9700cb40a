/** The API port in the settings: whether it is open and where, its tokens, and a first request to copy. Tokens are made and revoked at once. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CreatedToken } from '../../../contract/tokens.ts';
import { fetchTokens } from '../../api.ts';
import { usePageVisible } from '../../hooks/page-visibility.ts';
import { failureWords } from '../../lib/engine-sentences.ts';
import { keys } from '../../live-cache.ts';
import { engineLanguage, words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { Notice } from '../Notice.tsx';
import { Row } from '../Row.tsx';
import { EmptyNote } from '../Section.tsx';
import { ApiExample } from './ApiExample.tsx';
import { FreshToken } from './FreshToken.tsx';
import { NewToken } from './NewToken.tsx';
import { TokenList } from './TokenList.tsx';
import styles from './TokenPanel.module.css';

/** So that *last used* is not of yesterday. */
const LOOK_MS = 10_000;

export function TokenPanel({ live }: { live: boolean }) {
  const isVisible = usePageVisible();
  const { data, error, refetch } = useQuery({
    queryKey: keys.tokens,
    queryFn: fetchTokens,
    refetchInterval: isVisible ? LOOK_MS : false,
    retry: false,
  });
  const [fresh, setFresh] = useState<CreatedToken | null>(null);
  const told = words.tokens;
  return (
    <Row title={told.heading} hint={told.hint}>
      <div className={styles.panel}>
        {error !== null && data === undefined && (
          <Notice tone="danger" actions={<Button onClick={() => void refetch()}>{words.jobs.tryAgain}</Button>}>
            {told.failed} {failureWords(error)}
          </Notice>
        )}
        {error === null && data === undefined && <EmptyNote>{words.loading}</EmptyNote>}
        {data !== undefined && (
          <>
            <PortState url={data.url} problem={data.problem} />
            <TokenList tokens={data.tokens} live={live} />
            {fresh === null ? (
              <NewToken taken={data.tokens.map(({ name }) => name)} live={live} onMade={setFresh} />
            ) : (
              <FreshToken made={fresh} onDone={() => setFresh(null)} />
            )}
            {data.url !== null && <ApiExample url={data.url} token={fresh?.token ?? told.example.stand} />}
          </>
        )}
      </div>
    </Row>
  );
}

function PortState({ url, problem }: { url: string | null; problem: string | null }) {
  const told = words.tokens;
  if (problem !== null) {
    return (
      <Notice tone="danger">
        <p>{told.notOpen}</p>
        <p lang={engineLanguage}>{problem}</p>
      </Notice>
    );
  }
  return (
    <p className={styles.port} data-open={url !== null || undefined}>
      {url === null ? (
        told.closed
      ) : (
        <>
          {told.open} <code>{url}/v1</code>
        </>
      )}
    </p>
  );
}
