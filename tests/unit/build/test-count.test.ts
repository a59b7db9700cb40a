import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const script = resolve(import.meta.dirname, '../../../build/test-count.mjs');
const { countTests, failedTests } = await import(pathToFileURL(script).href);

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});

test.each([
  ['all good', [file('passed', 'passed', 'passed')], 0, { passed: 2, failed: 0, skipped: 0, note: '' }],
  ['a failed test', [file('failed', 'passed', 'failed')], 1, { passed: 1, failed: 1, skipped: 0, note: '' }],
  [
    'skipped and todo',
    [file('passed', 'passed', 'skipped', 'todo')],
    0,
    { passed: 1, failed: 0, skipped: 2, note: '' },
  ],
  [
    'a file that does not load and one whose hook failed',
    [file('failed'), file('failed', 'skipped'), file('passed', 'passed')],
    1,
    { passed: 1, failed: 2, skipped: 1, note: '2 files did not load' },
  ],
  ['no file at all', [], 0, { passed: 0, failed: 1, skipped: 0, note: 'ran no test' }],
  ['only skipped tests', [file('passed', 'skipped')], 0, { passed: 0, failed: 1, skipped: 1, note: 'ran no test' }],
  [
    'an error outside any test',
    [file('passed', 'passed')],
    1,
    { passed: 1, failed: 1, skipped: 0, note: 'ended with code 1' },
  ],
])('%s', (_, testResults, exitCode, counts) => {
  expect(countTests({ testResults }, exitCode)).toEqual(counts);
});

test('no report is a failure', () => {
  expect(countTests(null, 1)).toMatchObject({ passed: 0, failed: 1, note: 'wrote no report' });
});

test('the end of a long log names what to mend', () => {
  const failed = (fullName: string, ...failureMessages: string[]) => ({ status: 'failed', fullName, failureMessages });
  const testResults = [
    { name: '/clone/tests/a.test.ts', status: 'passed', assertionResults: [{ status: 'passed', fullName: 'is good' }] },
    {
      name: '/clone/tests/b.test.ts',
      status: 'failed',
      assertionResults: [failed('wakes', 'Error: no\n    at b.ts:1')],
    },
    { name: '/clone/tests/c.test.ts', status: 'failed', assertionResults: [], message: 'Cannot find module\nat c' },
  ];
  expect(failedTests({ testResults }, '/clone')).toEqual([
    'tests/b.test.ts > wakes: Error: no',
    'tests/c.test.ts: Cannot find module',
  ]);
  expect(failedTests(null, '/clone')).toEqual([]);
});
