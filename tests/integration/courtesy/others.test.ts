/** Others who get the card on the built product: a lease by HTTP and by command line, a listed program, foreign VRAM. */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { LeaseSchema, LeasesSchema } from '../../../contract/courtesy.ts';
import { runCli } from '../../support/cli-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { createFakeNvidiaSmi, type FakeNvidiaSmi } from '../../support/fake-nvidia-smi.ts';
import { gpuFixtureLines } from '../../support/gpu-fixture.ts';
import { workflow } from '../../support/workflows.ts';

const simulator = (): string =>
  `"${process.execPath}" "${join(process.env.STOKER_TEST_BUILD ?? '', 'simulator/comfyui.js')}" --listen {host} --port {port} --sim-start-seconds 0.3`;

let engine: EngineProcess;
const folders: string[] = [];
const programs: ChildProcess[] = [];
let smi: FakeNvidiaSmi | null = null;

async function begin(environment: Readonly<Record<string, string>> = {}, dataFolder?: string): Promise<void> {
  engine = await startEngine({
    environment: { STOKER_INSTALLATION_COMMAND_LINE: simulator(), ...environment },
    ...(dataFolder === undefined ? {} : { dataFolder }),
  });
}

const courtesy = (state: string) => engine.until((status) => status.courtesy.state === state);
const path = '/manager/leases';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stoker-others-'));
  folders.push(folder);
  return folder;
}

afterEach(async () => {
  for (const program of programs.splice(0)) program.kill('SIGKILL');
  await stopEngines();
  smi?.remove();
  smi = null;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('a lease', () => {
  it('is granted when the running prompt is done, renewed, and given back', async () => {
    await begin();
    await engine.post('/prompt', { prompt: workflow('slow_progress_10s', { '2.seconds': 1.5, '2.steps': 3 }) });
    await engine.until(({ queue }) => queue.running === 1);
    const asked = await engine.post(path, { owner: 'ollama', reason: 'a chat', seconds: 60 });
    const lease = LeaseSchema.parse(await asked.json());
    expect([asked.status, lease.granted]).toEqual([201, false]);
    const second = await engine.post(`${path}?wait=true`, { owner: 'blender', seconds: 60 });
    const granted = LeaseSchema.parse(await second.json());
    expect([second.status, granted.granted]).toEqual([201, true]);
    const status = await engine.status();
    expect([status.state, status.courtesy.cause]).toEqual(['stopped', 'lease']);
    expect(status.courtesy.reason).toMatch(/^The card is lent to ollama and blender until \d\d:\d\d \(a chat\)\.$/);
    const refused = await engine.post('/upload/image', {});
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([503, true]);
    const kept = await engine.post('/prompt', { prompt: workflow('minimal') });
    expect([kept.status, (await engine.status()).courtesy.parkedPrompts]).toEqual([200, 1]);

    const renewed = await engine.post(`${path}/${lease.id}/renew`, { seconds: 3600 });
    expect(Date.parse(LeaseSchema.parse(await renewed.json()).until)).toBeGreaterThan(Date.parse(lease.until));
    for (const id of [lease.id, granted.id]) {
      expect((await fetch(`${engine.url}${path}/${id}`, { method: 'DELETE' })).status).toBe(200);
    }
    expect((await fetch(`${engine.url}${path}/${lease.id}`)).status).toBe(404);
    expect((await engine.until(({ state }) => state === 'running')).courtesy.state).toBe('none');
  });

  it('runs out by itself, and outlives the engine until then', async () => {
    const dataFolder = temporaryFolder();
    await begin({}, dataFolder);
    const asked = await engine.post(`${path}?wait=true`, { owner: 'ollama', seconds: 6 });
    const { id } = LeaseSchema.parse(await asked.json());
    await engine.kill();
    await begin({}, dataFolder);
    const kept = LeasesSchema.parse(await (await fetch(`${engine.url}${path}`)).json());
    expect(kept.leases.map((lease) => lease.id)).toEqual([id]);
    await courtesy('none');
  });

  it('is given back when whoever waits for it leaves', async () => {
    await begin();
    await engine.post('/prompt', { prompt: workflow('slow_progress_10s', { '2.seconds': 3, '2.steps': 3 }) });
    await engine.until(({ queue }) => queue.running === 1);
    const leaving = new AbortController();
    const asked = fetch(`${engine.url}${path}?wait=true`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ owner: 'ollama', seconds: 600 }),
      signal: leaving.signal,
    }).catch(() => null);
    await courtesy('draining');
    leaving.abort();
    await asked;
    const status = await courtesy('none');
    expect([status.state, status.courtesy.leases]).toEqual(['running', []]);
  });

  it('over the command line: the command has the card, its exit code comes out, and the card is back', async () => {
    await begin();
    await engine.post('/manager/start');
    const script =
      "fetch(process.argv[1] + '/manager/status').then((a) => a.json()).then((s) => { console.log(s.state, s.courtesy.reason); process.exit(7); })";
    const words = ['lease', 'trainer', '--url', engine.url, '--', process.execPath, '-e', script, engine.url];
    const ran = await runCli(words);
    expect([ran.code, ran.stderr]).toEqual([7, '']);
    expect(ran.stdout).toMatch(/^stopped The card is lent to trainer until \d\d:\d\d\.\n$/);
    expect((await engine.until(({ state }) => state === 'running')).courtesy.leases).toEqual([]);

    expect((await runCli(['pause', '--url', engine.url])).code).toBe(0);
    await courtesy('yielded');
    expect((await runCli(['resume', '--url', engine.url])).stdout).toBe("The card is ComfyUI's again.\n");
    await engine.until(({ state }) => state === 'running');
  });
});

