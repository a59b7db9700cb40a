/** Counts what a suite of vitest did, from its JSON report. What did not run as it should counts as failed. */

/**
 * @param report of vitest's json reporter; null when it wrote none
 * @param exitCode of vitest
 * @returns {{ passed: number, failed: number, skipped: number, note: string }} `note`: why something failed that is not a test
 */
export function countTests(report, exitCode) {
  const files = report?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const failedTests = tests.filter(({ status }) => status === 'failed').length;
  const skipped = tests.length - passed - failedTests;
  // An import error or a failed hook: the file has failed, none of its tests has.
  const brokenFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length;
  const failed = failedTests + brokenFiles;
  if (report === null) return { passed, failed: failed + 1, skipped, note: 'wrote no report' };
  if (passed + failed === 0) return { passed, failed: 1, skipped, note: 'ran no test' };
  if (exitCode !== 0 && failed === 0) return { passed, failed: 1, skipped, note: `ended with code ${exitCode}` };
  return { passed, failed, skipped, note: brokenFiles > 0 ? `${brokenFiles} files did not load` : '' };
}
