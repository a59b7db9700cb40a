/** What is saved but not in use yet, and the button that changes that. */
import type { SettingsAnswer } from '../../contract/settings.ts';
import { words } from '../../strings/en/dashboard.ts';
import { useActions } from '../hooks/actions.tsx';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

export function RestartBanner({ needed, live }: { needed: SettingsAnswer['restartNeeded']; live: boolean }) {
  const actions = useActions();
  if (needed === 'none') return null;
  if (needed === 'engine') return <Notice tone="warning">{words.settings.restartEngine}</Notice>;
  return (
    <Notice
      tone="warning"
      actions={
        <Button disabled={!live} busy={actions.pending.has('restart')} onClick={() => actions.run('restart')}>
          {words.settings.restartComfyUIButton}
        </Button>
      }
    >
      {words.settings.restartComfyUI}
    </Notice>
  );
}
