/** One setting: its name and meaning, the control, what is wrong with it, where it comes from, and the way back to its default. */
import { Lock, RotateCcw } from 'lucide-react';
import type { SettingsAnswer } from '../../contract/settings.ts';
import { formatExactDuration } from '../lib/format.ts';
import type { SettingField } from '../lib/setting-fields.ts';
import { type Typed, typedOf, typedWords } from '../lib/setting-value.ts';
import { draftOfDefault, isLocked, sameValue, settingValue } from '../lib/settings-draft.ts';
import { settingWordsOf, words } from '../words.ts';
import { Row, RowProblem } from './Row.tsx';
import { SecretControl } from './SecretControl.tsx';
import { SettingInput } from './SettingInput.tsx';
import styles from './SettingRow.module.css';

export interface SettingRowProps {
  readonly field: SettingField;
  readonly answer: SettingsAnswer;
  /** Undefined while the field was not touched. */
  readonly typed: Typed | undefined;
  readonly problem: string | undefined;
  readonly changed: boolean;
  readonly disabled: boolean;
  /** False where the group says it for all. */
  readonly tellsEffect: boolean;
  /** Undefined takes the edit back. */
  readonly onType: (typed: Typed | undefined) => void;
}

export function SettingRow(props: SettingRowProps) {
  const { field, answer, typed, problem, changed, disabled, tellsEffect, onType } = props;
  const locked = isLocked(answer, field);
  const saved = settingValue(answer.settings, field);
  const hint = settingWordsOf(field.key)?.hint ?? '';
  const ids = { control: `setting-${field.key}`, hint: `hint-${field.key}`, problem: `problem-${field.key}` };
  const effect = tellsEffect ? words.settings.takesEffect[field.takesEffect] : null;
  const controlProps = {
    id: ids.control,
    describedBy: problem === undefined ? ids.hint : `${ids.problem} ${ids.hint}`,
    invalid: problem !== undefined,
    disabled: locked || disabled,
  };
  const value = typed ?? typedOf(field, saved);
  const isSecret = field.control.kind === 'secret';
  return (
    <Row
      title={field.title}
      {...(isSecret ? {} : { labels: ids.control })}
      hint={effect === null ? hint : `${hint} ${effect}`}
      hintId={ids.hint}
      changed={changed}
      below={
        <>
          {problem !== undefined && <RowProblem id={ids.problem}>{problem}</RowProblem>}
          {locked && (
            <p className={styles.locked}>
              <Lock aria-hidden />
              {words.settings.locked(
                answer.origins[field.key] ?? 'environment',
                answer.environmentNames[field.key] ?? null,
              )}
            </p>
          )}
          <SpanWords field={field} typed={value} />
        </>
      }
    >
      <div className={styles.line}>
        {isSecret ? (
          <SecretControl field={field} isSet={saved !== null} disabled={locked || disabled} describedBy={ids.hint} />
        ) : (
          <SettingInput {...controlProps} field={field} typed={value} onType={onType} />
        )}
        {!locked && <RestoreDefault field={field} answer={answer} typed={typed} disabled={disabled} onType={onType} />}
      </div>
    </Row>
  );
}

function RestoreDefault({
  field,
  answer,
  typed,
  disabled,
  onType,
}: Pick<SettingRowProps, 'field' | 'answer' | 'typed' | 'disabled' | 'onType'>) {
  if (field.control.kind === 'secret') return null;
  const fallback = draftOfDefault(answer.defaults, field);
  const shown = typed ?? typedOf(field, settingValue(answer.settings, field));
  if (sameValue(shown, fallback)) return null;
  return (
    <button
      type="button"
      className={styles.restore}
      disabled={disabled}
      aria-label={words.settings.restoreDefault(field.title)}
      title={`${words.settings.restore} (${typedWords(field, fallback)})`}
      onClick={() => onType(fallback)}
    >
      <RotateCcw aria-hidden />
    </button>
  );
}

/** 5400 seconds mean little to a person; 1 h 30 min do. */
function SpanWords({ field, typed }: { field: SettingField; typed: Typed }) {
  if (!field.key.endsWith('Seconds') || typeof typed !== 'string' || !/^\d+$/.test(typed.trim())) return null;
  const seconds = Number(typed);
  const isIdleTime = field.group === 'idle';
  if (seconds === 0 && isIdleTime)
    return <p className={styles.span}>{words.settings.equals(words.settings.offAtZero)}</p>;
  return seconds < 60 ? null : <p className={styles.span}>{words.settings.equals(formatExactDuration(seconds))}</p>;
}
