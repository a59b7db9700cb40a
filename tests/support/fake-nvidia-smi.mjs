/**
 * Stands for nvidia-smi as a real process: prints what its plan says, at the plan's pace, until it is told otherwise or its pipe closes.
 * Reads `plan.json` beside itself at every sample, so that a test changes its mind while it runs; notes every start in `starts.jsonl`.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const folder = process.env.FAKE_SMI_FOLDER;
const args = process.argv.slice(2);
const readPlan = () => JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'));

appendFileSync(join(folder, 'starts.jsonl'), `${JSON.stringify({ pid: process.pid, args })}\n`);
process.stdout.on('error', () => process.exit(1));
if (readPlan().ignoreSigterm) process.on('SIGTERM', () => undefined);

const section = args.includes('-L')
  ? 'list'
  : args.includes('-x')
    ? 'xml'
    : args.some((arg) => arg.startsWith('--query-compute-apps'))
      ? 'apps'
      : 'gpu';

if (section === 'list') {
  process.stdout.write(readPlan().list);
  process.exit(0);
}
let printed = 0;
for (let sample = 0; ; sample += 1) {
  const plan = readPlan();
  const fails = section === 'gpu' && plan.fail && sample >= plan.fail.afterSamples;
  if (fails) {
    process.stdout.write(`${plan.fail.text}\n`);
    process.exitCode = plan.fail.code;
    break;
  }
  const lines = plan.garbage && section === 'gpu' ? plan.garbage : plan[section];
  if (plan.hang) {
    if (section === 'gpu') writeFileSync(join(folder, 'hanging'), String(printed));
  } else {
    // Recorded rows bear the time of their recording.
    const now = new Date().toISOString().replace('T', ' ').slice(0, 23);
    for (const row of lines) {
      const line = section === 'apps' ? row.replace(/^[^,]*/, now) : row;
      await print(`${line}${plan.lineEnd ?? '\n'}`, plan.pieces ?? 1);
    }
    printed += 1;
  }
  await sleep(plan.everyMs);
}

/** In pieces, as a pipe may hand them on. */
async function print(text, pieces) {
  const size = Math.ceil(text.length / pieces);
  for (let at = 0; at < text.length; at += size) {
    process.stdout.write(text.slice(at, at + size));
    if (pieces > 1) await sleep(1);
  }
}
