/** Without a key store nothing is kept silently in the clear: the person is told and chooses. */
import { useId, useState } from 'react';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import { ChoiceList } from './ChoiceList.tsx';
import { Dialog } from './Dialog.tsx';

type Storage = 'memory' | 'file';

export function KeyStoreDialog({
  busy,
  save,
  onChoose,
  onClose,
}: {
  busy: boolean;
  /** What the saving button says. */
  save: string;
  onChoose: (storage: Storage) => void;
  onClose: () => void;
}) {
  const told = words.secret.noKeyStore;
  const [storage, setStorage] = useState<Storage>('memory');
  const label = useId();
  return (
    <Dialog
      title={told.title}
      description={told.explanation}
      onClose={onClose}
      answers={
        <>
          <Button onClick={onClose}>{told.cancel}</Button>
          <Button weight="primary" busy={busy} onClick={() => onChoose(storage)}>
            {save}
          </Button>
        </>
      }
    >
      <span id={label} className="visuallyHidden">
        {told.title}
      </span>
      <ChoiceList
        labelledBy={label}
        choices={[
          { value: 'memory', label: told.memory, details: [told.memoryHint] },
          { value: 'file', label: told.file, details: [told.fileHint] },
        ]}
        value={storage}
        onChange={(value) => setStorage(value === 'file' ? 'file' : 'memory')}
      />
    </Dialog>
  );
}
