import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_PREFERENCES } from '../../../contract/desktop.ts';
import { chooseLanguage, createPreferences, needsRestart, type PreferenceFile } from '../../../electron/preferences.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-preferences-'));
  file = join(folder, 'preferences.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As electron-store does it: reads and writes the file, and throws on one that is no JSON. */
function open(): PreferenceFile {
  return {
    get store() {
      try {
        return JSON.parse(readFileSync(file, 'utf8'));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
        throw error;
      }
    },
    set store(value) {
      writeFileSync(file, JSON.stringify(value));
    },
  };
}
const create = () => createPreferences({ file, open, now: () => 1234 });

describe('preferences', () => {
  it('begin with the defaults, keep what is changed, and tell', () => {
    const first = create();
    expect(first.get()).toEqual(DEFAULT_PREFERENCES);
    let told = 0;
    const stop = first.onChange(() => {
      told += 1;
    });
    first.change({ appearance: 'dark', startAtLogin: true });
    stop();
    first.change({ language: 'de' });
    expect(told).toBe(1);
    expect(create().get()).toEqual({ ...DEFAULT_PREFERENCES, appearance: 'dark', startAtLogin: true, language: 'de' });
  });

  it('refuse what the contract does not know, and keep what they were', () => {
    const preferences = create();
    expect(() => preferences.change({ appearance: 'pink' } as never)).toThrow();
    expect(() => preferences.change({ colour: 'dark' } as never)).toThrow();
    expect(preferences.get()).toEqual(DEFAULT_PREFERENCES);
  });

  it('lose one wrong value alone', () => {
    writeFileSync(file, JSON.stringify({ appearance: 'pink', notifications: 'off', ofALaterVersion: 1 }));
    const preferences = create();
    expect(preferences.get()).toEqual({ ...DEFAULT_PREFERENCES, notifications: 'off' });
    expect(preferences.keptAside).toBeNull();
  });

  it.each(['{"appearance":', 'null', '[]', '', '\u0000\u0000'])('keep an unreadable file aside: %j', (text) => {
    writeFileSync(file, text);
    const preferences = create();
    expect(preferences.get()).toEqual(DEFAULT_PREFERENCES);
    expect(preferences.keptAside).toBe(`${file}.unreadable-1234`);
    expect(readFileSync(`${file}.unreadable-1234`, 'utf8')).toBe(text);
    preferences.change({ welcomeDone: true });
    expect(readdirSync(folder).sort()).toEqual(['preferences.json', 'preferences.json.unreadable-1234']);
  });

  it('say which change needs the shell to start anew', () => {
    expect(needsRestart(DEFAULT_PREFERENCES, { ...DEFAULT_PREFERENCES, hardwareAcceleration: 'off' })).toBe(true);
    expect(needsRestart(DEFAULT_PREFERENCES, { ...DEFAULT_PREFERENCES, appearance: 'dark', language: 'de' })).toBe(
      false,
    );
  });
});

it('speaks the first language of the system that it knows, else English', () => {
  expect(chooseLanguage('system', ['fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(chooseLanguage('system', ['de_CH'])).toBe('de');
  expect(chooseLanguage('system', ['fr', 'ja'])).toBe('en');
  expect(chooseLanguage('system', [])).toBe('en');
  expect(chooseLanguage('en', ['de'])).toBe('en');
});
