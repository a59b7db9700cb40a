/** Start at login on Linux: an entry in the autostart folder (freedesktop.org). Electron does nothing there by itself. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LoginCommand, LoginItem } from './login-item.ts';

export interface LinuxLoginItemDeps {
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly command: LoginCommand;
  readonly comment: () => string;
}

export function createLinuxLoginItem({ home, environment, command, comment }: LinuxLoginItemDeps): LoginItem {
  const file = join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'autostart', 'stoker.desktop');
  return {
    possible: true,
    set(on) {
      if (!on) {
        rmSync(file, { force: true });
        return;
      }
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, autostartEntry(command, comment()));
    },
  };
}

export function autostartEntry({ program, args, environment }: LoginCommand, comment: string): string {
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const words = assignments.length === 0 ? [program, ...args] : ['env', ...assignments, program, ...args];
  return `${[
    '[Desktop Entry]',
    'Type=Application',
    'Name=Stoker',
    `Comment=${comment}`,
    `Exec=${words.map(quoteExec).join(' ')}`,
    'Icon=stoker',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
  ].join('\n')}\n`;
}

/**
 * One argument of `Exec`: the Desktop Entry Specification wants reserved characters in double quotes with a backslash, a percent
 * sign doubled, and then the escaping of every string value, which doubles each backslash once more.
 */
export function quoteExec(word: string): string {
  const percent = word.replaceAll('%', '%%');
  if (/^[\w@%+=:,./-]+$/.test(percent)) return percent;
  const quoted = `"${percent.replace(/["`$\\]/g, '\\$&')}"`;
  return quoted.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
