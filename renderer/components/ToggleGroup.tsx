/** A few choices in one row, exactly one of them on. */
import { ToggleGroup as Group } from 'radix-ui';
import styles from './ToggleGroup.module.css';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** When the label alone is too short to understand. */
  readonly fullName?: string;
}

export function ToggleGroup<Value extends string>({
  label,
  choices,
  value,
  onChange,
}: {
  label: string;
  choices: readonly Choice<Value>[];
  value: Value;
  onChange: (value: Value) => void;
}) {
  return (
    <Group.Root
      type="single"
      className={styles.group}
      aria-label={label}
      value={value}
      onValueChange={(picked) => {
        // An empty value means the pressed one was pressed again: one always stays on.
        const choice = choices.find((candidate) => candidate.value === picked);
        if (choice !== undefined) onChange(choice.value);
      }}
    >
      {choices.map((choice) => (
        <Group.Item
          key={choice.value}
          value={choice.value}
          className={styles.item}
          aria-label={choice.fullName}
          title={choice.fullName}
        >
          {choice.label}
        </Group.Item>
      ))}
    </Group.Root>
  );
}
