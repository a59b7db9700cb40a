/** The frame of a form that adds a target or changes one: its heading, its rows, what the engine refused, and its two answers. */
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { failureWords } from '../../lib/engine-sentences.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { Notice } from '../Notice.tsx';
import styles from './TargetForm.module.css';

export function TargetForm({
  heading,
  isNew,
  saving,
  error,
  children,
  onSubmit,
  onCancel,
}: {
  heading: string;
  isNew: boolean;
  saving: boolean;
  error: Error | null;
  children: ReactNode;
  /** @returns the name of the first field that is wrong, which gets the focus; null when it was sent */
  onSubmit: () => string | null;
  onCancel: () => void;
}) {
  const told = words.endpoints.form;
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const wrong = onSubmit();
    if (wrong !== null) form.current?.querySelector<HTMLElement>(`[name="${wrong}"]`)?.focus();
  }

  return (
    <form ref={form} className={styles.form} onSubmit={submit} noValidate>
      <h3 className={styles.heading}>{heading}</h3>
      {children}
      {error !== null && (
        <Notice tone="danger" role="alert">
          {failureWords(error)}
        </Notice>
      )}
      <div className={styles.answers}>
        <Button weight="quiet" onClick={onCancel}>
          {told.cancel}
        </Button>
        <Button weight="primary" type="submit" busy={saving}>
          {saving ? told.saving : isNew ? told.saveNew : told.save}
        </Button>
      </div>
    </form>
  );
}
