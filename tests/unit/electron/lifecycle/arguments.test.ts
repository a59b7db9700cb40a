import { describe, expect, it } from 'vitest';
import { LINK_TARGETS } from '../../../../contract/desktop.ts';
import { parseArguments } from '../../../../electron/lifecycle/arguments.ts';
import { firstPage, type StartFacts } from '../../../../electron/lifecycle/first-page.ts';
import { parseLink } from '../../../../electron/lifecycle/links.ts';
import { relaunchOptions } from '../../../../electron/lifecycle/relaunch.ts';

describe('a link', () => {
  it('opens each page it may', () => {
    for (const target of LINK_TARGETS) expect(parseLink(`stoker://${target}`)).toBe(target);
    // Windows and browsers add a slash and change case.
    expect(parseLink('STOKER://Settings/')).toBe('settings');
  });

  it.each([
    'stoker://',
    'stoker:settings',
    'stoker://quit',
    'stoker://settings/../quit',
    'stoker://settings?import=http://evil',
    'stoker://settings#x',
    'stoker://user@settings',
    'stoker://settings:80',
    'stoker://settings\nstoker://quit',
    'https://settings',
    'file:///etc/passwd',
    ' javascript:alert(1)',
    'stoker://dashboard%2f',
  ])('is refused: %j', (text) => {
    expect(parseLink(text)).toBeNull();
  });
});

describe('the command line', () => {
  it('is read among Chromium’s own switches', () => {
    const words = [
      '--no-sandbox',
      '/app',
      '--demo',
      '--data-dir',
      '/data',
      '--port=8200',
      '--at-login',
      'stoker://logs',
    ];
    expect(parseArguments(words)).toEqual({
      demo: true,
      dataDir: '/data',
      port: 8200,
      atLogin: true,
      link: 'logs',
    });
    expect(parseArguments(['--user-data-dir=/x'])).toEqual({
      demo: false,
      dataDir: null,
      port: null,
      atLogin: false,
      link: null,
    });
  });

  it('takes no other switch for a value, and no nonsense for a port', () => {
    expect(parseArguments(['--data-dir', '--demo'])).toMatchObject({ dataDir: null, demo: true });
    for (const port of ['', 'x', '70000', '-1', '80.5']) {
      expect(parseArguments([`--port=${port}`]).port).toBeNull();
    }
    expect(parseArguments(['--port', '0']).port).toBe(0);
  });

  it('opens nothing for a link that is none of ours', () => {
    expect(parseArguments(['stoker://settings', 'stoker://evil']).link).toBeNull();
  });
});

describe('what a start opens', () => {
  const facts: StartFacts = {
    args: { link: null, demo: false },
    preferences: { openOnStart: 'comfyui', showTrayIcon: true, welcomeDone: true },
    startedByLogin: false,
  };
  const withPreferences = (changes: Partial<StartFacts['preferences']>): StartFacts => ({
    ...facts,
    preferences: { ...facts.preferences, ...changes },
  });

  it('is what the user chose', () => {
    expect(firstPage(facts)).toBe('comfyui');
    expect(firstPage(withPreferences({ openOnStart: 'nothing' }))).toBeNull();
  });

  it('is the guide the first time', () => {
    expect(firstPage(withPreferences({ welcomeDone: false }))).toBe('welcome');
    expect(firstPage({ ...withPreferences({ welcomeDone: false }), args: { link: null, demo: true } })).toBe('comfyui');
  });

  it('is nothing at login, also the first time', () => {
    expect(firstPage({ ...withPreferences({ welcomeDone: false }), startedByLogin: true })).toBeNull();
  });

  it('is what a link names before all', () => {
    expect(firstPage({ ...facts, args: { ...facts.args, link: 'doctor' }, startedByLogin: true })).toBe('doctor');
  });

  it('is something where no icon would show that it runs', () => {
    expect(firstPage(withPreferences({ openOnStart: 'nothing', showTrayIcon: false }))).toBe('dashboard');
  });
});

describe('starting the shell anew', () => {
  it('keeps the data folder, follows the demo, and opens no link again', () => {
    const words = ['/app', '--data-dir', '/data', '--port', '0', '--at-login', 'stoker://logs'];
    // Bound: Chromium puts the switches first, and their values among the rest.
    expect(relaunchOptions({ words, environment: {}, demo: true })).toEqual({
      args: ['/app', '--data-dir=/data', '--port=0', '--demo'],
    });
    expect(relaunchOptions({ words: ['--demo'], environment: {}, demo: false })).toEqual({ args: [] });
  });

  it('starts the AppImage, whose inside is gone by then', () => {
    const environment = { APPIMAGE: '/home/ada/Stoker.AppImage' };
    expect(relaunchOptions({ words: [], environment, demo: false }).execPath).toBe('/home/ada/Stoker.AppImage');
  });
});
