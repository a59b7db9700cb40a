/** `stoker run`, `jobs` and `endpoints` as real processes against the built engine. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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
      STOKER_API_PORT: '0',
      STOKER_INSTALLATION_INPUT_DIRECTORY: join(folder, 'base/input'),
      STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulator}" --listen {host} --port {port} --base-directory "${join(folder, 'base')}"`,
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
  expect((await stoker('endpoints', '--empty', 'pod')).stderr).toContain('no endpoint "pod"');
  const missing = await stoker('endpoints', '--test', 'pod');
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('no endpoint "pod"')]);
});

it('sends a picture along under a name of its own, and lists the choices when it is not clear where it goes', async () => {
  const photo = join(folder, 'photo.png');
  writeFileSync(photo, readFileSync(resolve(import.meta.dirname, '../../../build/package/icons/16x16.png')));
  const invert = file('invert.json', workflow('upload_invert'));
  const out = join(folder, 'inverted');
  const ran = await stoker('run', invert, '--input', `image=${photo}`, '--out', out, '--json');
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' });
  const job = JobSchema.parse(JSON.parse(ran.stdout));
  expect(job.workflow['1']?.inputs.image).toMatch(/^stoker\/[0-9a-f]{24}\.png$/);
  expect(existsSync(join(folder, 'base/input', String(job.workflow['1']?.inputs.image)))).toBe(true);
  expect(readdirSync(out)).toHaveLength(1);

  const two = { ...workflow('upload_invert'), '7': { class_type: 'LoadImage', inputs: { image: 'x.png' } } };
  const unclear = await stoker('run', file('two.json', two), '--input', `image=${photo}`);
  expect([unclear.code, unclear.stderr]).toEqual([
    1,
    expect.stringContaining('1.image (LoadImage), 7.image (LoadImage)'),
  ]);
  const missing = await stoker('run', invert, '--input', 'image=/nowhere.png');
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('/nowhere.png is no file')]);
});

it('makes a token, shows it once, and takes it back', async () => {
  const made = await stoker('tokens', '--create', 'ci');
  const token = /^stoker_\S+/.exec(made.stdout)?.[0] ?? '';
  const url = /listens at (\S+)\/v1/.exec(made.stdout)?.[1] ?? '';
  const health = () => fetch(`${url}/v1/health`, { headers: { authorization: `Bearer ${token}` } });
  expect((await health()).status).toBe(200);
  const listed = await stoker('tokens');
  expect([listed.stdout.includes('ci  made on'), listed.stdout.includes(token)]).toEqual([true, false]);
  expect((await stoker('tokens', '--revoke', 'ci')).code).toBe(0);
  await expect(health()).rejects.toThrow();
  expect((await stoker('tokens')).stdout).toContain('The API port is closed');
});

it('sends every digit of a seed that JavaScript cannot hold', async () => {
  const path = join(folder, 'seed.json');
  const text = JSON.stringify(workflow('minimal')).replace('"inputs":{', '"inputs":{"seed":18446744073709551615,');
  writeFileSync(path, text);
  const { stdout } = await stoker('run', path, '--json');
  const { id } = JobSchema.parse(JSON.parse(stdout));
  const kept = await (await fetch(`${engine.url}/manager/v1/jobs/${id}`)).text();
  expect(kept).toContain('"seed":18446744073709551615');
});
