import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAmdToolSource } from '../../../engine/gpu/amd-tools.ts';
import type { SourceReport } from '../../../engine/gpu/source.ts';
import { gpuFixture } from '../../support/gpu-fixture.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { waitFor } from '../../support/real-processes.ts';

const MIB = 1024 * 1024;

let folder: string;
let clock: ManualClock;
let reports: SourceReport[];
let stop: () => Promise<void>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-amd-'));
  clock = createManualClock();
  reports = [];
  stop = async () => undefined;
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A tool that notes its arguments and prints the text for the first word of them. */
function start(tool: 'amd-smi' | 'rocm-smi', outputs: Readonly<Record<string, string>>): void {
  const command = join(folder, tool);
  for (const [word, text] of Object.entries(outputs)) writeFileSync(join(folder, word), text);
  writeFileSync(command, `#!/bin/sh\necho "$@" >> '${folder}/calls'\ncat "${folder}/$1" || exit 2\n`);
  chmodSync(command, 0o755);
  stop = createAmdToolSource({ tool, command, clock }).start(2000, (report) => reports.push(report));
}
const calls = () =>
  existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n') : [];
const untilReports = (count: number) => waitFor(`${count} reports`, () => reports.length >= count);

test('amd-smi is asked for the names once, and for the readings rarely: each time it is a process', async () => {
  start('amd-smi', {
    static: gpuFixture('amd-smi-6-rx6600.static.json'),
    metric: gpuFixture('amd-smi-6-rx6600.metric.json'),
  });
  await untilReports(1);
  expect(reports[0]).toMatchObject({
    kind: 'readings',
    source: 'amd-smi',
    gpus: [{ id: 'amd-0000:0b:00.0', vramUsedBytes: 202 * MIB }],
  });
  await clock.advance(9999);
  expect(calls()).toHaveLength(2);
  await clock.advance(1);
  await untilReports(2);
  expect(calls().map((call) => call.split(' ')[0])).toEqual(['static', 'metric', 'metric']);
});

test('rocm-smi is one call for everything', async () => {
  start('rocm-smi', { '--showproductname': gpuFixture('rocm-smi-6.1-rx6700xt.json') });
  await untilReports(1);
  expect(reports[0]).toMatchObject({ source: 'rocm-smi', gpus: [{ vramUsedBytes: 1_572_745_216 }] });
});

test('a tool that finds no card is asked no more', async () => {
  start('rocm-smi', { '--showproductname': 'WARNING: No AMD GPUs specified\n' });
  await untilReports(1);
  expect(reports).toEqual([{ kind: 'unusable', message: 'rocm-smi finds no GPU.' }]);
  await clock.advance(60_000);
  expect(calls()).toHaveLength(1);
});

test('a tool that fails once is trouble, and asked again', async () => {
  start('amd-smi', { static: gpuFixture('amd-smi-6-rx6600.static.json') });
  await untilReports(1);
  expect(reports[0]).toMatchObject({ kind: 'trouble' });
  writeFileSync(join(folder, 'metric'), gpuFixture('amd-smi-6-rx6600.metric.json'));
  await clock.advance(10_000);
  await untilReports(2);
  expect(reports[1]).toMatchObject({ kind: 'readings' });
});
