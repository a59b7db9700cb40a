/** One question before something is done that is not taken back: what it means, two answers, and why it could not be done. */
import { failureWords } from '../lib/engine-sentences.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { Notice } from './Notice.tsx';

export function Question({
  title,
  explanation,
  no,
  yes,
  busy = false,
  error = null,
  onNo,
  onYes,
}: {
  title: string;
  explanation: string;
  /** The safe answer. */
  no: string;
  yes: string;
  busy?: boolean;
  error?: Error | null;
  onNo: () => void;
  onYes: () => void;
}) {
  return (
    <Dialog
      title={title}
      description={explanation}
      onClose={onNo}
      answers={
        <>
          <Button onClick={onNo}>{no}</Button>
          <Button weight="danger" busy={busy} onClick={onYes}>
            {yes}
          </Button>
        </>
      }
    >
      {error !== null && (
        <Notice tone="danger" role="alert">
          {failureWords(error)}
        </Notice>
      )}
    </Dialog>
  );
}
