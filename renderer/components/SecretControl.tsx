/** A secret is write-only: the page never knows it, only whether there is one and where. It is saved and removed at once, not with the other settings. */
import { type KeyboardEvent, useState } from 'react';
import { desktop } from '../desktop.ts';
import { type KeptIn, needsStorageChoice, useSecret } from '../hooks/secret.ts';
import { failureWords } from '../lib/engine-sentences.ts';
import { type ReadField, readTyped } from '../lib/setting-value.ts';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import { KeyStoreDialog } from './KeyStoreDialog.tsx';
import styles from './SecretControl.module.css';

type Stage = 'shown' | 'writing' | 'removing';

/** What is asked for: the secret's name, its schema, and what a person calls it. */
export interface SecretField extends ReadField {
  readonly title: string;
}

export function SecretControl({
  field,
  noun = 'token',
  isSet,
  disabled,
  describedBy,
}: {
  field: SecretField;
  noun?: keyof typeof words.secret.of;
  isSet: boolean;
  disabled: boolean;
  describedBy: string;
}) {
  const said = words.secret.of[noun];
  const { keptIn, save, forget } = useSecret(field.key);
  const [stage, setStage] = useState<Stage>('shown');
  const [typed, setTyped] = useState('');
  const [touched, setTouched] = useState(false);
  /** What was just done, for a screen reader; null until the control was opened and closed once. */
  const [done, setDone] = useState<string | null>(null);
  const reading = readTyped(field, typed);
  const problem = reading.kind === 'problem' ? reading.problem : typed === '' ? words.invalid.required : null;
  const asksStorage = needsStorageChoice(save.error);
  const failure = asksStorage ? null : (save.error ?? forget.error);
  const problemId = `problem-${field.key}`;

  function close(outcome: string): void {
    setStage('shown');
    setDone(outcome);
    setTyped('');
    setTouched(false);
    save.reset();
    forget.reset();
  }

  function submit(storage?: 'file' | 'memory'): void {
    setTouched(true);
    if (problem !== null || save.isPending) return;
    save.mutate(storage === undefined ? { value: typed } : { value: typed, storage }, {
      onSuccess: () => close(said.saved),
    });
  }

  function pressed(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return;
    // The form around it saves the other settings: this key is not meant for it.
    event.preventDefault();
    submit();
  }

  const shownProblem = touched && problem !== null ? problem : failure === null ? null : failureWords(failure);
  return (
    <div>
      {/* Keys: a button of the next stage must not take over the focus of one that stood in its place. */}
      {stage === 'writing' ? (
        <span className={styles.secret} key="writing">
          <input
            className={styles.input}
            type="password"
            aria-label={field.title}
            // biome-ignore lint/a11y/noAutofocus: it appears because the person pressed the button that asks for it.
            autoFocus
            autoComplete="new-password"
            aria-describedby={shownProblem === null ? describedBy : `${problemId} ${describedBy}`}
            aria-invalid={shownProblem !== null || undefined}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setTouched(event.target.value !== '');
            }}
            onKeyDown={pressed}
          />
          <Button weight="primary" busy={save.isPending} onClick={() => submit()}>
            {save.isPending ? words.secret.saving : said.save}
          </Button>
          <Button weight="quiet" onClick={() => close('')}>
            {words.secret.cancel}
          </Button>
        </span>
      ) : stage === 'removing' ? (
        <span className={styles.secret} key="removing">
          <span className={styles.state}>{words.secret.removeQuestion}</span>
          <Button autoFocus onClick={() => close('')}>
            {words.secret.keep}
          </Button>
          <Button
            weight="danger"
            busy={forget.isPending}
            onClick={() => forget.mutate(undefined, { onSuccess: () => close(said.removed) })}
          >
            {words.secret.remove}
          </Button>
        </span>
      ) : (
        <span className={styles.secret} key="shown">
          <span className={styles.state}>{isSet ? placeWords(said.isSet, keptIn) : said.isUnset}</span>
          <Button
            disabled={disabled}
            autoFocus={done !== null}
            aria-describedby={describedBy}
            onClick={() => setStage('writing')}
          >
            {isSet ? words.secret.replace : said.set}
            <span className="visuallyHidden"> ({field.title})</span>
          </Button>
          {isSet && (
            <Button weight="quiet" disabled={disabled} onClick={() => setStage('removing')}>
              {words.secret.remove}
              <span className="visuallyHidden"> ({field.title})</span>
            </Button>
          )}
        </span>
      )}
      <span className="visuallyHidden" role="status">
        {stage === 'shown' ? done : ''}
      </span>
      {shownProblem !== null && (
        <p className={styles.problem} id={problemId} role="alert">
          {shownProblem}
        </p>
      )}
      {asksStorage && (
        <KeyStoreDialog
          busy={save.isPending}
          save={said.save}
          onChoose={(storage) => submit(storage)}
          onClose={() => save.reset()}
        />
      )}
    </div>
  );
}

function placeWords(isSet: string, keptIn: KeptIn | null): string {
  if (keptIn === null) return `${isSet}.`;
  const where =
    keptIn === 'keyStore'
      ? words.secret.inKeyStore(desktop?.info.keyStore.name ?? words.secret.keyStore)
      : words.secret.place[keptIn];
  return `${isSet}, ${where}`;
}
