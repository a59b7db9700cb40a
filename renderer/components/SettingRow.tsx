/** One setting: its name and meaning, the control, what is wrong with it, where it comes from, and the way back to its default. */
import { Lock, RotateCcw } from 'lucide-react';
import type { SettingsAnswer } from '../../contract/settings.ts';
import { words } from '../../strings/en/dashboard.ts';
import { settingWords } from '../../strings/en/settings.ts';
import { formatExactDuration } from '../lib/format.ts';
import type { SettingField } from '../lib/setting-fields.ts';
import { type Typed, typedOf } from '../lib/setting-value.ts';
import { draftOfDefault, isLocked, sameValue, settingValue } from '../lib/settings-draft.ts';
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
  const hint = settingWords[field.key]?.hint ?? '';
  const ids = { control: `setting-${field.key}`, hint: `hint-${field.key}`, problem: `problem-${field.key}` };
  const effect = tellsEffect ? words.settings.takesEffect[field.takesEffect] : null;
  const controlProps = {
    id: ids.control,
    describedBy: problem === undefined ? ids.hint : `${ids.problem} ${ids.hint}`,
    invalid: problem !== undefined,
    disabled: locked || disabled,
  };
  return (
    <div className={styles.row} data-changed={changed || undefined}>
      <div className={styles.said}>
        {field.control.kind === 'secret' ? (
          <span className={styles.title}>{field.title}</span>
        ) : (
          <label className={styles.title} htmlFor={ids.control}>
            {field.title}
          </label>
        )}
        <p className={styles.hint} id={ids.hint}>
          {hint}
          {effect !== null && ` ${effect}`}
        </p>
      </div>
      <div className={styles.edit}>
        <div className={styles.line}>
          {field.control.kind === 'secret' ? (
            <SecretControl {...controlProps} title={field.title} isSet={saved !== null} typed={typed} onType={onType} />
          ) : (
            <SettingInput {...controlProps} field={field} typed={typed ?? typedOf(field, saved)} onType={onType} />
          )}
          {!locked && (
            <RestoreDefault field={field} answer={answer} typed={typed} disabled={disabled} onType={onType} />
          )}
        </div>
        {problem !== undefined && (
          <p className={styles.problem} id={ids.problem} role="alert">
            {problem}
          </p>
        )}
        {locked && (
          <p className={styles.locked}>
            <Lock aria-hidden />
            {words.settings.locked(
              answer.origins[field.key] ?? 'environment',
              answer.environmentNames[field.key] ?? null,
            )}
          </p>
        )}
        <SpanWords field={field} typed={typed ?? typedOf(field, saved)} />
      </div>
    </div>
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
      title={`${words.settings.restore} (${defaultWords(field, fallback)})`}
      onClick={() => onType(fallback)}
    >
      <RotateCcw aria-hidden />
    </button>
  );
}

function defaultWords(field: SettingField, fallback: Typed): string {
  if (typeof fallback === 'boolean') return fallback ? words.settings.on : words.settings.off;
  const told = settingWords[field.key];
  return told?.choices?.[fallback] ?? (fallback === '' ? (told?.whenEmpty ?? words.settings.empty) : fallback);
}

/** 5400 seconds mean little to a person; 1 h 30 min do. */
function SpanWords({ field, typed }: { field: SettingField; typed: Typed }) {
  if (settingWords[field.key]?.unit !== 'seconds' || typeof typed !== 'string' || !/^\d+$/.test(typed.trim()))
    return null;
  const seconds = Number(typed);
  const isIdleTime = field.group === 'idle';
  if (seconds === 0 && isIdleTime)
    return <p className={styles.span}>{words.settings.equals(words.settings.offAtZero)}</p>;
  return seconds < 60 ? null : <p className={styles.span}>{words.settings.equals(formatExactDuration(seconds))}</p>;
}
