import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeToyCheckout, type ToyCheckout } from '../../support/toy-checkout.ts';

/** What the desktop and packages suites need: here so that nothing is installed, whatever machine this is. */
const { DESKTOP_NEEDS, PACKAGING_NEEDS } = await import(
  pathToFileURL(resolve(import.meta.dirname, '../../../build/debian-packages.mjs')).href
);
const NEEDS: { program?: string; library?: string }[] = [...DESKTOP_NEEDS, ...PACKAGING_NEEDS];
const SYSTEM_PROGRAMS = NEEDS.flatMap(({ program }) => program ?? []);
const SYSTEM_LIBRARIES = NEEDS.flatMap(({ library }) => library ?? []);

let checkout: ToyCheckout;
beforeEach(() => {
  checkout = makeToyCheckout();
  for (const name of ['unit', 'integration', 'browser', 'electron', 'packages']) suite(name, ['passed', 'passed']);
  checkout.installElectron();
  for (const name of [...SYSTEM_PROGRAMS, 'apt-get']) checkout.program(name, '#!/bin/sh\n');
  checkout.program(
    'ldconfig',
    `#!/bin/sh\ncat <<'END'\n${SYSTEM_LIBRARIES.map((name) => `\t${name} (libc6)`).join('\n')}\nEND\n`,
  );
});
afterEach(() => checkout.remove());

/** Makes a suite write a report with these tests and end with this code, as vitest does. */
function suite(name: string, statuses: readonly string[], exitCode = 0): void {
  const status = statuses.includes('failed') ? 'failed' : 'passed';
  const assertionResults = statuses.map((each) => ({
    status: each,
    fullName: 'wakes',
    failureMessages: ['Error: it slept on\n    at wakes'],
  }));
  const testResults = [{ name: `${checkout.folder}/tests/${name}.test.ts`, status, assertionResults }];
  checkout.script(
    `test:${name}`,
    `const file = args.find((arg) => arg.startsWith('--outputFile')).split('=')[1];
     require('node:fs').mkdirSync(require('node:path').dirname(file), { recursive: true });
     require('node:fs').writeFileSync(file, ${JSON.stringify(JSON.stringify({ testResults }))});
     process.exitCode = ${exitCode};`,
  );
}

async function npmTest() {
  const { code, stdout } = await checkout.run('build/test.mjs');
  return { code, stdout, lastLine: stdout.trimEnd().split('\n').at(-1) };
}

test('on a fresh clone it installs, checks, builds, runs every suite, and counts last', async () => {
  expect(await npmTest()).toMatchObject({ code: 0, lastLine: '10 passed, 0 failed' });
  const calls = checkout.npmCalls();
  expect(calls[0]).toBe('ci');
  expect(calls.slice(1, 4).sort()).toEqual(['run layers', 'run lint', 'run types']);
  expect(calls.slice(4)).toEqual([
    'run build',
    'run test:unit',
    'run test:integration',
    'run test:browser',
    'run test:electron',
    'run test:packages',
  ]);
});

test('a failed test fails the whole and does not keep the other suites from running', async () => {
  suite('unit', ['passed', 'failed', 'skipped'], 1);
  const { code, stdout, lastLine } = await npmTest();
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '9 passed, 1 failed, 1 skipped' });
  expect(stdout.slice(stdout.lastIndexOf('packages tests'))).toContain(
    '\nFAILED  tests/unit.test.ts > wakes: Error: it slept on\n',
  );
});

test.each(['lint', 'types', 'layers', 'build'])('a failed %s step counts as one failed, and is shown', async (name) => {
  checkout.script(name, 'console.log("something is forbidden"); process.exitCode = 1;');
  const { code, stdout, lastLine } = await npmTest();
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '10 passed, 1 failed' });
  expect(stdout).toContain(`--- ${name} failed ---\nsomething is forbidden`);
});

test('a suite that ran no test is a failure', async () => {
  suite('integration', []);
  const { code, stdout, lastLine } = await npmTest();
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '8 passed, 1 failed' });
  expect(stdout).toContain('ran no test');
});

test('a suite that died before its report is a failure', async () => {
  checkout.script('test:integration', 'process.exitCode = 1;');
  expect(await npmTest()).toMatchObject({ code: 1, lastLine: '8 passed, 1 failed' });
});

test('a report of an earlier run is not counted', async () => {
  await npmTest();
  checkout.script('test:unit', '');
  expect(await npmTest()).toMatchObject({ code: 1, lastLine: '8 passed, 1 failed' });
});

test('without an Electron the desktop and packages suites are skipped, loudly and counted', async () => {
  checkout.setEnvironment('ELECTRON_OVERRIDE_DIST_PATH', '/nowhere');
  const { code, stdout, lastLine } = await npmTest();
  expect({ code, lastLine }).toEqual({ code: 0, lastLine: '6 passed, 0 failed, 2 skipped' });
  for (const name of ['electron', 'packages']) {
    expect(stdout).toContain(
      `*** SKIPPED: the ${name} tests. ELECTRON_OVERRIDE_DIST_PATH names /nowhere, but there is no Electron in it. ***`,
    );
  }
  expect(checkout.npmCalls().slice(-1)).toEqual(['run test:browser']);
});

test('without a browser its suite is skipped, loudly and counted', async () => {
  checkout.setEnvironment('STOKER_CHROMIUM', '/nowhere');
  const { code, stdout, lastLine } = await npmTest();
  expect({ code, lastLine }).toEqual({ code: 0, lastLine: '8 passed, 0 failed, 1 skipped' });
  expect(stdout).toContain('*** SKIPPED: the browser tests. There is no /nowhere; install Chromium to run them. ***');
});
