/**
 * A process that does what an engine does around its lifeline and nothing else: launches a stand-in for ComfyUI, starts the
 * lifeline, writes the record, says so in one line of JSON, and waits to be killed or told by a word on stdin.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { silentLog } from '../../engine/platform/log.ts';
import { createStartLifeline } from '../../engine/supervisor/processes/lifeline.ts';
import { createProcessRecords } from '../../engine/supervisor/processes/orphans.ts';
import { createProcessTable } from '../../engine/supervisor/processes/process-table.ts';

export interface StandInOptions {
  readonly recordFile: string;
  /** Shell text that stands for ComfyUI. */
  readonly comfyui: string;
  readonly waitSeconds: number;
  readonly graceSeconds: number;
}

export interface StandInReport {
  readonly rootPid: number;
  /** A program started after the lifeline, which outlives the engine. */
  readonly laterPid: number;
}

const NONCE = 'stand-in-nonce';
const options = JSON.parse(process.argv[2] ?? '{}') as StandInOptions;
const table = createProcessTable();
const records = createProcessRecords({ file: options.recordFile, table });

const comfyui = spawn('/bin/sh', ['-c', options.comfyui], {
  detached: true,
  stdio: 'ignore',
  env: { ...process.env, STOKER_NONCE: NONCE },
});
const rootPid = comfyui.pid ?? 0;
const lifeline = createStartLifeline({ log: silentLog() })({
  rootPid,
  recordFile: options.recordFile,
  waitSeconds: options.waitSeconds,
  graceSeconds: options.graceSeconds,
});
const later = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
comfyui.unref();
later.unref();

const root = await table.find(rootPid);
records.write({
  pid: rootPid,
  startToken: root?.startToken ?? 'gone',
  nonce: NONCE,
  host: '127.0.0.1',
  port: 8190,
  generation: 1,
  enginePid: process.pid,
  launchedAt: Date.now(),
  withoutCustomNodes: false,
});
console.log(JSON.stringify({ rootPid, laterPid: later.pid ?? 0 } satisfies StandInReport));

// `release` takes the watch off; the end of stdin lets this process run out, which only a lifeline that holds it would prevent.
createInterface({ input: process.stdin }).on('line', (word) => {
  if (word !== 'release') return;
  lifeline.release();
  console.log('released');
});
