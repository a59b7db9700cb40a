/** A secret is write-only: the page never knows it, only whether there is one. It can be set, replaced or removed. */
import { useState } from 'react';
import { words } from '../../strings/en/dashboard.ts';
import type { Typed } from '../lib/setting-value.ts';
import { Button } from './Button.tsx';
import styles from './SecretControl.module.css';
import type { ControlProps } from './SettingInput.tsx';

export function SecretControl({
  describedBy,
  invalid,
  disabled,
  title,
  isSet,
  typed,
  onType,
}: Omit<ControlProps, 'id'> & {
  title: string;
  isSet: boolean;
  /** An empty text removes the secret. */
  typed: Typed | undefined;
  onType: (typed: Typed | undefined) => void;
}) {
  const [opened, setOpened] = useState(false);
  const removing = typed === '';
  const writing = opened || (typed !== undefined && !removing);

  if (writing && !removing) {
    return (
      <span className={styles.secret}>
        <input
          className={styles.input}
          type="password"
          aria-label={title}
          // biome-ignore lint/a11y/noAutofocus: it appears because the person pressed the button that asks for it.
          autoFocus={opened}
          autoComplete="new-password"
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          disabled={disabled}
          value={typed === undefined ? '' : String(typed)}
          // An emptied field is an edit taken back, not a wish to remove the secret.
          onChange={(event) => onType(event.target.value === '' ? undefined : event.target.value)}
        />
        <Button
          weight="quiet"
          onClick={() => {
            setOpened(false);
            onType(undefined);
          }}
        >
          {words.settings.undo}
        </Button>
      </span>
    );
  }
  return (
    <span className={styles.secret}>
      <span className={styles.state}>
        {removing ? words.settings.secretRemoved : isSet ? words.settings.secretSet : words.settings.secretUnset}
      </span>
      {removing ? (
        <Button weight="quiet" disabled={disabled} onClick={() => onType(undefined)}>
          {words.settings.undo}
        </Button>
      ) : (
        <Button disabled={disabled} aria-describedby={describedBy} onClick={() => setOpened(true)}>
          {isSet ? words.settings.replace : words.settings.setSecret}
          <span className="visuallyHidden"> ({title})</span>
        </Button>
      )}
      {isSet && !removing && (
        <Button weight="quiet" disabled={disabled} onClick={() => onType('')}>
          {words.settings.remove}
          <span className="visuallyHidden"> ({title})</span>
        </Button>
      )}
    </span>
  );
}
