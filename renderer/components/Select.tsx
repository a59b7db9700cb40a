/** The browser's own list of choices, in the look of the other fields. */
import styles from './SettingInput.module.css';

export function Select<Value extends string>({
  id,
  value,
  choices,
  disabled = false,
  describedBy,
  onChange,
}: {
  id: string;
  value: string;
  /** In the order shown: value and its words. */
  choices: readonly (readonly [value: Value, words: string])[];
  disabled?: boolean;
  describedBy?: string | undefined;
  onChange: (value: Value) => void;
}) {
  return (
    <select
      id={id}
      className={styles.select}
      disabled={disabled}
      value={value}
      aria-describedby={describedBy}
      onChange={(event) => {
        const picked = choices.find(([each]) => each === event.target.value);
        if (picked !== undefined) onChange(picked[0]);
      }}
    >
      {choices.map(([each, said]) => (
        <option key={each} value={each}>
          {said}
        </option>
      ))}
    </select>
  );
}
