/** The tokens there are, by name: when each was made and last used, and taking one back after one question. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Token } from '../../../contract/tokens.ts';
import { revokeToken } from '../../api.ts';
import { useNow } from '../../hooks/live.tsx';
import { formatMoment } from '../../lib/format.ts';
import { keys } from '../../live-cache.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { Question } from '../Question.tsx';
import styles from './TokenPanel.module.css';

export function TokenList({ tokens, live }: { tokens: readonly Token[]; live: boolean }) {
  const cache = useQueryClient();
  const [asking, setAsking] = useState<string | null>(null);
  const revoke = useMutation({
    mutationFn: revokeToken,
    async onSuccess() {
      await cache.invalidateQueries({ queryKey: keys.tokens });
      setAsking(null);
    },
  });
  const told = words.tokens;
  if (tokens.length === 0) return null;
  return (
    <>
      <ul>
        {tokens.map((token) => (
          <li key={token.name} className={styles.token}>
            <div>
              <p className={styles.name}>{token.name}</p>
              <Times token={token} />
            </div>
            <Button
              weight="quiet"
              disabled={!live}
              aria-label={told.revokeNamed(token.name)}
              onClick={() => {
                revoke.reset();
                setAsking(token.name);
              }}
            >
              {told.revoke}
            </Button>
          </li>
        ))}
      </ul>
      {asking !== null && (
        <Question
          title={told.revoking.title(asking)}
          explanation={
            tokens.length === 1 ? `${told.revoking.explanation} ${told.revoking.last}` : told.revoking.explanation
          }
          no={told.revoking.keep}
          yes={told.revoking.revoke}
          busy={revoke.isPending}
          error={revoke.error}
          onNo={() => setAsking(null)}
          onYes={() => revoke.mutate(asking)}
        />
      )}
    </>
  );
}

function Times({ token: { createdAt, lastUsedAt } }: { token: Token }) {
  const now = useNow();
  const told = words.tokens;
  return (
    <p className={styles.times}>
      {told.made(formatMoment(createdAt, now))} ·{' '}
      {lastUsedAt === null ? told.neverUsed : told.used(formatMoment(lastUsedAt, now))}
    </p>
  );
}
