/** What a start of the shell opens. Pure. */
import type { LinkTarget, Preferences } from '../../contract/desktop.ts';
import type { ShellArguments } from './arguments.ts';

export interface StartFacts {
  readonly args: Pick<ShellArguments, 'link' | 'demo'>;
  readonly preferences: Pick<Preferences, 'openOnStart' | 'showTrayIcon' | 'welcomeDone'>;
  readonly startedByLogin: boolean;
}

/** null: nothing; the tray icon shows that it runs. */
export function firstPage({ args, preferences, startedByLogin }: StartFacts): LinkTarget | null {
  if (args.link !== null) return args.link;
  if (startedByLogin) return null;
  // The guide asks for a ComfyUI; who asked for the demo has answered.
  if (!preferences.welcomeDone && !args.demo) return 'welcome';
  if (preferences.openOnStart !== 'nothing') return preferences.openOnStart;
  // Without an icon nobody would know that anything happened.
  return preferences.showTrayIcon ? null : 'dashboard';
}
