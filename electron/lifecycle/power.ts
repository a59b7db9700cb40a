/** Sleep of the computer: kept off while ComfyUI works and the user wants that; after it, the engine looks whether ComfyUI still lives. */
import { powerMonitor, powerSaveBlocker } from 'electron';
import type { Preferences } from '../../contract/desktop.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { EngineLink } from '../engine/engine-link.ts';
import { workOf } from './quit.ts';

export interface PowerDeps {
  readonly link: EngineLink;
  readonly preferences: { get(): Preferences; onChange(listener: () => void): () => void };
  readonly log: (line: string) => void;
}

/** After `app.whenReady()`. */
export function createPower({ link, preferences, log }: PowerDeps): { dispose(): void } {
  let blocker: number | null = null;

  function decide(): void {
    const wanted = preferences.get().blockSleepWhileWorking && workOf(link.status()) !== null;
    if (wanted && blocker === null) {
      // The screen may go dark; only the computer stays awake.
      blocker = powerSaveBlocker.start('prevent-app-suspension');
      log('power: sleep is kept off while ComfyUI works');
    } else if (!wanted && blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
      log('power: the computer may sleep');
    }
  }

  function onResume(): void {
    log('power: the computer woke up');
    void link.send('POST', MANAGER_ROUTES.check, {}).catch((error) => log(`power: the check failed: ${error}`));
  }

  const endings = [link.onChange(decide), preferences.onChange(decide)];
  powerMonitor.on('resume', onResume);
  decide();
  return {
    dispose() {
      powerMonitor.off('resume', onResume);
      for (const end of endings) end();
      if (blocker !== null) powerSaveBlocker.stop(blocker);
    },
  };
}