describe('a listed program', () => {
  it('gets the card while it runs, and ComfyUI comes back after', async () => {
    await begin({ STOKER_COURTESY_PROGRAMS: '["StokerTestGame.exe"]', STOKER_COURTESY_COME_BACK_AFTER_SECONDS: '1' });
    await engine.post('/manager/start');
    const program = join(temporaryFolder(), 'stokertestgame');
    copyFileSync('/bin/sleep', program);
    const game = spawn(program, ['600']);
    programs.push(game);
    const away = await courtesy('yielded');
    expect([away.courtesy.cause, away.courtesy.reason]).toEqual([
      'program',
      'The card is left to StokerTestGame.exe, as the settings say.',
    ]);
    game.kill('SIGKILL');
    const back = await engine.until(({ state }) => state === 'running');
    expect([back.courtesy.state, back.reasonCode]).toEqual(['none', 'cardBack']);
  });
});

describe('foreign VRAM', () => {
  /** Column of the used memory, in MiB. */
  const USED = 5;
  const card = (usedMiB: number): string =>
    (gpuFixtureLines('rtx-4080-super-linux.gpu.csv')[0] ?? '')
      .split(', ')
      .map((field, index) => (index === USED ? String(usedMiB) : field))
      .join(', ');

  it('above the limit takes the card away; below, ComfyUI comes back', async () => {
    smi = createFakeNvidiaSmi({ gpu: [card(300)], everyMs: 200, list: 'GPU 0: x (UUID: GPU-x)\n' });
    await begin({
      PATH: `${dirname(smi.command)}:${process.env.PATH}`,
      STOKER_COURTESY_FOREIGN_VRAM_GIGABYTES: '4',
      STOKER_COURTESY_COME_BACK_AFTER_SECONDS: '1',
      STOKER_GPU_SAMPLE_SECONDS: '1',
    });
    await engine.post('/manager/start');
    smi.plan({ gpu: [card(9000)] });
    expect((await courtesy('yielded')).courtesy.reason).toBe('Other programs hold more than 4 GB of the card.');
    smi.plan({ gpu: [card(300)] });
    await engine.until(({ state }) => state === 'running');
  });

  it('is not asked for while no limit is set', async () => {
    smi = createFakeNvidiaSmi({ gpu: [card(9000)], everyMs: 200 });
    await begin({ PATH: `${dirname(smi.command)}:${process.env.PATH}` });
    await engine.post('/manager/start');
    expect(smi.starts()).toEqual([]);
  });
});
