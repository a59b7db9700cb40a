/** Start at login on macOS and Windows: the system keeps the list, and Electron writes into it. */
import type { LoginCommand, LoginItem } from './login-item.ts';

export interface LoginItemSettings {
  setLoginItemSettings(settings: { openAtLogin: boolean; path?: string; args?: string[]; name?: string }): void;
}

export interface SystemLoginItemDeps {
  readonly platform: 'darwin' | 'win32';
  readonly app: LoginItemSettings;
  readonly packaged: boolean;
  readonly command: LoginCommand;
}

export function createSystemLoginItem({ platform, app, packaged, command }: SystemLoginItemDeps): LoginItem {
  return {
    // From the source it would put Electron itself on the list, without us.
    possible: packaged,
    set(on) {
      if (!packaged) return;
      // macOS passes no arguments to login items: the shell asks the system there whether the login started it.
      if (platform === 'darwin') app.setLoginItemSettings({ openAtLogin: on });
      else {
        const { program, args } = command;
        app.setLoginItemSettings({ openAtLogin: on, name: 'Stoker', path: program, args: [...args] });
      }
    },
  };
}
