/** Runs the steps of a check, some at a time, and says how each went. */
import { spawn } from 'node:child_process';
import { npmCommand, root } from './prepare.mjs';

/**
 * @typedef {{ name: string, script: string[], environment?: Record<string, string> }} Step `script`: an npm script and its arguments
 * @typedef {{ name: string, ok: boolean, seconds: number }} Outcome
 */

/** What a step prints is shown when it failed, or as it comes with `live`. @returns {Promise<Outcome>} */
export function runStep({ name, script, environment = {} }, { live = false } = {}) {
  const [command, args] = npmCommand('run', '--silent', script[0], '--', ...script.slice(1));
  const startedAt = performance.now();
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.on('error', (error) => {
      output += error.message;
    });
    child.on('close', (code) => {
      const outcome = { name, ok: code === 0, seconds: (performance.now() - startedAt) / 1000 };
      if (!outcome.ok && !live) console.log(`--- ${name} failed ---\n${output.trimEnd()}\n`);
      done(outcome);
    });
  });
}

/** @param {Step[]} steps @param {number} width how many at a time @returns {Promise<Outcome[]>} in the order of the steps */
export async function runSteps(steps, width) {
  const outcomes = [];
  const waiting = steps.entries();
  const work = async () => {
    for (const [index, step] of waiting) outcomes[index] = await runStep(step);
  };
  await Promise.all(Array.from({ length: width }, work));
  return outcomes;
}

/** @param {(Outcome & { note?: string })[]} outcomes */
export function printSummary(outcomes) {
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  console.log('');
  for (const { name, ok, seconds, note = '' } of outcomes) {
    console.log(
      `${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s  ${note}`.trimEnd(),
    );
  }
}
