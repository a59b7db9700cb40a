import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeToyCheckout, type ToyCheckout } from '../../support/toy-checkout.ts';

let checkout: ToyCheckout;
beforeEach(() => {
  checkout = makeToyCheckout();
});
afterEach(() => checkout.remove());

/** As an editor would a minute from now, or npm when the lock file changed. */
function touch(path: string): void {
  const soon = Date.now() / 1000 + 60;
  utimesSync(join(checkout.folder, path), soon, soon);
}
const start = (...words: string[]) => checkout.run('build/start.mjs', '--headless', ...words);
const startAsIs = (...words: string[]) => checkout.run('build/start.mjs', ...words);
const NO_DISPLAY = 'Without the tray application: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set).\n';

test('from a fresh clone it installs, builds and serves, with the arguments and the exit code of stoker', async () => {
  const { code, stdout, stderr } = await start('--demo', '--port', '0');
  expect({ code, stdout }).toEqual({ code: 7, stdout: '["serve","--demo","--port","0"]\n' });
  expect(stderr).toBe('Installing dependencies (npm ci)…\nBuilding…\n');
  expect(checkout.npmCalls()).toEqual(['ci']);
});

test('the second time it says nothing of its own', async () => {
  await start();
  checkout.npmCalls();
  expect(await start()).toEqual({ code: 7, stdout: '["serve"]\n', stderr: '' });
  expect(checkout.npmCalls()).toEqual([]);
});

test('builds again when a source is newer, once', async () => {
  await start();
  touch('engine/engine.ts');
  expect((await start()).stderr).toBe('Building…\n');
  expect((await start()).stderr).toBe('');
});

test('installs again when the lock file is newer', async () => {
  await start();
  checkout.npmCalls();
  touch('package-lock.json');
  await start();
  expect(checkout.npmCalls()).toEqual(['ci']);
});

test('a build that fails is shown, and tried again the next time', async () => {
  checkout.write('build/build.mjs', 'console.log("engine.ts: no such thing"); process.exit(1);');
  for (const attempt of [1, 2]) {
    const { code, stdout, stderr } = await start();
    expect({ attempt, code, stdout }).toEqual({ attempt, code: 1, stdout: '' });
    expect(stderr).toContain('Building…\nengine.ts: no such thing');
  }
});

test('a Node that is too old is told in a sentence', async () => {
  checkout.write('package.json', '{ "type": "module", "engines": { "node": ">=99.1" } }');
  expect(await start()).toEqual({
    code: 1,
    stdout: '',
    stderr: `Stoker needs Node 99.1 or newer; this is Node ${process.versions.node}. See https://nodejs.org.\n`,
  });
});

test('without a display it serves, and says why there is no tray application', async () => {
  await start();
  expect(await startAsIs('--demo')).toEqual({ code: 7, stdout: '["serve","--demo"]\n', stderr: NO_DISPLAY });
});

test('with a display it opens the tray application, on the Node that runs npm', async () => {
  await start();
  checkout.setEnvironment('DISPLAY', ':0');
  checkout.installElectron();
  const { code, stdout, stderr } = await startAsIs('--demo', '--data-dir', '/tmp/there');
  expect(code).toBe(0);
  const words: string[] = JSON.parse(stdout);
  const isRoot = process.getuid?.() === 0;
  expect(words.includes('--no-sandbox')).toBe(isRoot);
  expect(stderr.includes('--no-sandbox')).toBe(isRoot);
  expect(words.slice(-5)).toEqual([checkout.folder, '--demo', '--data-dir', '/tmp/there', process.execPath]);
});

test('words that the engine alone knows start the engine alone', async () => {
  await start();
  checkout.setEnvironment('DISPLAY', ':0');
  checkout.installElectron();
  expect(await startAsIs('--host', '0.0.0.0')).toEqual({
    code: 7,
    stdout: '["serve","--host","0.0.0.0"]\n',
    stderr: 'Without the tray application: only the engine knows --host.\n',
  });
});

test('with a display and no Electron it serves, and says why', async () => {
  await start();
  checkout.setEnvironment('DISPLAY', ':0');
  const { code, stdout, stderr } = await startAsIs();
  expect({ code, stdout }).toEqual({ code: 7, stdout: '["serve"]\n' });
  expect(stderr).toContain('Without the tray application: ELECTRON_OVERRIDE_DIST_PATH names');
});

test('a tray application that fails is told, with the way to do without', async () => {
  await start();
  checkout.setEnvironment('DISPLAY', ':0');
  checkout.installElectron(9);
  const { code, stderr } = await startAsIs();
  expect(code).toBe(9);
  expect(stderr).toContain('The tray application ended with 9. To run without it: npm start -- --headless');
});
