/** One target of a list: its name and state, what is told of it, its key, and the deeds that every kind of target has. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Pause, Pencil, Play, Stethoscope, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { PutSecretBodySchema, type SecretName } from '../../../contract/secrets.ts';
import { failureWords } from '../../lib/engine-sentences.ts';
import { targetQueries } from '../../live-cache.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { Notice } from '../Notice.tsx';
import { Question } from '../Question.tsx';
import { SecretControl } from '../SecretControl.tsx';
import styles from './TargetEntry.module.css';

export interface TargetKey {
  readonly secret: SecretName;
  /** As its label calls it. */
  readonly label: string;
  /** As a screen reader hears it, with the name of the target. */
  readonly title: string;
  readonly isSet: boolean;
  /** What to know about it just now. */
  readonly hint: string | null;
}

export interface TargetDeeds {
  readonly pause: (paused: boolean) => Promise<unknown>;
  readonly remove: () => Promise<unknown>;
  readonly test: () => void;
  readonly testing: boolean;
}

export function TargetEntry({
  name,
  state,
  about,
  aside,
  secret,
  deeds,
  isPaused,
  live,
  removing,
  said,
  children,
  onEdit,
}: {
  name: string;
  state: ReactNode;
  about: ReactNode;
  aside?: ReactNode;
  secret: TargetKey;
  deeds: TargetDeeds;
  isPaused: boolean;
  live: boolean;
  /** What removing it means. */
  removing: { readonly title: string; readonly explanation: string };
  /** What a test found; null for nothing to say. */
  said: ReactNode;
  children?: ReactNode;
  onEdit: () => void;
}) {
  const cache = useQueryClient();
  const onSuccess = () => Promise.all(targetQueries.map((queryKey) => cache.invalidateQueries({ queryKey })));
  const pause = useMutation({ mutationFn: deeds.pause, onSuccess });
  const remove = useMutation({ mutationFn: deeds.remove, onSuccess });
  const [asking, setAsking] = useState(false);
  const told = words.endpoints.action;
  const id = `target-${name}`;
  const labelled = (action: string) => ({ 'aria-label': words.endpoints.named(action, name), disabled: !live });
  return (
    <article className={styles.target} aria-labelledby={id}>
      <div className={styles.about}>
        <div className={styles.title}>
          <h3 id={id} className={styles.name}>
            {name}
          </h3>
          {state}
        </div>
        {about}
      </div>
      {aside}
      <div className={styles.below}>
        <div className={styles.key}>
          <span className={styles.keyName}>{secret.label}</span>
          <SecretControl
            field={{
              key: secret.secret,
              title: secret.title,
              control: { kind: 'secret' },
              schema: PutSecretBodySchema.shape.value,
            }}
            noun="key"
            isSet={secret.isSet}
            disabled={!live}
            describedBy={id}
          />
          {secret.hint !== null && (
            <p className={styles.muted} role="status">
              {secret.hint}
            </p>
          )}
        </div>
        <div className={styles.actions}>
          <Button
            {...labelled(told.test)}
            icon={<Stethoscope aria-hidden />}
            busy={deeds.testing}
            onClick={() => deeds.test()}
          >
            {deeds.testing ? told.testing : told.test}
          </Button>
          <Button
            {...labelled(isPaused ? told.resume : told.pause)}
            icon={isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
            busy={pause.isPending}
            onClick={() => pause.mutate(!isPaused)}
          >
            {isPaused ? told.resume : told.pause}
          </Button>
          <Button {...labelled(told.edit)} weight="quiet" icon={<Pencil aria-hidden />} onClick={onEdit}>
            {told.edit}
          </Button>
          <Button
            {...labelled(told.remove)}
            weight="quiet"
            icon={<Trash2 aria-hidden />}
            onClick={() => setAsking(true)}
          >
            {told.remove}
          </Button>
        </div>
      </div>
      <div className={styles.said} role="status">
        {pause.error === null ? said : <Notice tone="danger">{failureWords(pause.error)}</Notice>}
      </div>
      {children}
      {asking && (
        <Question
          title={removing.title}
          explanation={removing.explanation}
          no={words.endpoints.removing.keep}
          yes={words.endpoints.removing.remove}
          busy={remove.isPending}
          error={remove.error}
          onNo={() => {
            setAsking(false);
            remove.reset();
          }}
          onYes={() => remove.mutate()}
        />
      )}
    </article>
  );
}
