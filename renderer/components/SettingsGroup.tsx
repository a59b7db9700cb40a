/** A group of the settings page: an anchor for the list at its side, a heading, and a note on when changes are used. */
import type { ReactNode } from 'react';
import styles from './SettingsGroup.module.css';

export function SettingsGroup({
  id,
  title,
  note,
  children,
}: {
  id: string;
  title: string;
  note: string | null;
  children: ReactNode;
}) {
  return (
    <section className={styles.group} id={id} aria-labelledby={`group-${id}`}>
      <h2 className={styles.title} id={`group-${id}`}>
        {title}
      </h2>
      {note !== null && <p className={styles.note}>{note}</p>}
      {children}
    </section>
  );
}
