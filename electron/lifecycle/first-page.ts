/** What a start of the shell opens. Pure. */
import type { LinkTarget, Preferences } from '../../contract/desktop.ts';
import type { ShellArguments } from './arguments.ts';

export interface StartFacts {
  readonly args: Pick<ShellArguments, 'link'>;
  readonly preferences: Pick<Preferences, 'openOnStart' | 'showTrayIcon' | 'welcomeDone'>;
  readonly startedByLogin: boolean;
}

/** null: nothing; the tray icon shows that it runs. */
export function firstPage({ args, preferences, startedByLogin }: StartFacts): LinkTarget | null {
  if (args.link !== null) return args.link;
  if (startedByLogin) return null;
  if (!preferences.welcomeDone) return 'welcome';
  if (preferences.openOnStart !== 'nothing') return preferences.openOnStart;
  // Without an icon nobody would know that anything happened.
  return preferences.showTrayIcon ? null : 'dashboard';
}
