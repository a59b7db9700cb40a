/** The control of one setting by the kind of its value. Holds nothing: what is typed comes from above. */

import { assertNever } from '../lib/assert-never.ts';
import type { SettingField } from '../lib/setting-fields.ts';
import type { Typed } from '../lib/setting-value.ts';
import { settingWordsOf } from '../words.ts';
import { BrowseButton } from './BrowseButton.tsx';
import { Select } from './Select.tsx';
import styles from './SettingInput.module.css';
import { SwitchControl } from './Toggle.tsx';

export interface ControlProps {
  readonly id: string;
  readonly describedBy: string;
  readonly invalid: boolean;
  readonly disabled: boolean;
}

export function SettingInput({
  field,
  typed,
  onType,
  id,
  describedBy,
  invalid,
  disabled,
}: ControlProps & { field: SettingField; typed: Typed; onType: (typed: Typed) => void }) {
  const { control } = field;
  const told = settingWordsOf(field.key);
  const text = String(typed);
  const common = {
    id,
    disabled,
    value: text,
    'aria-describedby': describedBy,
    'aria-invalid': invalid || undefined,
    spellCheck: false,
    autoComplete: 'off',
  } as const;

  switch (control.kind) {
    case 'switch':
      return (
        <SwitchControl
          id={id}
          checked={typed === true}
          disabled={disabled}
          describedBy={describedBy}
          onChange={onType}
        />
      );
    case 'choice':
      return (
        <Select
          id={id}
          value={text}
          choices={control.options.map((option) => [option, told?.choices?.[option] ?? option])}
          disabled={disabled}
          describedBy={describedBy}
          onChange={onType}
        />
      );
    case 'number':
      return (
        <span className={styles.withUnit}>
          <input
            {...common}
            className={control.nullable ? styles.text : styles.number}
            inputMode={control.whole ? 'numeric' : 'decimal'}
            placeholder={control.nullable ? told?.whenEmpty : undefined}
            onChange={(event) => onType(event.target.value)}
          />
          {told?.unit !== undefined && <span className={styles.unit}>{told.unit}</span>}
        </span>
      );
    case 'lines':
    case 'pairs':
      return (
        <textarea
          {...common}
          className={styles.lines}
          wrap="off"
          rows={Math.min(10, Math.max(2, text.split('\n').length))}
          placeholder={told?.example ?? told?.whenEmpty}
          onChange={(event) => onType(event.target.value)}
        />
      );
    case 'text':
      return (
        <span className={styles.withButton}>
          <input
            {...common}
            className={styles.text}
            placeholder={told?.whenEmpty ?? told?.example}
            onChange={(event) => onType(event.target.value)}
          />
          {control.isFolder && <BrowseButton title={field.title} at={text} disabled={disabled} onChoose={onType} />}
        </span>
      );
    case 'secret':
      // Write-only, and saved by itself: SecretControl.
      return null;
    default:
      return assertNever(control);
  }
}
