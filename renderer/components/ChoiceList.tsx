/** A few choices below each other, each with a word of explanation; at most one is taken. */
import { RadioGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import styles from './ChoiceList.module.css';

export interface ListedChoice {
  readonly value: string;
  readonly label: string;
  readonly details: readonly string[];
}

export function ChoiceList({
  labelledBy,
  choices,
  value,
  onChange,
}: {
  labelledBy: string;
  choices: readonly ListedChoice[];
  /** Empty: none. */
  value: string;
  onChange: (value: string) => void;
}): ReactNode {
  return (
    <RadioGroup.Root className={styles.choices} aria-labelledby={labelledBy} value={value} onValueChange={onChange}>
      {choices.map((choice) => (
        <RadioGroup.Item key={choice.value} value={choice.value} className={styles.choice}>
          <span className={styles.dot} aria-hidden="true" />
          <span className={styles.label}>{choice.label}</span>
          {choice.details.map((detail) => (
            <span key={detail} className={styles.details}>
              {detail}
            </span>
          ))}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
