/** One line of a form: name and meaning at the left, the control at the right, and below it what is wrong or worth knowing. */
import type { ReactNode } from 'react';
import styles from './Row.module.css';

export function Row({
  title,
  labels,
  hint,
  hintId,
  changed = false,
  children,
  below,
}: {
  title: string;
  /** Id of the control that the title names; without one the title is mere text. */
  labels?: string;
  hint: string;
  hintId?: string;
  /** Edited and not saved yet. */
  changed?: boolean;
  children: ReactNode;
  below?: ReactNode;
}) {
  return (
    <div className={styles.row} data-changed={changed || undefined}>
      <div>
        {labels === undefined ? (
          <span className={styles.title}>{title}</span>
        ) : (
          <label className={styles.title} htmlFor={labels}>
            {title}
          </label>
        )}
        <p className={styles.hint} id={hintId}>
          {hint}
        </p>
      </div>
      <div className={styles.edit}>
        {children}
        {below}
      </div>
    </div>
  );
}

export function RowProblem({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p className={styles.problem} id={id} role="alert">
      {children}
    </p>
  );
}
