/** Appears while there is something to save, and stays in sight. */
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import styles from './SaveBar.module.css';

export function SaveBar({
  changes,
  problems,
  failure,
  saving,
  disabled,
  onDiscard,
}: {
  changes: number;
  problems: number;
  /** Why the last saving failed. */
  failure: string | null;
  saving: boolean;
  disabled: boolean;
  onDiscard: () => void;
}) {
  if (changes === 0) return null;
  return (
    <div className={styles.bar}>
      <p
        className={styles.count}
        role={failure === null ? 'status' : 'alert'}
        data-problems={problems > 0 || failure !== null || undefined}
      >
        {failure ?? (problems > 0 ? words.settings.problems(problems) : words.settings.changes(changes))}
      </p>
      <Button weight="quiet" disabled={saving} onClick={onDiscard}>
        {words.settings.discard}
      </Button>
      <Button type="submit" weight="primary" disabled={disabled || problems > 0} busy={saving}>
        {saving ? words.settings.saving : words.settings.save}
      </Button>
    </div>
  );
}
