/** Which command line starts the shell anew. Pure. */
import { AT_LOGIN, bindValues } from './arguments.ts';

export interface RelaunchFacts {
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** What the engine runs now; it may have been switched since the start. */
  readonly demo: boolean;
}

/** For `app.relaunch`. The program inside an AppImage is gone with it: the file itself is started. */
export function relaunchOptions({ words, environment, demo }: RelaunchFacts): { args: string[]; execPath?: string } {
  const kept = bindValues(words).filter((word) => word !== '--demo' && word !== AT_LOGIN && !/^stoker:/i.test(word));
  const args = demo ? [...kept, '--demo'] : kept;
  return environment.APPIMAGE ? { args, execPath: environment.APPIMAGE } : { args };
}
