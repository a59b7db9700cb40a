/** `npm run check`: the fast half of the proof, for every save: lint, types, layers and unit tests. */
import { availableParallelism } from 'node:os';
import { checkNode, ensureInstalled } from './prepare.mjs';
import { printSummary, runSteps } from './steps.mjs';

checkNode();
ensureInstalled();

// Longest first, so that nothing long begins last.
const steps = [
  { name: 'unit tests', script: ['test:unit', '--reporter=dot'] },
  { name: 'types', script: ['types'] },
  { name: 'layers', script: ['layers'] },
  { name: 'lint', script: ['lint'] },
];
const outcomes = await runSteps(steps, Math.min(2, availableParallelism()));
printSummary(outcomes);
const failed = outcomes.filter(({ ok }) => !ok);
console.log(failed.length === 0 ? 'All good.' : `${failed.length} of ${outcomes.length} failed.`);
process.exitCode = failed.length === 0 ? 0 : 1;
