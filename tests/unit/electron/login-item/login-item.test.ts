import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLoginItem, type LoginItemFacts, loginCommand } from '../../../../electron/login-item/create.ts';
import { autostartEntry, quoteExec } from '../../../../electron/login-item/linux.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'stoker-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const facts = (changes: Partial<LoginItemFacts> = {}): LoginItemFacts => ({
  platform: 'linux',
  environment: {},
  home,
  packaged: true,
  program: '/opt/Stoker/stoker',
  appFolder: '/opt/Stoker/resources/app.asar',
  dataFolder: null,
  ...changes,
});
const noSystem = {
  setLoginItemSettings() {
    throw new Error('not on Linux');
  },
};

describe('on Linux', () => {
  it('writes an entry into the autostart folder, and takes it away', () => {
    const item = createLoginItem(facts(), noSystem, () => 'Only while needed');
    const file = join(home, '.config/autostart/stoker.desktop');
    item.set(true);
    expect(readFileSync(file, 'utf8').split('\n')).toEqual([
      '[Desktop Entry]',
      'Type=Application',
      'Name=Stoker',
      'Comment=Only while needed',
      'Exec=/opt/Stoker/stoker --at-login',
      'Icon=stoker',
      'Terminal=false',
      'X-GNOME-Autostart-enabled=true',
      '',
    ]);
    item.set(true);
    item.set(false);
    expect(existsSync(file)).toBe(false);
    item.set(false);
  });

  it('writes where XDG_CONFIG_HOME points', () => {
    createLoginItem(facts({ environment: { XDG_CONFIG_HOME: join(home, 'cfg') } }), noSystem, () => '').set(true);
    expect(existsSync(join(home, 'cfg/autostart/stoker.desktop'))).toBe(true);
  });

  it('says so when the folder cannot be written', () => {
    writeFileSync(join(home, '.config'), 'a file');
    expect(() => createLoginItem(facts(), noSystem, () => '').set(true)).toThrow();
  });
});

describe('what is started', () => {
  it('is the AppImage itself: its inside has another path each time', () => {
    const environment = { APPIMAGE: '/home/ada/Stoker 1.AppImage' };
    expect(loginCommand(facts({ environment })).program).toBe('/home/ada/Stoker 1.AppImage');
  });

  it('is on the data folder the user named', () => {
    expect(loginCommand(facts({ dataFolder: '/mnt/data' })).args).toEqual(['--at-login', '--data-dir=/mnt/data']);
  });

  it('from the source is this source on the same Node', () => {
    const source = facts({
      packaged: false,
      program: '/cache/electron',
      appFolder: '/home/ada/stoker',
      environment: { STOKER_ENGINE_NODE: '/usr/bin/node' },
    });
    const entry = autostartEntry(loginCommand(source), '');
    expect(entry).toContain('Exec=env STOKER_ENGINE_NODE=/usr/bin/node /cache/electron /home/ada/stoker --at-login\n');
  });
});

describe('an argument of Exec', () => {
  it.each([
    ['/opt/stoker', '/opt/stoker'],
    ['/home/ada/My Stoker.AppImage', '"/home/ada/My Stoker.AppImage"'],
    ['50%', '50%%'],
    ['a"b', '"a\\\\"b"'],
    ['$HOME `x`', '"\\\\$HOME \\\\`x\\\\`"'],
    ['back\\slash', '"back\\\\\\\\slash"'],
    ['', '""'],
  ])('%j is written as %j', (word, written) => {
    expect(quoteExec(word)).toBe(written);
  });
});

describe('on macOS and Windows', () => {
  function settingsOf(changes: Partial<LoginItemFacts>, on: boolean) {
    const seen: object[] = [];
    const item = createLoginItem(
      facts(changes),
      { setLoginItemSettings: (settings) => void seen.push(settings) },
      () => '',
    );
    item.set(on);
    return { seen, possible: item.possible };
  }

  it('the system keeps the list', () => {
    expect(settingsOf({ platform: 'darwin' }, true)).toEqual({ seen: [{ openAtLogin: true }], possible: true });
    const windows = { platform: 'win32' as const, program: 'C:\\Stoker\\Stoker.exe', dataFolder: 'D:\\data' };
    expect(settingsOf(windows, false).seen).toEqual([
      {
        openAtLogin: false,
        name: 'Stoker',
        path: 'C:\\Stoker\\Stoker.exe',
        args: ['--at-login', '--data-dir=D:\\data'],
      },
    ]);
  });

  it('a build from the source is not put on it: that would start an empty Electron', () => {
    expect(settingsOf({ platform: 'win32', packaged: false }, true)).toEqual({ seen: [], possible: false });
  });
});
