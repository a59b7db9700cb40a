import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeToyCheckout, type ToyCheckout } from '../../support/toy-checkout.ts';

let checkout: ToyCheckout;
beforeEach(() => {
  checkout = makeToyCheckout();
  for (const name of ['unit', 'integration', 'browser']) suite(name, ['passed', 'passed']);
});
afterEach(() => checkout.remove());

/** Makes a suite write a report with these tests and end with this code, as vitest does. */
function suite(name: string, statuses: readonly string[], exitCode = 0): void {
  const status = statuses.includes('failed') ? 'failed' : 'passed';
  const testResults = [{ status, assertionResults: statuses.map((each) => ({ status: each })) }];
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
  expect(await npmTest()).toMatchObject({ code: 0, lastLine: '6 passed, 0 failed' });
  const calls = checkout.npmCalls();
  expect(calls[0]).toBe('ci');
  expect(calls.slice(1, 4).sort()).toEqual(['run layers', 'run lint', 'run types']);
  expect(calls.slice(4)).toEqual(['run build', 'run test:unit', 'run test:integration', 'run test:browser']);
});

test('a failed test fails the whole and does not keep the other suites from running', async () => {
  suite('unit', ['passed', 'failed', 'skipped'], 1);
  expect(await npmTest()).toMatchObject({ code: 1, lastLine: '5 passed, 1 failed, 1 skipped' });
});

test.each(['lint', 'types', 'layers', 'build'])('a failed %s step counts as one failed, and is shown', async (name) => {
  checkout.script(name, 'console.log("something is forbidden"); process.exitCode = 1;');
  const { code, stdout, lastLine } = await npmTest();
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '6 passed, 1 failed' });
  expect(stdout).toContain(`--- ${name} failed ---\nsomething is forbidden`);
});

test('a suite that ran no test is a failure', async () => {
  suite('integration', []);
  const { code, stdout, lastLine } = await npmTest();
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '4 passed, 1 failed' });
  expect(stdout).toContain('ran no test');
});

test('a suite that died before its report is a failure', async () => {
  checkout.script('test:integration', 'process.exitCode = 1;');
  expect(await npmTest()).toMatchObject({ code: 1, lastLine: '4 passed, 1 failed' });
});

test('a report of an earlier run is not counted', async () => {
  await npmTest();
  checkout.script('test:unit', '');
  expect(await npmTest()).toMatchObject({ code: 1, lastLine: '4 passed, 1 failed' });
});
