/** The durable queue over the whole built product: real engine, real ComfyUI process (the simulator, or the real one), kills included. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Job, JobListSchema, JobSchema, type SubmitJobBody } from '../../../contract/jobs.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { connectSocket, cutSocketClients } from '../../support/socket-client.ts';
import { untilFound } from '../../support/until.ts';
import { type Workflow, workflow } from '../../support/workflows.ts';

const simulator = `"${process.execPath}" "${join(process.env.STOKER_TEST_BUILD ?? '', 'simulator/comfyui.js')}" --listen {host} --port {port} --sim-start-seconds 0.3`;

let dataFolder: string;
let engine: EngineProcess;

async function begin(environment: Record<string, string> = {}): Promise<void> {
  engine = await startEngine({
    dataFolder,
    environment: { STOKER_INSTALLATION_COMMAND_LINE: simulator, ...environment },
  });
}

beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'stoker-jobs-'));
  await begin();
});
afterEach(async () => {
  await stopEngines();
  rmSync(dataFolder, { recursive: true, force: true });
});

type Submission = Partial<SubmitJobBody> & { readonly workflow: Workflow };
const ask = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`${engine.url}/manager/v1/jobs${path}`, init);
const post = (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  ask(path, {
    method: 'POST',
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
async function submit(body: Submission): Promise<string> {
  const response = await post('', body);
  expect(response.status).toBe(201);
  return JobSchema.parse(await response.json()).id;
}
const look = async (id: string): Promise<Job> => JobSchema.parse(await (await ask(`/${id}`)).json());

async function reaches(id: string, wanted: (job: Job) => boolean): Promise<Job> {
  for (const deadline = Date.now() + 40_000; ; ) {
    const job = await look(id);
    if (wanted(job)) return job;
    if (Date.now() > deadline) throw new Error(`the job never became as wanted: ${JSON.stringify(job.state)}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
const ended = (job: Job): boolean => job.state.kind !== 'queued' && job.state.kind !== 'running';
const executing = (job: Job): boolean => job.state.kind === 'running' && job.state.phase === 'executing';
const slow = (seconds: number, seed = 1): Workflow =>
  workflow('slow_progress_10s', { '2.seconds': seconds, '1.color': seed });

describe('a look at what runs', () => {
  const preview = (id: string): Promise<Response> => ask(`/${id}/preview`);
  const shown = (id: string) =>
    untilFound(async () => {
      const response = await preview(id);
      return response.status === 200 ? response : null;
    }, 'a preview');
  const forgotten = (id: string) =>
    untilFound(async () => ((await preview(id)).status === 204 ? true : null), 'the end of the preview');

  it('is there while it runs and forgotten with its end', async () => {
    const id = await submit({ workflow: workflow('slow_progress_preview_5s', { '2.seconds': 2 }) });
    expect((await preview(id)).status).toBe(204);
    const picture = await shown(id);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await picture.arrayBuffer()).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect((await reaches(id, ended)).state.kind).toBe('completed');
    await forgotten(id);
  });

  it('a prompt queued in the page has one too, by its id', async () => {
    await engine.post('/manager/start');
    const tab = await connectSocket(`${engine.url.replace('http', 'ws')}/ws?clientId=tab`);
    tab.say('feature_flags', { supports_preview_metadata: true });
    await tab.heard(2);
    const answer = await fetch(`${engine.url}/prompt`, {
      method: 'POST',
      body: JSON.stringify({ prompt: workflow('slow_progress_preview_5s', { '2.seconds': 2 }), client_id: 'tab' }),
    });
    const { prompt_id: id } = (await answer.json()) as { prompt_id: string };
    await shown(id);
    await forgotten(id);
    cutSocketClients();
  });
});

describe('a submitted workflow', () => {
  it('wakes ComfyUI, runs, and its picture can be fetched, also when ComfyUI sleeps again', async () => {
    expect((await engine.status()).state).toBe('stopped');
    const id = await submit({ workflow: workflow('simple'), title: 'Two noises', tags: ['test'] });
    const job = await reaches(id, ended);
    expect(job.state).toMatchObject({ kind: 'completed', target: 'local' });
    expect(job).toMatchObject({ title: 'Two noises', tags: ['test'], outputs: job.files.length });
    // Nobody has told Stoker where this ComfyUI saves: its own copy is what there is.
    expect(job.files.map(({ home }) => home)).toEqual(job.files.map(() => null));
    expect(job.files.length).toBeGreaterThan(0);

    await engine.post('/manager/stop');
    const picture = await ask(`/${id}/outputs/0`);
    expect(picture.headers.get('content-type')).toBe('image/png');
    const bytes = Buffer.from(await picture.arrayBuffer());
    expect([bytes.subarray(1, 4).toString(), bytes.length]).toEqual(['PNG', job.files[0]?.bytes]);
    const again = await ask(`/${id}/outputs/0`, { headers: { 'if-none-match': picture.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    expect((await ask(`/${id}/outputs/99`)).status).toBe(404);
  });

  it('that ComfyUI refuses fails with the node and the reason, and is not tried again', async () => {
    const id = await submit({ workflow: workflow('invalid_unknown_node') });
    const { state } = await reaches(id, ended);
    expect(state).toMatchObject({ kind: 'failed', attempt: 1, error: { code: 'invalid_workflow' } });
    if (state.kind === 'failed') expect(state.error.message).toMatch(/NoSuchNode|does not exist/);
  });

  it('whose node raises fails with what it said', async () => {
    const { state } = await reaches(await submit({ workflow: workflow('fail_runtime') }), ended);
    expect(state).toMatchObject({ kind: 'failed', error: { code: 'prompt_failed' } });
    if (state.kind === 'failed') expect(state.error.message).toMatch(/LabFail/);
  });

  it('tells its progress while it runs, and closes the stream with its end', async () => {
    const id = await submit({ workflow: slow(1.5) });
    const text = await (await ask(`/${id}/events`)).text();
    const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data));
    expect(events.some(({ progress }) => progress?.max > 1 && progress.nodeType !== null)).toBe(true);
    expect(events.at(-1).state.kind).toBe('completed');
  });

  it('is cancelled while it runs, and ComfyUI is free for the next', async () => {
    const id = await submit({ workflow: slow(30) });
    await reaches(id, executing);
    expect((await post(`/${id}/cancel`)).status).toBe(200);
    expect((await reaches(id, ended)).state.kind).toBe('cancelled');
    expect((await reaches(await submit({ workflow: workflow('minimal') }), ended)).state.kind).toBe('completed');
  });

  it('is made once for one Idempotency-Key, and another body with that key is refused', async () => {
    const body = { workflow: workflow('minimal') };
    const answers = await Promise.all([1, 2, 3].map(() => post('', body, { 'idempotency-key': 'order-7' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    const ids = await Promise.all(answers.map(async (answer) => JobSchema.parse(await answer.json()).id));
    expect(new Set(ids).size).toBe(1);
    const other = await post('', { ...body, priority: 3 }, { 'idempotency-key': 'order-7' });
    expect([other.status, (await other.json()).error.code]).toEqual([409, 'idempotency_conflict']);
  });

  it('is refused in words when it is none, or its target is unknown', async () => {
    expect(await (await post('', { workflow: {} })).json()).toMatchObject({
      source: 'stoker',
      error: { code: 'invalid_request' },
    });
    const refused = await post('', { workflow: workflow('minimal'), target: 'moon' });
    expect(await refused.json()).toMatchObject({
      error: { code: 'target_unknown', details: { targets: ['auto', 'local'] } },
    });
  });
});

describe('nothing accepted is lost (peers P1: a queue in memory dies with its process)', () => {
  it('five jobs, the engine killed in the second: each completes exactly once', async () => {
    const ids: string[] = [];
    for (let seed = 1; seed <= 5; seed += 1) ids.push(await submit({ workflow: slow(0.7, seed) }));
    await reaches(ids[0] ?? '', ended);
    await reaches(ids[1] ?? '', executing);
    await engine.kill();
    await begin();
    for (const id of ids) {
      const job = await reaches(id, ended);
      expect([job.state.kind, job.files.length]).toEqual(['completed', 1]);
    }
    const list = JobListSchema.parse(await (await ask('')).json());
    expect(list.jobs.map(({ id }) => id)).toEqual([...ids].reverse());
    expect(list.counts).toEqual({ queued: 0, running: 0, completed: 5, failed: 0, cancelled: 0 });
  });

  it('ComfyUI killed mid-job: the job runs again, once, and says why', async () => {
    const id = await submit({ workflow: slow(2) });
    await reaches(id, executing);
    const { pid } = await engine.status();
    process.kill(pid ?? 0, 'SIGKILL');
    const job = await reaches(id, ended);
    expect(job.state.kind).toBe('completed');
    expect(job.timeline.map(({ message }) => message)).toEqual([
      'Given to local.',
      'ComfyUI ended while it held the prompt.',
      'Given to local.',
      'Done: 1 file.',
    ]);
  });

  it('waits with its reason while ComfyUI does not start, and runs when it does', async () => {
    await engine.stop();
    await begin({ STOKER_INSTALLATION_COMMAND_LINE: 'no-such-program' });
    const id = await submit({ workflow: workflow('minimal') });
    const waiting = await reaches(id, ({ note }) => note !== null);
    expect([waiting.state.kind, waiting.note]).toEqual(['queued', expect.stringContaining('no-such-program')]);
    await engine.kill();
    await begin();
    await post(`/${id}/move`, { before: null });
    expect((await reaches(id, ended)).state.kind).toBe('completed');
  });
});
