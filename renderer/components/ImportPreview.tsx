/** What importing a file would change and what is wrong with it, before anything happens. */
import type { SettingsImportAnswer } from '../../contract/settings-file.ts';
import { formatExactDuration } from '../lib/format.ts';
import { SETTING_FIELDS } from '../lib/setting-fields.ts';
import { typedOf, typedWords } from '../lib/setting-value.ts';
import { engineLanguage, settingWordsOf, words } from '../words.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import styles from './ImportPreview.module.css';
import { Notice } from './Notice.tsx';

const told = words.settingsFile;

export function ImportPreview({
  fileName,
  answer,
  applying,
  failure,
  onApply,
  onClose,
}: {
  fileName: string;
  answer: SettingsImportAnswer;
  applying: boolean;
  /** Why applying failed. */
  failure: string | null;
  onApply: () => void;
  onClose: () => void;
}) {
  const { changes, problems } = answer;
  const applicable = problems.length === 0 && changes.length > 0;
  return (
    <Dialog
      title={told.preview}
      description={told.from(fileName)}
      onClose={onClose}
      answers={
        <>
          <Button onClick={onClose}>{applicable ? told.cancel : told.close}</Button>
          {applicable && (
            <Button weight="primary" busy={applying} onClick={onApply}>
              {applying ? told.applying : told.apply(changes.length)}
            </Button>
          )}
        </>
      }
    >
      {problems.length > 0 && (
        <Notice tone="danger">
          {told.problems}
          <ul className={styles.problems}>
            {problems.map(({ key, message }) => (
              <li key={key}>
                {titleOf(key)}: <span lang={engineLanguage}>{message}</span>
              </li>
            ))}
          </ul>
          {told.problemsStop}
        </Notice>
      )}
      {problems.length === 0 && changes.length === 0 && <p>{told.nothing}</p>}
      {applicable && (
        <ul className={styles.changes}>
          {changes.map(({ key, from, to }) => (
            <li key={key} className={styles.change}>
              <span className={styles.title}>{titleOf(key)}</span>
              <span className="visuallyHidden">{told.change('', valueWords(key, from), valueWords(key, to))}</span>
              <span className={styles.values} aria-hidden="true">
                <span className={styles.from}>{valueWords(key, from)}</span> → <span>{valueWords(key, to)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {failure !== null && (
        <Notice tone="danger" role="alert">
          {failure}
        </Notice>
      )}
    </Dialog>
  );
}

const fieldOf = (key: string) => SETTING_FIELDS.find((field) => field.key === key);

/** A key this page does not know is its own name. */
const titleOf = (key: string): string => fieldOf(key)?.title ?? key;

function valueWords(key: string, value: unknown): string {
  const field = fieldOf(key);
  if (field === undefined) return JSON.stringify(value);
  if (key.endsWith('Seconds') && typeof value === 'number') return formatExactDuration(value);
  const unit = settingWordsOf(key)?.unit;
  const said = typedWords(field, typedOf(field, value));
  return unit === undefined ? said : `${said} ${unit}`;
}
