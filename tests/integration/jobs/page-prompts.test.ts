/**
 * "ComfyUI crashed and my queue of the night was gone": prompts queued in ComfyUI's own page are jobs on disk. Whatever dies, what had not
 * finished runs again once, in its order; what was deleted stays deleted; and the list tells what ComfyUI's page tells.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Job, type JobList, JobListSchema, JobSchema } from '../../../contract/jobs.ts';
import { MANAGER_ROUTES } from '../../../contract/manager-api.ts';
import { type ComfyTab, openTab } from '../../support/comfy-tab.ts';
import { simulatorEntry } from '../../support/comfyui-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { untilFound } from '../../support/until.ts';
import { type Workflow, workflow } from '../../support/workflows.ts';

const SIMULATOR = {
  STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} --sim-start-seconds 0.3`,
};
const real = process.env.STOKER_TEST_COMFYUI;
const REAL = {
  STOKER_INSTALLATION_FOLDER: real ?? '',
  STOKER_INSTALLATION_PYTHON: process.env.STOKER_TEST_COMFYUI_PYTHON ?? '',
  STOKER_INSTALLATION_ARGUMENTS: '["--cpu"]',
};

let folder: string;
let engine: EngineProcess;
let tab: ComfyTab;
let seed = 0;

/** Cached by nobody. */
function slow(seconds: number): Workflow {
  seed += 1;
  return workflow('slow_progress_10s', { '2.seconds': seconds, '2.steps': 4, '2.seed': Date.now() + seed });
}

async function begin(environment: Readonly<Record<string, string>>): Promise<void> {
  engine = await startEngine({ dataFolder: folder, environment });
  tab = await openTab(engine.url);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-page-prompts-'));
});
afterEach(async () => {
  tab?.close();
  await stopEngines();
  rmSync(folder, { recursive: true, force: true });
});

const list = async (): Promise<JobList> =>
  JobListSchema.parse(await (await fetch(`${engine.url}${MANAGER_ROUTES.jobs}`)).json());
const job = async (id: string): Promise<Job> =>
  JobSchema.parse(await (await fetch(`${engine.url}${MANAGER_ROUTES.jobs}/${id}`)).json());

/** Oldest first: id and state. */
const states = async (): Promise<string[]> =>
  (await list()).jobs.toReversed().map(({ id, state }) => `${id} ${state.kind}`);

const settled = (): Promise<JobList> =>
  untilFound(
    async () => {
      const found = await list();
      return found.counts.queued + found.counts.running === 0 ? found : null;
    },
    'the end of all jobs',
    60_000,
  );

async function queueAll(...seconds: number[]): Promise<string[]> {
  const ids: string[] = [];
  for (const each of seconds) ids.push((await tab.queue(slow(each))).promptId);
  return ids;
}

/** ComfyUI prints a line for each prompt that it has run to its end; the file goes on over all its processes. */
const executed = (): number =>
  readFileSync(join(folder, 'comfyui/logs/comfyui.log'), 'utf8').split('Prompt executed in').length - 1;

const completed = (ids: readonly string[]): string[] => ids.map((id) => `${id} completed`);

