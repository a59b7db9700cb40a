import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const load = (name: string) => import(pathToFileURL(resolve(import.meta.dirname, '../../../build', name)).href);
const { chooseRuntime, electronCache } = await load('electron-runtime.mjs');
const { packAsar } = await load('electron-runtime-asar.mjs');

const runtime = (origin: string) => ({ dist: `/${origin}`, executable: `/${origin}/electron`, version: '1', origin });
const places = { fromOverride: 'override', fromNpm: 'npm', installFromNpm: 'npm', fromWheel: 'wheel' };

/** A choice in which only these have something; also says who was asked, in order. */
function choose(having: readonly (keyof typeof places)[], override?: string) {
  const asked: string[] = [];
  const place = ([name, origin]: [string, string]) => [
    name,
    () => {
      asked.push(name);
      return having.some((each) => each === name) ? runtime(origin) : null;
    },
  ];
  const chosen = chooseRuntime({ override, ...Object.fromEntries(Object.entries(places).map(place)) });
  return { chosen, asked };
}

test('the one that the user named is taken, and nothing else is asked', () => {
  expect(choose(['fromOverride', 'fromNpm', 'fromWheel'], '/mine')).toEqual({
    chosen: runtime('override'),
    asked: ['fromOverride'],
  });
});

test('a named one that is not there is told, never replaced by another', () => {
  expect(choose(['fromNpm', 'fromWheel'], '/mine').chosen).toEqual({
    none: 'ELECTRON_OVERRIDE_DIST_PATH names /mine, but there is no Electron in it.',
  });
});

test('the one of npm is taken before anything is downloaded', () => {
  expect(choose(['fromNpm', 'installFromNpm', 'fromWheel'])).toEqual({ chosen: runtime('npm'), asked: ['fromNpm'] });
});

test('the one of npm is downloaded before the one of the wheel is', () => {
  expect(choose(['installFromNpm', 'fromWheel'])).toEqual({
    chosen: runtime('npm'),
    asked: ['fromNpm', 'installFromNpm'],
  });
});

test('the one of the wheel is the last', () => {
  expect(choose(['fromWheel']).chosen).toEqual(runtime('wheel'));
});

test.each([
  ['linux', {}, '/home/a/.cache/stoker/electron'],
  ['linux', { XDG_CACHE_HOME: '/cache' }, '/cache/stoker/electron'],
  ['darwin', { XDG_CACHE_HOME: '/cache' }, '/home/a/Library/Caches/stoker/electron'],
  ['win32', { LOCALAPPDATA: '/local' }, '/local/stoker/Cache/electron'],
  ['linux', { STOKER_ELECTRON_CACHE: '/elsewhere', XDG_CACHE_HOME: '/cache' }, '/elsewhere'],
])('on %s with %o runtimes are kept in %s', (platform, environment, folder) => {
  expect(electronCache(environment, platform, '/home/a')).toBe(folder);
});

test('what is packed is read back by the library that electron-builder packs with', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stoker-asar-'));
  try {
    const files = {
      'package.json': Buffer.from('{ "main": "main.cjs" }'),
      'main.cjs': Buffer.from('a line\n'.repeat(9)),
    };
    const archive = join(folder, 'some.asar');
    writeFileSync(archive, packAsar(files));
    const asar = createRequire(import.meta.url)('@electron/asar');
    expect(asar.listPackage(archive, {})).toEqual(['/package.json', '/main.cjs']);
    for (const [name, content] of Object.entries(files)) expect(asar.extractFile(archive, name)).toEqual(content);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
