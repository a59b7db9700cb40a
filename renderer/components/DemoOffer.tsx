/** The way to see everything without a ComfyUI: a button in the desktop application, the command in a browser. */
import { useMutation } from '@tanstack/react-query';
import { desktop } from '../desktop.ts';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import styles from './DemoOffer.module.css';
import { Notice } from './Notice.tsx';

/** @param onStart the shell has begun: the engine ends and comes back with the simulator */
export function DemoOffer({ onStart }: { onStart?: () => void }) {
  const start = useMutation({
    mutationFn: async () => desktop?.ask('switchDemo', { demo: true }),
    onSuccess: () => onStart?.(),
  });
  if (desktop === null) {
    return (
      <p className={styles.demo}>
        {words.setup.demoHint} <code>{words.setup.demoCommand}</code>
      </p>
    );
  }
  return (
    <div className={styles.demo}>
      <Button busy={start.isPending} onClick={() => start.mutate()}>
        {start.isPending ? words.setup.demoStarting : words.setup.tryDemo}
      </Button>{' '}
      {words.demoHint}
      {start.isError && (
        <Notice tone="danger" role="alert">
          {start.error.message}
        </Notice>
      )}
    </div>
  );
}
