/** What is saved but not in use yet, and the button that changes that: a page cannot start what serves it, the desktop application can. */
import { useMutation } from '@tanstack/react-query';
import type { SettingsAnswer } from '../../contract/settings.ts';
import { desktop } from '../desktop.ts';
import { useActions } from '../hooks/actions.tsx';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

export function RestartBanner({ needed, live }: { needed: SettingsAnswer['restartNeeded']; live: boolean }) {
  const actions = useActions();
  if (needed === 'none') return null;
  if (needed === 'engine') return <RestartEngine />;
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

function RestartEngine() {
  const restart = useMutation({ mutationFn: async () => desktop?.ask('restartEngine', null) });
  if (desktop === null) {
    return (
      <Notice tone="warning">
        {words.settings.restartEngine} {words.settings.restartEngineByHand}
      </Notice>
    );
  }
  return (
    <Notice
      tone="warning"
      actions={
        <Button busy={restart.isPending} onClick={() => restart.mutate()}>
          {words.settings.restartEngineButton}
        </Button>
      }
    >
      {words.settings.restartEngine}
      {restart.isError && ` ${restart.error.message}`}
    </Notice>
  );
}
