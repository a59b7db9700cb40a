/** A question in the middle of the page that comes from no button of its own: focus goes in, and back to where it was. */
import { AlertDialog, Dialog as PlainDialog } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import styles from './Dialog.module.css';

export function Dialog({
  kind = 'plain',
  title,
  description,
  children,
  answers,
  onClose,
}: {
  /** `alert`: something would be lost. It closes by an answer alone, and `SafeAnswer` has the focus. */
  kind?: 'plain' | 'alert';
  title: string;
  description: string;
  children?: ReactNode;
  /** Buttons; the first one is the safe one. */
  answers: ReactNode;
  onClose: () => void;
}) {
  const cameFrom = useRef<Element | null>(null);
  const { Root, Portal, Overlay, Content, Title, Description } = kind === 'alert' ? AlertDialog : PlainDialog;
  return (
    <Root open onOpenChange={(open) => !open && onClose()}>
      <Portal>
        <Overlay className={styles.overlay} />
        <Content
          className={styles.dialog}
          onOpenAutoFocus={() => {
            cameFrom.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (cameFrom.current instanceof HTMLElement) cameFrom.current.focus();
          }}
        >
          <Title className={styles.title}>{title}</Title>
          <Description className={styles.said}>{description}</Description>
          {children}
          <div className={styles.answers}>{answers}</div>
        </Content>
      </Portal>
    </Root>
  );
}

/** The button in an alert that loses nothing. */
export function SafeAnswer({ children }: { children: ReactNode }) {
  return <AlertDialog.Cancel asChild>{children}</AlertDialog.Cancel>;
}
