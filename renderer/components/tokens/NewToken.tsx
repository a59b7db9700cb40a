/** Makes a token by its name. It lies inside the form of the settings, whose Enter is not meant for it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { type CreatedToken, TokenNameSchema } from '../../../contract/tokens.ts';
import { createToken } from '../../api.ts';
import { failureWords } from '../../lib/engine-sentences.ts';
import { keys } from '../../live-cache.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { RowProblem } from '../Row.tsx';
import inputs from '../SettingInput.module.css';
import styles from './TokenPanel.module.css';

export function NewToken({
  taken,
  live,
  onMade,
}: {
  taken: readonly string[];
  live: boolean;
  onMade: (made: CreatedToken) => void;
}) {
  const cache = useQueryClient();
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const create = useMutation({
    mutationFn: createToken,
    async onSuccess(made) {
      await cache.invalidateQueries({ queryKey: keys.tokens });
      onMade(made);
    },
  });
  const told = words.tokens;
  const name = typed.trim();
  const problem = problemOf(name, taken);
  const shown = create.error !== null ? failureWords(create.error) : tried ? problem : null;

  function submit(): void {
    setTried(true);
    if (problem === null && live && !create.isPending) create.mutate(name);
  }

  return (
    <div>
      <div className={styles.new}>
        <input
          className={`${inputs.text} ${styles.input}`}
          aria-label={told.name}
          placeholder={told.nameExample}
          aria-invalid={shown !== null || undefined}
          aria-describedby={shown === null ? undefined : 'new-token-problem'}
          spellCheck={false}
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setTried(false);
            create.reset();
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            submit();
          }}
        />
        <Button icon={<KeyRound aria-hidden />} disabled={!live} busy={create.isPending} onClick={submit}>
          {create.isPending ? told.creating : told.create}
        </Button>
      </div>
      {shown !== null && <RowProblem id="new-token-problem">{shown}</RowProblem>}
    </div>
  );
}

function problemOf(name: string, taken: readonly string[]): string | null {
  if (name === '') return words.invalid.required;
  if (!TokenNameSchema.safeParse(name).success) return words.tokens.badName;
  return taken.includes(name) ? words.tokens.nameInUse : null;
}
