/** A line that must be seen: a problem, a warning, or news, with what to do about it. */
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Notice.module.css';

const ICONS = { danger: CircleAlert, warning: TriangleAlert, info: Info } as const;

export function Notice({
  tone,
  role,
  children,
  actions,
}: {
  tone: keyof typeof ICONS;
  /** `alert` when it answers something the person just did. */
  role?: 'alert' | 'status';
  children: ReactNode;
  actions?: ReactNode;
}) {
  const Icon = ICONS[tone];
  return (
    <div className={styles.notice} data-tone={tone} role={role}>
      <Icon className={styles.icon} aria-hidden />
      <div className={styles.text}>{children}</div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
