/** Pause and resume on the built product: what runs is finished, what waits is kept, and each prompt runs exactly once. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HappeningsSchema } from '../../../contract/manager-api.ts';
import { type ComfyTab, openTab } from '../../support/comfy-tab.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { ask } from '../../support/http-ask.ts';
import { type Workflow, workflow } from '../../support/workflows.ts';

const simulator = (): string =>
  `"${process.execPath}" "${join(process.env.STOKER_TEST_BUILD ?? '', 'simulator/comfyui.js')}" --listen {host} --port {port} --sim-start-seconds 0.3`;

const real = process.env.STOKER_TEST_COMFYUI;
const REAL = {
  STOKER_INSTALLATION_FOLDER: real ?? '',
  STOKER_INSTALLATION_PYTHON: process.env.STOKER_TEST_COMFYUI_PYTHON ?? '',
  STOKER_INSTALLATION_ARGUMENTS: '["--cpu"]',
};

let engine: EngineProcess;
let tab: ComfyTab;
let seed = 0;

/** Cached by nobody. */
const slow = (seconds: number): Workflow => {
  seed += 1;
  return workflow('slow_progress_10s', { '2.seconds': seconds, '2.steps': 4, '2.seed': Date.now() + seed });
};
const lent = (state: string) => engine.until(({ courtesy }) => courtesy.state === state);
const ends = (): string[] =>
  tab.messages.filter(({ type }) => type === 'execution_success').map(({ data }) => String(data.prompt_id));
const allEnded = (count: number) => tab.next(() => new Set(ends()).size >= count && ends().length >= count);

async function told(): Promise<string[]> {
  const answer = HappeningsSchema.parse(await (await fetch(`${engine.url}/manager/happenings`)).json());
  return answer.happenings.filter(({ kind }) => kind === 'courtesy').map(({ message }) => message);
}

async function begin(environment: Readonly<Record<string, string>>, dataFolder?: string): Promise<void> {
  engine = await startEngine({ environment, ...(dataFolder === undefined ? {} : { dataFolder }) });
  tab = await openTab(engine.url);
}

/** One that runs and three that wait. */
async function four(): Promise<string[]> {
  const ids: string[] = [];
  for (const seconds of [2, 0.2, 0.2, 0.2]) ids.push((await tab.queue(slow(seconds))).promptId);
  await engine.until(({ queue }) => queue.running === 1 && queue.pending === 3);
  return ids;
}

afterEach(async () => {
  tab?.close();
  await stopEngines();
});

describe.each([
  ['the simulator', () => ({ STOKER_INSTALLATION_COMMAND_LINE: simulator() })],
  ...(real === undefined ? [] : [['the real ComfyUI', () => REAL] as const]),
] as const)('pause with one running and three waiting: %s', (_, environment) => {
  beforeEach(() => begin(environment()));

  it('finishes the one, keeps the three, frees the card; resume runs each once, in order, for the same client', async () => {
    const ids = await four();
    expect((await engine.post('/manager/pause')).status).toBe(200);
    const free = await lent('yielded');
    expect(free.courtesy).toMatchObject({ cause: 'paused', parkedPrompts: 3, until: null });
    expect([free.state, free.reasonCode, free.pid]).toEqual(['stopped', 'yielded', null]);
    expect(ends()).toEqual([ids[0]]);

    await engine.post('/manager/resume');
    await allEnded(4);
    expect(ends()).toEqual(ids);
    const back = await engine.until(({ queue, courtesy }) => queue.running === 0 && courtesy.parkedPrompts === 0);
    expect(back.state).toBe('running');
    const history = (await (await fetch(`${engine.url}/history`)).json()) as Record<string, { prompt: unknown[] }>;
    expect(Object.keys(history)).toEqual(ids.slice(1));
    expect(Object.values(history).map(({ prompt }) => (prompt[3] as { client_id: string }).client_id)).toEqual(
      Array.from({ length: 3 }, () => tab.clientId),
    );
    expect(tab.closes()).toBe(0);
    expect(await told()).toEqual([
      'Giving the card to you: what runs is finished first.',
      'Gave the card to you; 3 prompts are kept.',
      'The card is back. ComfyUI comes back; 3 prompts are kept.',
      '3 kept prompts go on.',
    ]);
  }, 120_000);
});

