/** One kind of targets on their page: heading, what they are, what goes wrong while they are read, and their list. */
import { type ReactNode, useId } from 'react';
import { failureWords } from '../../lib/engine-sentences.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { Notice } from '../Notice.tsx';
import { EmptyNote } from '../Section.tsx';
import styles from './TargetSection.module.css';

export interface Reading {
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly refetch: () => Promise<unknown>;
}

export function TargetSection({
  heading,
  intro,
  failed,
  reading,
  actions,
  form,
  empty,
  entries,
}: {
  heading: string;
  /** Null where `empty` says it. */
  intro: string | null;
  /** What to say when they cannot be read. */
  failed: string;
  reading: Reading;
  /** What can be done with all of them. */
  actions: ReactNode;
  /** That adds one; null while nobody does. */
  form: ReactNode;
  /** Instead of entries where there are none and none is being added. */
  empty: ReactNode;
  entries: readonly { readonly name: string; readonly entry: ReactNode }[];
}) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <header className={styles.head}>
        <h2 id={id} className={styles.heading}>
          {heading}
        </h2>
        <div className={styles.actions}>{actions}</div>
        {intro !== null && <p className={styles.intro}>{intro}</p>}
      </header>
      {reading.error !== null && (
        <Notice
          tone="danger"
          role="alert"
          actions={<Button onClick={() => void reading.refetch()}>{words.jobs.tryAgain}</Button>}
        >
          {failed} {failureWords(reading.error)}
        </Notice>
      )}
      {reading.isPending && <EmptyNote>{words.loading}</EmptyNote>}
      {form}
      {!reading.isPending && reading.error === null && entries.length === 0 && form === null && empty}
      {entries.length > 0 && (
        <ul>
          {entries.map(({ name, entry }) => (
            <li key={name} className={styles.entry}>
              {entry}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
