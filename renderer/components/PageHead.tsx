/** The head of a page: its name, a line about it, and what can be done on all of it. */
import type { ReactNode } from 'react';
import styles from './PageHead.module.css';

export function PageHead({
  title,
  line,
  lineRole,
  children,
}: {
  title: string;
  line?: ReactNode;
  /** `status` for a line that changes while one looks. */
  lineRole?: 'status';
  /** Controls, at the right where there is room. */
  children?: ReactNode;
}) {
  return (
    <header className={styles.head}>
      <div>
        <h1 className={styles.title} tabIndex={-1}>
          {title}
        </h1>
        {line !== undefined && (
          <p className={styles.line} role={lineRole}>
            {line}
          </p>
        )}
      </div>
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </header>
  );
}
