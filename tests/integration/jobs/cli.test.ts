/** `stoker run`, `jobs` and `endpoints` as real processes against the built engine. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { JobListSchema, JobSchema } from '../../../contract/jobs.ts';
import { type CliResult, endCliProcesses, runCli } from '../../support/cli-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { workflow } from '../../support/workflows.ts';

let engine: EngineProcess;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-cli-jobs-'));
  const simulator = join(process.env.STOKER_TEST_BUILD ?? '', 'simulator/comfyui.js');
  engine = await startEngine({
    environment: {
      STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulator}" --listen {host} --port {port}`,
    },
  });
});
afterAll(async () => {
  endCliProcesses();
  await stopEngines();
  rmSync(folder, { recursive: true, force: true });
});

const stoker = (...words: string[]): Promise<CliResult> => runCli([...words, '--data-dir', engine.dataFolder]);
function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

it('runs a workflow to its end and saves its pictures, twice without overwriting', async () => {
  const simple = file('simple.json', workflow('simple'));
  const out = join(folder, 'out');
  for (const files of [1, 2]) {
    const { code, stdout, stderr } = await stoker('run', simple, '--out', out);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Job [0-9a-f-]{36}\ndone on local\n/);
    expect(readdirSync(out)).toHaveLength(files);
  }
});

it('exits with 6 and says why when the job fails', async () => {
  const { code, stdout } = await stoker('run', file('bad.json', workflow('invalid_unknown_node')), '--wait', '--json');
  expect([code, JSON.parse(stdout).state.error.code]).toEqual([6, 'invalid_workflow']);
});

it('says what to do with a workflow that is not in API format, and sends nothing', async () => {
  const before = JobListSchema.parse(JSON.parse((await stoker('jobs', '--json')).stdout)).jobs.length;
  const { code, stderr } = await stoker('run', file('page.json', { nodes: [], links: [] }));
  expect([code, stderr]).toEqual([1, expect.stringContaining('Export (API)')]);
  const unknown = await stoker('run', file('simple.json', workflow('simple')), '--on', 'moon');
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('no target "moon"')]);
  expect(JobListSchema.parse(JSON.parse((await stoker('jobs', '--json')).stdout)).jobs).toHaveLength(before);
});

it('lists, shows, cancels, retries and forgets', async () => {
  const slow = file('slow.json', workflow('slow_progress_10s', { '2.seconds': 60 }));
  const { id } = JobSchema.parse(JSON.parse((await stoker('run', slow, '--title', 'A long one', '--json')).stdout));
  expect((await stoker('jobs', '--search', 'long')).stdout).toContain('A long one');
  const refused = await stoker('jobs', id, '--remove');
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('still waits or runs')]);
  await stoker('jobs', id, '--cancel');
  let shown = '';
  while (!shown.startsWith('cancelled')) shown = (await stoker('jobs', id)).stdout;
  expect(shown).toContain('Cancel was asked for.');
  expect((await stoker('jobs', id, '--retry', '--json')).code).toBe(0);
  await stoker('jobs', id, '--cancel');
  for (let code: number | null = 1; code !== 0; ) ({ code } = await stoker('jobs', id, '--remove'));
  expect((await stoker('jobs', '--search', 'long')).stdout).toBe('No jobs.\n');
  expect(existsSync(slow)).toBe(true);
});

it('knows no endpoints yet, and cancels nothing', async () => {
  expect((await stoker('endpoints')).stdout).toBe('No endpoints.\n');
  expect((await stoker('endpoints', '--cancel-all')).stdout).toBe('Cancelled 0 remote jobs.\n');
  const missing = await stoker('endpoints', '--test', 'pod');
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('no endpoint "pod"')]);
});