describe.each([
  ['the simulator', SIMULATOR],
  ...(real === undefined ? [] : [['the real ComfyUI', REAL] as const]),
] as const)('prompts of the page: %s', (_, environment) => {
  beforeEach(() => begin(environment));

  it('are jobs in the list, with progress, results where ComfyUI saved them, and its own failures', async () => {
    const good = await tab.queue(workflow('slow_progress_10s', { '2.seconds': 1, '2.steps': 4, '2.seed': Date.now() }));
    await untilFound(async () => (await job(good.promptId)).progress, 'progress');
    const bad = await tab.queue(workflow('fail_runtime'));
    const refused = await tab.queue(workflow('invalid_unknown_node'));
    expect([good.status, bad.status, refused.status]).toEqual([200, 200, 400]);
    const found = await settled();
    expect(found.jobs.map(({ id, source, state }) => [id, source, state.kind])).toEqual([
      [bad.promptId, 'page', 'failed'],
      [good.promptId, 'page', 'completed'],
    ]);
    expect((await job(bad.promptId)).state).toMatchObject({ error: { code: 'prompt_failed' } });
    const { files, title } = await job(good.promptId);
    expect([files.length, files[0]?.home?.type, files[0]?.sha256]).toEqual([1, 'output', null]);
    expect(title).not.toBeNull();
    const picture = await fetch(`${engine.url}${MANAGER_ROUTES.jobs}/${good.promptId}/outputs/0`);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(100);
  }, 120_000);

  it('ComfyUI is killed: what ran and what waited run again once, in order, on the socket of the same tab', async () => {
    const ids = await queueAll(1, 0.3, 0.3, 0.3);
    const { pid } = await engine.until(({ queue }) => queue.running === 1 && queue.pending === 3);
    await untilFound(async () => ((await job(ids[0] ?? '')).progress === null ? null : true), 'the first to run');
    process.kill(pid ?? 0, 'SIGKILL');
    await settled();
    expect(await states()).toEqual(completed(ids));
    expect(executed()).toBe(4);
    const told = tab.messages.filter(({ type }) => type === 'execution_success').map(({ data }) => data.prompt_id);
    expect([told, tab.closes()]).toEqual([ids, 0]);
  }, 120_000);

  it('engine and ComfyUI are killed together: the next engine runs them, in order', async () => {
    const ids = await queueAll(1, 0.3, 0.3);
    const { pid } = await engine.until(({ queue }) => queue.running === 1 && queue.pending === 2);
    await engine.kill();
    process.kill(pid ?? 0, 'SIGKILL');
    await begin(environment);
    await settled();
    expect(await states()).toEqual(completed(ids));
    expect(executed()).toBe(3);
  }, 120_000);

  it('the engine alone is killed: ComfyUI is adopted, nothing runs twice, nothing is forgotten', async () => {
    const ids = await queueAll(1.5, 0.3, 0.3);
    await engine.until(({ queue }) => queue.running === 1 && queue.pending === 2);
    await engine.kill();
    await begin(environment);
    await settled();
    expect(await states()).toEqual(completed(ids));
    expect(executed()).toBe(3);
  }, 120_000);

  it('killed while a prompt waits for ComfyUI to start: it was on disk before', async () => {
    const asked = tab.queue(slow(0.2)).catch(() => null);
    await untilFound(async () => ((await list()).counts.running === 1 ? true : null), 'the prompt in the list');
    await engine.kill();
    await asked;
    await begin(environment);
    expect((await settled()).counts).toMatchObject({ completed: 1, failed: 0, cancelled: 0 });
  }, 120_000);

  it('deleted and interrupted ones stay so, also after a crash', async () => {
    const [first = '', second = '', third = ''] = await queueAll(20, 0.3, 0.3);
    await engine.until(({ queue }) => queue.running === 1 && queue.pending === 2);
    await engine.post('/api/queue', { delete: [second] });
    await untilFound(async () => ((await job(first)).progress === null ? null : true), 'the first to run');
    await engine.post('/api/interrupt', {});
    await untilFound(async () => ((await job(first)).state.kind === 'cancelled' ? true : null), 'its end');
    const { pid } = await engine.status();
    process.kill(pid ?? 0, 'SIGKILL');
    await settled();
    expect((await states()).slice(0, 2)).toEqual([`${first} cancelled`, `${second} cancelled`]);
    expect((await job(third)).state.kind).toBe('completed');
  }, 120_000);
});

describe('prompts of the page', () => {
  beforeEach(() => begin(SIMULATOR));

  it('a prompt that crashes ComfyUI is tried once more, fails with the reason, and does not take the others along', async () => {
    const crash = await tab.queue(workflow('crash_segv'));
    const after = await tab.queue(slow(0.2));
    await settled();
    expect(await states()).toEqual([`${crash.promptId} failed`, `${after.promptId} completed`]);
    expect((await job(crash.promptId)).state).toMatchObject({ attempt: 2, error: { code: 'prompt_lost' } });
  }, 120_000);

  it('a tab that was closed while ComfyUI started was heard', async () => {
    const leaving = new AbortController();
    const asked = fetch(`${engine.url}/prompt`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id: 'gone', prompt: slow(0.2), number: 3.5 }),
      signal: leaving.signal,
    }).catch(() => null);
    await untilFound(async () => ((await list()).counts.running === 1 ? true : null), 'the prompt in the list');
    leaving.abort();
    expect(await asked).toBeNull();
    expect((await settled()).counts.completed).toBe(1);
  }, 60_000);

  it('stopped by hand with work waiting: it waits in the list, and goes on when somebody queues again', async () => {
    const ids = await queueAll(20, 0.2, 0.2);
    await engine.until(({ queue }) => queue.running === 1 && queue.pending === 2);
    await engine.post('/manager/stop', { force: true });
    const waiting = await untilFound(async () => {
      const found = await list();
      return found.counts.queued === 3 && found.jobs.every(({ note }) => note !== null) ? found : null;
    }, 'three that wait');
    expect(waiting.jobs.map(({ note }) => note)).toEqual(Array(3).fill(expect.stringContaining('stopped by hand')));
    expect((await engine.status()).state).toBe('stopped');
    await fetch(`${engine.url}${MANAGER_ROUTES.jobs}/${ids[0]}/cancel`, { method: 'POST' });
    const last = await tab.queue(slow(0.2));
    await settled();
    expect((await states()).slice(1)).toEqual(completed([ids[1] ?? '', ids[2] ?? '', last.promptId]));
  }, 60_000);

  it('with a prompt id of the client, used twice: two jobs, and ComfyUI runs both', async () => {
    const send = (prompt: Workflow) => engine.post('/prompt', { prompt, prompt_id: 'mine', client_id: tab.clientId });
    expect([(await send(slow(0.2))).status, (await send(slow(0.2))).status]).toEqual([200, 200]);
    await untilFound(async () => (executed() === 2 ? true : null), 'both runs');
    expect((await settled()).counts.completed).toBe(2);
  }, 60_000);

  it('what is no prompt is ComfyUI’s to refuse, and no job', async () => {
    const answer = await engine.post('/prompt', 'no prompt');
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect((await list()).jobs).toEqual([]);
  }, 60_000);
});
