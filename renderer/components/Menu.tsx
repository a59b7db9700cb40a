/** A button that opens a short list of commands. */
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button, type ButtonWeight } from './Button.tsx';
import styles from './Menu.module.css';

export interface MenuCommand {
  readonly id: string;
  readonly label: string;
  readonly run: () => void;
}

export function Menu({
  label,
  icon,
  iconOnly = false,
  weight = 'plain',
  busy = false,
  disabled = false,
  commands,
}: {
  label: string;
  icon: ReactNode;
  iconOnly?: boolean;
  weight?: ButtonWeight;
  busy?: boolean;
  disabled?: boolean;
  commands: readonly MenuCommand[];
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild disabled={disabled}>
        <Button weight={weight} icon={icon} busy={busy} {...(iconOnly ? { 'aria-label': label, title: label } : {})}>
          {iconOnly ? null : label}
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align="start" sideOffset={4} collisionPadding={12}>
          {commands.map((command) => (
            <DropdownMenu.Item key={command.id} className={styles.item} onSelect={command.run}>
              {command.label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
