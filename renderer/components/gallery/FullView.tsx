/** The whole window for looking: a bar above, the stage, and what belongs to it beside. Escape leads back to where one was. */
import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import styles from './FullView.module.css';

export function FullView({
  title,
  bar,
  beside,
  children,
  onKey,
  onClose,
}: {
  /** For a screen reader. */
  title: string;
  bar: ReactNode;
  beside?: ReactNode;
  children: ReactNode;
  /** True: the key was for it. */
  onKey: (key: string) => boolean;
  onClose: () => void;
}) {
  const cameFrom = useRef<Element | null>(null);
  const content = useRef<HTMLDivElement>(null);

  function pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // A video, a slider and a dialog above have arrows of their own.
    const target = event.target as HTMLElement;
    if (!content.current?.contains(target) || target.closest('video, audio, input, [role="radio"]') !== null) return;
    if (onKey(event.key)) event.preventDefault();
  }

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Content
          ref={content}
          className={styles.view}
          aria-describedby={undefined}
          onKeyDown={pressed}
          onOpenAutoFocus={(event) => {
            cameFrom.current = document.activeElement;
            event.preventDefault();
            content.current?.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (cameFrom.current instanceof HTMLElement) cameFrom.current.focus({ preventScroll: true });
          }}
        >
          <Dialog.Title className="visuallyHidden">{title}</Dialog.Title>
          <header className={styles.bar}>
            {bar}
            <Dialog.Close asChild>
              <Button weight="quiet" icon={<X aria-hidden />} aria-label={words.gallery.viewer.close} />
            </Dialog.Close>
          </header>
          <div className={styles.stage}>{children}</div>
          {beside !== undefined && <aside className={styles.beside}>{beside}</aside>}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
