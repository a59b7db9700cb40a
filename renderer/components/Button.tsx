/** A button in one of four weights. `busy` keeps it in place and says so, and ignores further presses. */
import type { ComponentProps, ReactNode } from 'react';
import styles from './Button.module.css';

export type ButtonWeight = 'primary' | 'plain' | 'quiet' | 'danger';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'type'> {
  readonly weight?: ButtonWeight;
  readonly busy?: boolean;
  readonly icon?: ReactNode;
  readonly type?: 'button' | 'submit';
}

export function Button({ weight = 'plain', busy = false, icon, children, className, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={buttonClass(weight, className)}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? undefined : onClick}
    >
      {icon}
      {children}
    </button>
  );
}

/** The same look for a link that leaves the page. */
export function buttonClass(weight: ButtonWeight, extra?: string): string {
  return [styles.button, styles[weight], extra].filter((name) => name !== undefined).join(' ');
}
