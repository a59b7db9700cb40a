/** A token that was just made, shown this once: it lives in this page alone and is gone with a press or a reload. */
import { useEffect, useRef } from 'react';
import type { CreatedToken } from '../../../contract/tokens.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { CopyButton } from '../CopyButton.tsx';
import styles from './TokenPanel.module.css';

export function FreshToken({ made: { name, token }, onDone }: { made: CreatedToken; onDone: () => void }) {
  const told = words.tokens.fresh;
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that made it is gone: a keyboard and a screen reader go on here.
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className={styles.fresh} aria-labelledby="fresh-token">
      <h3 id="fresh-token" ref={heading} tabIndex={-1}>
        {told.heading(name)}
      </h3>
      <p>{told.once}</p>
      <code className={styles.secret}>{token}</code>
      <div className={styles.actions}>
        <CopyButton text={() => token} label={told.copy} weight="primary" />
        <Button onClick={onDone}>{told.done}</Button>
      </div>
    </section>
  );
}
