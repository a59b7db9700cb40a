/** Jobs on another ComfyUI by address, over the whole built product: two simulators, one supervised and one that Stoker only knows by address. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import getPort from 'get-port';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Job, JobSchema } from '../../../contract/jobs.ts';
import { ServerSchema, ServerTestSchema, type TargetStatus, TargetsSchema } from '../../../contract/targets.ts';
import { type ComfyuiProcess, startSimulator, stopAllComfyui } from '../../support/comfyui-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { type RecordingProxy, startRecordingProxy } from '../../support/recording-proxy.ts';
import { untilFound } from '../../support/until.ts';
import { type Workflow, workflow } from '../../support/workflows.ts';

const simulator = `"${process.execPath}" "${join(process.env.STOKER_TEST_BUILD ?? '', 'simulator/comfyui.js')}" --listen {host} --port {port} --sim-start-seconds 0.3`;
const picture = readFileSync(resolve(import.meta.dirname, '../../../build/package/icons/16x16.png'));

let dataFolder: string;
let engine: EngineProcess;
const proxies: RecordingProxy[] = [];

beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'stoker-servers-'));
  mkdirSync(join(dataFolder, 'input', 'faces'), { recursive: true });
  engine = await startEngine({
    dataFolder,
    environment: {
      STOKER_INSTALLATION_COMMAND_LINE: simulator,
      STOKER_INSTALLATION_INPUT_DIRECTORY: join(dataFolder, 'input'),
    },
  });
});
afterEach(async () => {
  await stopEngines();
  await stopAllComfyui();
  for (const proxy of proxies.splice(0)) proxy.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${engine.url}/manager${path}`, {
    method,
    ...(body === undefined
      ? {}
      : {
          headers: { 'content-type': 'application/json' },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
  });
}
async function add(url: string, changes: Record<string, unknown> = {}): Promise<void> {
  const response = await call('PUT', '/v1/servers/studio', { url, ...changes });
  expect(ServerSchema.parse(await response.json())).toMatchObject({ name: 'studio', url, hasKey: false });
}
async function recorded(server: ComfyuiProcess | EngineProcess): Promise<RecordingProxy> {
  const proxy = await startRecordingProxy(server.url);
  proxies.push(proxy);
  return proxy;
}
async function submit(graph: Workflow, target: string): Promise<string> {
  const response = await call('POST', '/v1/jobs', { workflow: graph, target });
  expect(response.status).toBe(201);
  return JobSchema.parse(await response.json()).id;
}
const look = async (id: string): Promise<Job> => JobSchema.parse(await (await call('GET', `/v1/jobs/${id}`)).json());
const reaches = (id: string, wanted: (job: Job) => boolean, what = 'the job as wanted'): Promise<Job> =>
  untilFound(
    async () => {
      const job = await look(id);
      return wanted(job) ? job : null;
    },
    what,
    40_000,
  );
const studio = async (): Promise<TargetStatus | undefined> =>
  TargetsSchema.parse(await (await call('GET', '/v1/targets')).json()).targets.find(({ name }) => name === 'studio');
const ended = (job: Job): boolean => job.state.kind !== 'queued' && job.state.kind !== 'running';
const executing = (job: Job): boolean => job.state.kind === 'running' && job.state.phase === 'executing';
const slow = (seconds: number): Workflow => workflow('slow_progress_10s', { '2.seconds': seconds });

describe('a job on another ComfyUI', () => {
  it('takes its input files along, keeps every digit of a seed, and brings the picture home; ours sleeps on', async () => {
    const other = await startSimulator();
    const proxy = await recorded(other);
    await add(proxy.url);
    expect(await studio()).toEqual({
      name: 'studio',
      kind: 'comfyui',
      automatic: true,
      free: 2,
      load: 0,
      refusal: null,
      retryAt: null,
    });
    writeFileSync(join(dataFolder, 'input/faces/me.png'), picture);
    const graph = workflow('upload_invert', { '1.image': 'faces/me.png' });
    // A number that JavaScript cannot hold.
    const body = JSON.stringify({ workflow: graph, target: 'studio', extra_data: { seed: 1 } }).replace(
      '"seed":1',
      '"seed":18446744073709551615',
    );
    const answer = await (
      await call('POST', '/v1/jobs', body.replace('"faces/me.png"', '"faces/me.png","seed":18446744073709551615'))
    ).text();
    expect(answer).toContain('"seed":18446744073709551615');
    const { id } = JobSchema.parse(JSON.parse(answer));
    const job = await reaches(id, ended);
    expect([job.state, job.files.length]).toEqual([
      expect.objectContaining({ kind: 'completed', target: 'studio' }),
      1,
    ]);
    expect((await engine.status()).state).toBe('stopped');

    const sent = proxy.bodies.find(({ path }) => path === '/prompt')?.text ?? '';
    expect(sent.match(/"seed":18446744073709551615/g)).toHaveLength(2);
    expect(sent).toMatch(/"image":"stoker-[0-9a-f]{24}\.png"/);
    expect(proxy.asked.filter((line) => line === 'POST /upload/image')).toHaveLength(1);
    const bytes = Buffer.from(await (await call('GET', `/v1/jobs/${id}/outputs/0`)).arrayBuffer());
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  });

  it('is let in with the key of the server, which no answer tells', async () => {
    const proxy = await recorded(await startSimulator());
    await add(proxy.url);
    await call('PUT', '/secrets/server.studio.key', { value: 'studio-key-123' });
    await reaches(await submit(workflow('minimal'), 'studio'), ended);
    const prompt = proxy.bodies.find(({ path }) => path === '/prompt');
    expect(prompt?.headers.authorization).toBe('Bearer studio-key-123');
    const listed = await (await call('GET', '/v1/servers')).text();
    expect([listed.includes('studio-key-123'), listed.includes('"hasKey":true')]).toEqual([false, true]);
  });

  it('wakes the Stoker that lets it sleep; asking how it is does not', async () => {
    const other = await startEngine({ environment: { STOKER_INSTALLATION_COMMAND_LINE: simulator } });
    await add(other.url);
    const test = ServerTestSchema.parse(await (await call('POST', '/v1/servers/studio/test', {})).json());
    expect([test.ok, test.comfyuiVersion]).toEqual([true, null]);
    await studio();
    expect((await other.status()).state).toBe('stopped');
    const job = await reaches(await submit(workflow('simple'), 'studio'), ended);
    expect(job.state).toMatchObject({ kind: 'completed', target: 'studio' });
    expect((await other.status()).state).toBe('running');
    const awake = ServerTestSchema.parse(await (await call('POST', '/v1/servers/studio/test', {})).json());
    expect(awake).toMatchObject({
      ok: true,
      comfyuiVersion: expect.stringMatching(/^\d/),
      queue: { waiting: 0, running: 0 },
    });
  });

  it('is cancelled there while it runs', async () => {
    const other = await startSimulator();
    await add(other.url);
    const id = await submit(slow(30), 'studio');
    await reaches(id, executing);
    await call('POST', `/v1/jobs/${id}/cancel`);
    expect((await reaches(id, ended)).state.kind).toBe('cancelled');
    expect(await (await fetch(`${other.url}/queue`)).json()).toEqual({ queue_running: [], queue_pending: [] });
  });

  it('that was killed in the middle is never run elsewhere in silence: it fails and says so', async () => {
    const other = await startSimulator();
    await add(other.url);
    // The card here is lent, so that "auto" goes to the other.
    await engine.post('/manager/pause');
    const id = await submit(slow(30), 'auto');
    await reaches(id, executing);
    await other.stop();
    await engine.post('/manager/resume');
    await startSimulator({ port: other.port });
    const { state, timeline } = await reaches(id, ended);
    expect(state).toMatchObject({ kind: 'failed', error: { code: 'prompt_lost' } });
    expect(timeline.filter(({ message }) => message.startsWith('Given to'))).toHaveLength(1);
    expect((await engine.status()).state).toBe('stopped');
  });

  it('that could not be handed over goes to another target at once', async () => {
    await add(`http://127.0.0.1:${await getPort()}`);
    // It would be chosen: the local one has work.
    const first = await submit(slow(3), 'local');
    await reaches(first, executing);
    const id = await submit(workflow('minimal'), 'auto');
    const job = await reaches(id, ended);
    expect(job.state).toMatchObject({ kind: 'completed', target: 'local' });
    expect(job.timeline.map(({ message }) => message)).toEqual([
      'Given to studio.',
      expect.stringMatching(/^Not started on studio: http.* does not answer \(ECONNREFUSED\)\.$/),
      'Given to local.',
      expect.stringMatching(/^Done/),
    ]);
  });

  it('waits for its server when it was named, says why, and goes when the server is back', async () => {
    const port = await getPort();
    await add(`http://127.0.0.1:${port}`);
    const id = await submit(workflow('minimal'), 'studio');
    await reaches(id, ({ note }) => note?.includes('ECONNREFUSED') === true, 'the note');
    await startSimulator({ port });
    expect((await reaches(id, ended)).state).toMatchObject({ kind: 'completed', target: 'studio' });
  });
});

describe('a server', () => {
  it('that is paused gets nothing more, over a restart too, what it runs goes on, and is used again when that is wished', async () => {
    await add((await startSimulator()).url);
    const running = await submit(slow(3), 'studio');
    await reaches(running, executing);
    const pause = async (paused: boolean) =>
      ServerSchema.parse(await (await call('POST', '/v1/servers/studio/pause', { paused })).json()).paused;
    expect(await pause(true)).toBe(true);
    expect(await studio()).toMatchObject({ free: 0, refusal: 'studio is paused: you paused it.' });
    const waiting = await submit(workflow('minimal'), 'studio');
    expect((await reaches(running, ended)).state.kind).toBe('completed');
    await add((await startSimulator()).url);
    await engine.kill();
    engine = await startEngine({ dataFolder });
    expect((await reaches(waiting, ({ note }) => note !== null)).note).toContain('studio is paused');
    expect(await pause(false)).toBe(false);
    expect((await reaches(waiting, ended)).state.kind).toBe('completed');
    expect((await call('POST', '/v1/servers/nobody/pause', { paused: true })).status).toBe(404);
  });

  it('is refused under a name that is taken, kept over a restart, and removed with its key', async () => {
    await add('http://127.0.0.1:9');
    const endpoint = { endpointId: 'ep1', microDollarsPerSecond: 1 };
    const taken = await call('PUT', '/v1/endpoints/studio', endpoint);
    expect([taken.status, (await taken.json()).error.code]).toEqual([409, 'target_name_taken']);
    await call('PUT', '/v1/endpoints/pod', endpoint);
    expect((await call('PUT', '/v1/servers/pod', { url: 'http://127.0.0.1:9' })).status).toBe(409);
    expect((await call('PUT', '/v1/servers/local', { url: 'http://127.0.0.1:9' })).status).toBe(400);
    await call('PUT', '/secrets/server.studio.key', { value: 'k' });

    await engine.kill();
    engine = await startEngine({ dataFolder });
    expect(await (await call('GET', '/v1/servers')).json()).toEqual({
      servers: [
        { name: 'studio', url: 'http://127.0.0.1:9', maxJobs: 2, automatic: true, hasKey: true, paused: false },
      ],
    });
    const test = ServerTestSchema.parse(await (await call('POST', '/v1/servers/studio/test', {})).json());
    expect(test).toMatchObject({
      ok: false,
      message: expect.stringContaining('does not answer'),
      code: 'server_unreachable',
      queue: null,
    });
    expect((await call('DELETE', '/v1/servers/studio')).status).toBe(204);
    expect((await call('DELETE', '/v1/servers/studio')).status).toBe(404);
    expect(await (await call('GET', '/secrets')).text()).not.toContain('server.studio.key');
  });
});
