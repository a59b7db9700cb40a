/** Pause and resume on the built product: what runs is finished, what waits is kept, and each prompt runs exactly once. */
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobListSchema } from '../../../contract/jobs.ts';
import { HappeningsSchema, MANAGER_ROUTES } from '../../../contract/manager-api.ts';
import { type ComfyTab, openTab } from '../../support/comfy-tab.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { ask } from '../../support/http-ask.ts';
import { untilFound } from '../../support/until.ts';
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
      'The card is back. ComfyUI comes back; 3 prompts go on.',
    ]);
  }, 120_000);
});

describe('while the card is away', () => {
  beforeEach(() => begin({ STOKER_INSTALLATION_COMMAND_LINE: simulator() }));

  it('asleep before: nothing wakes it, programs and people are told why, and resume leaves it asleep', async () => {
    await engine.post('/manager/pause');
    await lent('yielded');
    const refused = await engine.post('/upload/image', {});
    expect([refused.status, await refused.json()]).toEqual([
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

  it('takes new prompts, shows them as waiting, and runs them when the card is back', async () => {
    const first = await tab.queue(slow(2));
    await engine.until(({ queue }) => queue.running === 1);
    await engine.post('/manager/pause');
    const draining = await tab.queue(slow(0.2));
    expect([draining.status, draining.body.node_errors]).toEqual([200, {}]);
    await lent('yielded');
    expect(ends()).toEqual([first.promptId]);
    const asleep = await tab.queue(slow(0.2));
    const deleted = await tab.queue(slow(0.2));
    await engine.post('/queue', { delete: [deleted.promptId] });
    const shown = (await (await fetch(`${engine.url}/api/queue`)).json()) as { queue_pending: unknown[][] };
    expect(shown.queue_pending.map((item) => item[1])).toEqual([draining.promptId, asleep.promptId]);
    await engine.post('/manager/resume');
    await allEnded(3);
    expect(ends()).toEqual([first.promptId, draining.promptId, asleep.promptId]);
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

  it('a prompt that ComfyUI refuses on its return is a failed job with the reason; the others go on', async () => {
    const ids = await four();
    await engine.post('/manager/pause');
    await lent('yielded');
    const { dataFolder } = engine;
    await engine.kill();
    const database = new DatabaseSync(join(dataFolder, 'jobs/jobs.sqlite'));
    const spoil = database.prepare(`
      UPDATE job_workflows SET request = replace(request, 'LabSlow', 'GoneNode') WHERE seq = (SELECT seq FROM jobs WHERE id = ?)`);
    expect(spoil.run(ids[1] ?? '').changes).toBe(1);
    database.close();
    tab.close();
    await begin({ STOKER_INSTALLATION_COMMAND_LINE: simulator() }, dataFolder);
    await lent('yielded');
    await engine.post('/manager/resume');
    const list = await untilFound(async () => {
      const found = JobListSchema.parse(await (await fetch(`${engine.url}${MANAGER_ROUTES.jobs}`)).json());
      return found.counts.queued + found.counts.running === 0 ? found : null;
    }, 'the end of all');
    expect(list.jobs.toReversed().map(({ id, state }) => [id, state.kind])).toEqual(
      ids.map((id, index) => [id, index === 1 ? 'failed' : 'completed']),
    );
    const failed = list.jobs.find(({ id }) => id === ids[1])?.state;
    expect(failed).toMatchObject({ error: { code: 'invalid_workflow', message: expect.stringContaining('GoneNode') } });
  }, 60_000);
});
