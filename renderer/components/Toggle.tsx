/** A switch with its words beside it. */
import { Switch } from 'radix-ui';
import { useId } from 'react';
import styles from './Toggle.module.css';

export function Toggle({
  label,
  checked,
  disabled = false,
  className,
  onChange,
}: {
  label: string;
  checked: boolean;
  disabled?: boolean;
  className?: string | undefined;
  onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <span className={[styles.toggle, className].join(' ')}>
      <SwitchControl id={id} checked={checked} disabled={disabled} onChange={onChange} />
      <label className={styles.label} htmlFor={id} data-disabled={disabled || undefined}>
        {label}
      </label>
    </span>
  );
}

/** The switch alone, for a form that has its own label. */
export function SwitchControl({
  id,
  checked,
  disabled,
  describedBy,
  onChange,
}: {
  id: string;
  checked: boolean;
  disabled: boolean;
  describedBy?: string;
  onChange: (checked: boolean) => void;
}) {
  return (
    <Switch.Root
      id={id}
      className={styles.switch}
      checked={checked}
      disabled={disabled}
      aria-describedby={describedBy}
      onCheckedChange={onChange}
    >
      <Switch.Thumb className={styles.thumb} />
    </Switch.Root>
  );
}
