/** A question in the middle of the page that comes from no button of its own: focus goes in, and back to where it was. */
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import styles from './Dialog.module.css';

export function Dialog({
  title,
  description,
  children,
  answers,
  onClose,
}: {
  title: string;
  description: string;
  children?: ReactNode;
  /** Buttons; the first one is the safe one. */
  answers: ReactNode;
  onClose: () => void;
}) {
  const cameFrom = useRef<Element | null>(null);
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles.overlay} />
        <Radix.Content
          className={styles.dialog}
          onOpenAutoFocus={() => {
            cameFrom.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (cameFrom.current instanceof HTMLElement) cameFrom.current.focus();
          }}
        >
          <Radix.Title className={styles.title}>{title}</Radix.Title>
          <Radix.Description className={styles.said}>{description}</Radix.Description>
          {children}
          <div className={styles.answers}>{answers}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
