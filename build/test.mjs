/**
 * `npm test`: the whole proof on a fresh clone. Lint, types and layers count as a test each when they fail; the last line
 * is `N passed, N failed`, with `, N skipped` when something was skipped.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DESKTOP_NEEDS, ensureDebianPackages, PACKAGING_NEEDS } from './debian-packages.mjs';
import { findElectron } from './electron-runtime.mjs';
import { checkNode, ensureInstalled, root } from './prepare.mjs';
import { printSummary, runStep, runSteps } from './steps.mjs';
import { countTests, failedTests } from './test-count.mjs';

const CHROMIUM = process.env.STOKER_CHROMIUM ?? '/usr/bin/chromium';

checkNode();
ensureInstalled();
const reasonsToSkip = { browser: withoutBrowser(), electron: withoutDesktop() };
reasonsToSkip.packages = reasonsToSkip.electron ?? withoutPackagingTools();
for (const [suite, reason] of Object.entries(reasonsToSkip)) {
  if (reason !== null) console.log(`\n*** SKIPPED: the ${suite} tests. ${reason} ***\n`);
}

const outcomes = await runSteps(
  [
    { name: 'types', script: ['types'] },
    { name: 'layers', script: ['layers'] },
    { name: 'lint', script: ['lint'] },
  ],
  2,
);
let passed = 0;
let failed = outcomes.filter(({ ok }) => !ok).length;
let skipped = 0;
const failures = [];

const parent = join(root, 'node_modules/.cache/stoker-test');
mkdirSync(parent, { recursive: true });
const buildFolder = mkdtempSync(join(parent, 'build-'));
const build = await runStep({ name: 'build', script: ['build'], environment: { STOKER_BUILD_DIR: buildFolder } });
outcomes.push(build);
if (!build.ok) failed += 1;

for (const suite of ['unit', 'integration', 'browser', 'electron', 'packages']) {
  const reason = reasonsToSkip[suite] ?? null;
  if (reason !== null) {
    skipped += 1;
    outcomes.push({ name: `${suite} tests`, ok: true, seconds: 0, note: `SKIPPED: ${reason}` });
    continue;
  }
  const { outcome, counts, failures: failedHere } = await runSuite(suite);
  passed += counts.passed;
  failed += counts.failed;
  skipped += counts.skipped;
  outcomes.push(outcome);
  failures.push(...failedHere);
}
rmSync(buildFolder, { recursive: true, force: true });

printSummary(outcomes);
if (failures.length > 0) console.log(`\n${failures.map((failure) => `FAILED  ${failure}`).join('\n')}\n`);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;

async function runSuite(suite) {
  const reportFile = join(root, 'tests/output', `${suite}.json`);
  rmSync(reportFile, { force: true });
  console.log(`\n--- ${suite} tests ---`);
  const outcome = await runStep(
    {
      name: `${suite} tests`,
      script: [`test:${suite}`, '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`],
      environment: { STOKER_TEST_BUILD: buildFolder },
    },
    { live: true },
  );
  const report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : null;
  const counts = countTests(report, outcome.ok ? 0 : 1);
  const note = [`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`, counts.note];
  return {
    counts,
    failures: failedTests(report, root),
    outcome: { ...outcome, ok: counts.failed === 0, note: note.filter(Boolean).join('; ') },
  };
}

/** Each: why a suite cannot run here, in a sentence; null when it can. */
function withoutBrowser() {
  const missing = ensureDebianPackages('the browser tests', [{ package: 'chromium', program: CHROMIUM }]);
  return missing.length > 0 ? `There is no ${CHROMIUM}; install Chromium to run them.` : null;
}

function withoutDesktop() {
  if (process.platform !== 'linux') return 'They need the X server and the buses of Linux.';
  const runtime = findElectron({ allowInstall: true, say: console.log });
  if ('none' in runtime) return runtime.none;
  return sentenceOf(ensureDebianPackages('the electron tests', DESKTOP_NEEDS));
}

function withoutPackagingTools() {
  return sentenceOf(ensureDebianPackages('the packages tests', PACKAGING_NEEDS));
}

function sentenceOf(missing) {
  return missing.length > 0
    ? `They need ${missing.join(', ')} (names of Debian packages): install and try again.`
    : null;
}
