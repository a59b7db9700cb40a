/** A step of the guide that is one choice: the list, what went wrong, and the buttons. Saving is the caller's. */
import type { FormEvent, ReactNode } from 'react';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import { ChoiceList, type ListedChoice } from './ChoiceList.tsx';
import styles from './GuideStep.module.css';
import { Notice } from './Notice.tsx';

export function GuideStep({
  choices,
  value,
  saving,
  failure,
  disabled = false,
  beside,
  onChange,
  onNext,
}: {
  choices: readonly ListedChoice[];
  value: string;
  saving: boolean;
  /** Why the last saving failed. */
  failure: string | null;
  disabled?: boolean;
  /** Beside the button. */
  beside: ReactNode;
  onChange: (value: string) => void;
  onNext: () => void;
}) {
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!saving) onNext();
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <ChoiceList labelledBy="welcome" choices={choices} value={value} onChange={onChange} />
      {failure !== null && (
        <Notice tone="danger" role="alert">
          {failure}
        </Notice>
      )}
      <div className={styles.actions}>
        <Button type="submit" weight="primary" busy={saving} disabled={disabled}>
          {saving ? words.welcome.saving : words.welcome.next}
        </Button>
        {beside}
      </div>
    </form>
  );
}
