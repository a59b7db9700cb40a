/**
 * `npm test`: the whole proof on a fresh clone. Lint, types and layers count as a test each when they fail; the last line
 * is `N passed, N failed`, with `, N skipped` when something was skipped.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode, ensureInstalled, root } from './prepare.mjs';
import { printSummary, runStep, runSteps } from './steps.mjs';
import { countTests } from './test-count.mjs';

const CHROMIUM = process.env.STOKER_CHROMIUM ?? '/usr/bin/chromium';

checkNode();
ensureInstalled();
const hasBrowser = ensureChromium();

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

const parent = join(root, 'node_modules/.cache/stoker-test');
mkdirSync(parent, { recursive: true });
const buildFolder = mkdtempSync(join(parent, 'build-'));
const build = await runStep({ name: 'build', script: ['build'], environment: { STOKER_BUILD_DIR: buildFolder } });
outcomes.push(build);
if (!build.ok) failed += 1;

for (const suite of ['unit', 'integration', 'browser']) {
  if (suite === 'browser' && !hasBrowser) {
    skipped += 1;
    outcomes.push({ name: 'browser tests', ok: true, seconds: 0, note: 'SKIPPED: there is no Chromium' });
    continue;
  }
  const { outcome, counts } = await runSuite(suite);
  passed += counts.passed;
  failed += counts.failed;
  skipped += counts.skipped;
  outcomes.push(outcome);
}
rmSync(buildFolder, { recursive: true, force: true });

printSummary(outcomes);
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
  return { counts, outcome: { ...outcome, ok: counts.failed === 0, note: note.filter(Boolean).join('; ') } };
}

/** Installs Chromium where that is ours to do: as root on Debian. Says loudly when it is missing. */
function ensureChromium() {
  if (existsSync(CHROMIUM)) return true;
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (mayInstall) {
    console.log('Installing Chromium for the browser tests (apt-get)…');
    const quiet = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    };
    spawnSync('apt-get', ['update', '-qq'], quiet);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
    if (existsSync(CHROMIUM)) return true;
  }
  console.log(`\n*** SKIPPED: the browser tests. There is no ${CHROMIUM}; install Chromium to run them. ***\n`);
  return false;
}