describe('while the card is away', () => {
  beforeEach(() => begin({ STOKER_INSTALLATION_COMMAND_LINE: simulator() }));

  it('asleep before: nothing wakes it, programs and people are told why, and resume leaves it asleep', async () => {
    await engine.post('/manager/pause');
    await lent('yielded');
    const refused = await tab.queue(workflow('minimal'));
    expect([refused.status, refused.body]).toEqual([
      503,
      {
        source: 'stoker',
        error: {
          code: 'card_lent',
          message: 'ComfyUI is paused: you freed the card.',
          details: { next: expect.stringContaining('Resume'), cause: 'paused', until: null },
        },
      },
    ]);
    const page = await ask(`${engine.url}/`, { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } });
    expect([page.status, page.text]).toEqual([503, expect.stringContaining('Resume now')]);
    expect((await engine.status()).state).toBe('stopped');
    expect((await ask(`${engine.url}/queue`)).status).toBe(200);
    await engine.post('/manager/resume');
    expect((await lent('none')).state).toBe('stopped');
    expect((await tab.queue(workflow('minimal'))).status).toBe(200);
  });

  it('takes no new prompt while the running one is finished', async () => {
    await tab.queue(slow(2));
    await engine.until(({ queue }) => queue.running === 1);
    await engine.post('/manager/pause');
    expect((await tab.queue(workflow('minimal'))).status).toBe(503);
    await lent('yielded');
    expect(ends()).toHaveLength(1);
  });

  it('resume while it still finishes: ComfyUI goes on without a stop', async () => {
    const ids = await four();
    await engine.post('/manager/pause');
    await engine.until(({ courtesy }) => courtesy.parkedPrompts === 3);
    const { pid } = await engine.status();
    await engine.post('/manager/resume');
    await allEnded(4);
    expect(ends()).toEqual(ids);
    expect((await engine.status()).pid).toBe(pid);
  });

  it('Start pressed is the last word: it takes the card back from a lease', async () => {
    await engine.post('/manager/leases', { owner: 'ollama', seconds: 600 });
    await lent('yielded');
    expect((await engine.post('/manager/start')).status).toBe(200);
    const now = await engine.status();
    expect([now.state, now.courtesy.state, now.courtesy.leases]).toEqual(['running', 'none', []]);
    expect(await told()).toContain('You took the card back from ollama.');
  });

  it('a prompt that ComfyUI refuses on its return is told, and kept with its reason', async () => {
    const ids = await four();
    await engine.post('/manager/pause');
    await lent('yielded');
    const { dataFolder } = engine;
    const file = join(dataFolder, 'comfyui/parked-prompts.json');
    await engine.kill();
    const parked = JSON.parse(readFileSync(file, 'utf8')) as { prompt: Workflow }[];
    const spoilt = parked[0]?.prompt['2'];
    if (spoilt === undefined) throw new Error('nothing was parked');
    spoilt.class_type = 'GoneNode';
    (await import('node:fs')).writeFileSync(file, JSON.stringify(parked));
    tab.close();
    await begin({ STOKER_INSTALLATION_COMMAND_LINE: simulator() }, dataFolder);
    await lent('yielded');
    await engine.post('/manager/resume');
    await engine.until(
      ({ courtesy, queue, state }) => state === 'running' && courtesy.parkedPrompts + queue.running === 0,
    );
    expect((await told()).some((line) => line.includes(ids[1] ?? '-') && line.includes('GoneNode'))).toBe(true);
    const refused = JSON.parse(readFileSync(join(dataFolder, 'comfyui/refused-prompts.json'), 'utf8'));
    expect(refused).toMatchObject([{ promptId: ids[1], reason: expect.stringContaining('GoneNode') }]);
    expect(existsSync(resolve(file))).toBe(false);
    await engine.stop();
  });
});
