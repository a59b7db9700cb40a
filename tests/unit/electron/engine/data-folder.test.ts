import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findDataFolder, namedDataFolder } from '../../../../electron/engine/data-folder.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.doUnmock('node:path');
  vi.resetModules();
});

/** The engine's own answer; it reads the platform, the environment and the path rules of this process. */
async function engineAnswer(
  platform: NodeJS.Platform,
  environment: Record<string, string>,
  dataDir: string | null,
  demo: boolean,
) {
  vi.resetModules();
  const path = await vi.importActual<typeof import('node:path')>('node:path');
  const rules = platform === 'win32' ? path.win32 : path.posix;
  vi.doMock('node:path', () => ({ ...rules, default: rules }));
  const was = process.platform;
  Object.defineProperty(process, 'platform', { value: platform });
  try {
    for (const name of ['LOCALAPPDATA', 'XDG_DATA_HOME', 'STOKER_DATA_DIR']) vi.stubEnv(name, environment[name]);
    const paths = await import('../../../../engine/platform/paths.ts');
    return paths.findDataFolder(dataDir, environment, demo);
  } finally {
    Object.defineProperty(process, 'platform', { value: was });
  }
}

const cases: readonly (readonly [NodeJS.Platform, Record<string, string>, string | null])[] = [
  ['linux', {}, null],
  ['linux', { XDG_DATA_HOME: '/data/share' }, null],
  ['linux', { XDG_DATA_HOME: '/data/share', STOKER_DATA_DIR: '/elsewhere' }, null],
  ['linux', { STOKER_DATA_DIR: '/elsewhere' }, '/named'],
  ['linux', {}, 'relative/folder'],
  ['darwin', {}, null],
  ['darwin', { XDG_DATA_HOME: '/data/share' }, null],
  ['darwin', {}, '/Volumes/fast/stoker'],
  ['win32', {}, null],
  ['win32', { LOCALAPPDATA: 'D:\\local' }, null],
  ['win32', { STOKER_DATA_DIR: 'E:\\stoker' }, null],
  ['win32', {}, 'E:\\stoker\\'],
];

describe('the folder the shell looks in is the one its engine takes', () => {
  for (const [platform, environment, dataDir] of cases) {
    for (const demo of [false, true]) {
      it(`${platform} ${JSON.stringify(environment)} ${dataDir} ${demo ? 'demo' : ''}`, async () => {
        const facts = { platform, environment, home: homedir() };
        const expected = await engineAnswer(platform, environment, dataDir, demo);
        // A package joins the platform's own place with the separator of this machine.
        const rules = platform === 'win32' ? win32 : posix;
        expect(findDataFolder(dataDir, facts, demo)).toBe(rules.normalize(expected));
      });
    }
  }
});

it('tells a named folder from the platform’s own', () => {
  const facts = { platform: 'linux' as const, environment: {}, home: '/home/ada' };
  expect(namedDataFolder(null, facts)).toBeNull();
  expect(namedDataFolder('/x', facts)).toBe('/x');
  expect(findDataFolder(null, facts, true)).toBe('/home/ada/.local/share/stoker-demo');
});
