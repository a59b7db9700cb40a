/** The way of this system to start Stoker at login, and what it starts. */
import { AT_LOGIN } from '../lifecycle/arguments.ts';
import { createLinuxLoginItem } from './linux.ts';
import type { LoginCommand, LoginItem } from './login-item.ts';
import { createSystemLoginItem, type LoginItemSettings } from './system-setting.ts';

export interface LoginItemFacts {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
  readonly packaged: boolean;
  /** `process.execPath`. */
  readonly program: string;
  /** The folder of the app, for a shell that runs from its source. */
  readonly appFolder: string;
  /** Named by the user; null for the platform's own place. */
  readonly dataFolder: string | null;
}

export function createLoginItem(facts: LoginItemFacts, app: LoginItemSettings, comment: () => string): LoginItem {
  const { platform, environment, home, packaged } = facts;
  const command = loginCommand(facts);
  if (platform === 'darwin' || platform === 'win32') return createSystemLoginItem({ platform, app, packaged, command });
  return createLinuxLoginItem({ home, environment, command, comment });
}

export function loginCommand(facts: LoginItemFacts): LoginCommand {
  const { environment, packaged, program, appFolder, dataFolder } = facts;
  const engineNode = environment.STOKER_ENGINE_NODE;
  return {
    // The path inside an AppImage is another one at every start.
    program: environment.APPIMAGE || program,
    args: [...(packaged ? [] : [appFolder]), AT_LOGIN, ...(dataFolder === null ? [] : [`--data-dir=${dataFolder}`])],
    // From the source the engine runs on the Node of `npm start`, which no login knows.
    environment: packaged || !engineNode ? {} : { STOKER_ENGINE_NODE: engineNode },
  };
}
