/** Opens the system's own dialog for a folder. Drawn in the desktop application alone: a browser may not tell a page where things lie. */
import { useState } from 'react';
import { desktop } from '../desktop.ts';
import { words } from '../words.ts';
import { Button } from './Button.tsx';

export function BrowseButton({
  title,
  at,
  disabled = false,
  onChoose,
}: {
  /** Of the dialog. */
  title: string;
  /** Where it begins; empty: wherever the system likes. */
  at: string;
  disabled?: boolean;
  onChoose: (folder: string) => void;
}) {
  const [open, setOpen] = useState(false);
  if (desktop === null) return null;
  const { ask } = desktop;

  async function choose(): Promise<void> {
    setOpen(true);
    try {
      const folder = await ask('chooseFolder', { title, at: at === '' ? null : at });
      if (folder !== null) onChoose(folder);
    } finally {
      setOpen(false);
    }
  }
  return (
    <Button disabled={disabled} busy={open} aria-label={words.settings.browseFor(title)} onClick={() => void choose()}>
      {words.settings.browse}
    </Button>
  );
}
