/** Reads what a suite of vitest did from its JSON report: the counts, and what failed. What did not run as it should counts as failed. */
import { relative } from 'node:path';

/**
 * @param report of vitest's json reporter; null when it wrote none
 * @param exitCode of vitest
 * @returns {{ passed: number, failed: number, skipped: number, note: string }} `note`: why something failed that is not a test
 */
export function countTests(report, exitCode) {
  const files = report?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const failedOnes = tests.filter(({ status }) => status === 'failed').length;
  const skipped = tests.length - passed - failedOnes;
  // An import error or a failed hook: the file has failed, none of its tests has.
  const brokenFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length;
  const failed = failedOnes + brokenFiles;
  if (report === null) return { passed, failed: failed + 1, skipped, note: 'wrote no report' };
  if (passed + failed === 0) return { passed, failed: 1, skipped, note: 'ran no test' };
  if (exitCode !== 0 && failed === 0) return { passed, failed: 1, skipped, note: `ended with code ${exitCode}` };
  return { passed, failed, skipped, note: brokenFiles > 0 ? `${brokenFiles} files did not load` : '' };
}

/**
 * Who reads only the end of a long log, as that of a continuous integration, must still learn what to mend.
 *
 * @param report of vitest's json reporter; null when it wrote none
 * @param folder paths are told from there
 * @returns {string[]} one line for each test that failed and for each file that did not load
 */
export function failedTests(report, folder) {
  return (report?.testResults ?? []).flatMap((file) => {
    const path = relative(folder, file.name);
    const tests = file.assertionResults.filter(({ status }) => status === 'failed');
    if (tests.length === 0) return file.status === 'failed' ? [`${path}: ${firstLine(file.message)}`] : [];
    return tests.map(({ fullName, failureMessages }) => `${path} > ${fullName}: ${firstLine(failureMessages?.[0])}`);
  });
}

const firstLine = (text = '') => (text.split('\n', 1)[0] ?? '').slice(0, 300);
