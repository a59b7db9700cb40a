/** Jobs on a RunPod endpoint over the whole built product: the RunPod simulator with workers on a ComfyUI, money and kills included. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  EmptiedEndpointSchema,
  type Endpoint,
  EndpointSchema,
  EndpointsSchema,
  EndpointTestSchema,
} from '../../../contract/endpoints.ts';
import { JobCheckSchema } from '../../../contract/job-check.ts';
import { type Job, JobSchema } from '../../../contract/jobs.ts';
import { EndpointHasSchema } from '../../../contract/parity.ts';
import { TargetsSchema } from '../../../contract/targets.ts';
import { type ComfyuiProcess, startSimulator, stopAllComfyui } from '../../support/comfyui-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { startRecordingProxy } from '../../support/recording-proxy.ts';
import { type RunpodProcess, startRunpod, stopRunpods } from '../../support/runpod-process.ts';
import { type Workflow, workflow } from '../../support/workflows.ts';

let comfyui: ComfyuiProcess;
let runpod: RunpodProcess;
let engine: EngineProcess;
let dataFolder: string;

beforeAll(async () => {
  comfyui = await startSimulator({ arguments: ['--cpu'] });
});
afterAll(stopAllComfyui);
beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'stoker-runpod-'));
  runpod = await startRunpod('--comfyui', comfyui.url, '--cold-start-ms', '50');
  await begin();
});
afterEach(async () => {
  await stopEngines();
  await stopRunpods();
  rmSync(dataFolder, { recursive: true, force: true });
});

async function begin(): Promise<void> {
  const input = join(dataFolder, 'input');
  mkdirSync(join(input, 'masks'), { recursive: true });
  engine = await startEngine({
    dataFolder,
    environment: {
      STOKER_INSTALLATION_INPUT_DIRECTORY: input,
      STOKER_INSTALLATION_OUTPUT_DIRECTORY: join(dataFolder, 'output'),
    },
  });
}

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${engine.url}/manager${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
}
async function addEndpoint(changes: Record<string, unknown> = {}): Promise<Endpoint> {
  await call('PUT', '/secrets/endpoint.pod.key', { value: runpod.key });
  const body = { endpointId: runpod.endpoint, baseUrl: runpod.baseUrl, microDollarsPerSecond: 500, ...changes };
  return EndpointSchema.parse(await (await call('PUT', '/v1/endpoints/pod', body)).json());
}
const endpoint = async (): Promise<Endpoint | undefined> =>
  EndpointsSchema.parse(await (await call('GET', '/v1/endpoints')).json()).endpoints[0];
async function submit(graph: Workflow): Promise<string> {
  const response = await call('POST', '/v1/jobs', { workflow: graph, target: 'pod' });
  expect(response.status).toBe(201);
  return JobSchema.parse(await response.json()).id;
}
const look = async (id: string): Promise<Job> => JobSchema.parse(await (await call('GET', `/v1/jobs/${id}`)).json());
async function reaches(id: string, wanted: (job: Job) => boolean): Promise<Job> {
  for (const deadline = Date.now() + 40_000; ; ) {
    const job = await look(id);
    if (wanted(job)) return job;
    if (Date.now() > deadline)
      throw new Error(`the job never became as wanted: ${JSON.stringify([job.state, job.note])}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
const ended = (job: Job): boolean => job.state.kind !== 'queued' && job.state.kind !== 'running';
const executing = (job: Job): boolean => job.state.kind === 'running' && job.state.phase === 'executing';
const slow = (seconds: number): Workflow => workflow('slow_progress_10s', { '2.seconds': seconds });
/** What the platform charged, in millionths of a dollar at 500 a second. */
const charged = async (): Promise<number> =>
  (await runpod.ledger()).reduce((sum, { chargedMs }) => sum + Math.ceil((chargedMs / 1000) * 500), 0);

describe('a job on an endpoint', () => {
  it('keeps every digit of a seed that JavaScript cannot hold, also when files are renamed in its workflow', async () => {
    const proxy = await startRecordingProxy(runpod.baseUrl.replace(/\/v2$/, ''));
    await addEndpoint({ baseUrl: `${proxy.url}/v2` });
    writeFileSync(
      join(dataFolder, 'input/masks/face.png'),
      readFileSync(resolve(import.meta.dirname, '../../../build/package/icons/16x16.png')),
    );
    const body = JSON.stringify({
      workflow: workflow('upload_invert', { '1.image': 'masks/face.png' }),
      target: 'pod',
    });
    const response = await fetch(`${engine.url}/manager/v1/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body.replace('"masks/face.png"', '"masks/face.png","seed":18446744073709551615'),
    });
    const { id } = JobSchema.parse(await response.json());
    expect((await reaches(id, ended)).state.kind).toBe('completed');
    const sent = proxy.bodies.find(({ path }) => path.endsWith('/run'))?.text ?? '';
    expect(sent).toMatch(/"image":"stoker-[0-9a-f]{24}\.png","seed":18446744073709551615\b/);
    proxy.close();
  });

  it('runs there without waking the local ComfyUI; pictures at home, cost booked as it was charged', async () => {
    const added = await addEndpoint();
    expect(added).toMatchObject({ name: 'pod', hasKey: true, paused: null });
    const { targets } = TargetsSchema.parse(await (await call('GET', '/v1/targets')).json());
    expect(targets).toEqual([
      { name: 'local', kind: 'local', automatic: true, free: 2, load: 0, refusal: null, retryAt: null },
      { name: 'pod', kind: 'runpod', automatic: false, free: 3, load: 0, refusal: null, retryAt: null },
    ]);
    const id = await submit(workflow('simple'));
    const job = await reaches(id, ended);
    expect(job.state).toMatchObject({ kind: 'completed', target: 'pod' });
    expect(job.files).toHaveLength(1);
    const picture = Buffer.from(await (await call('GET', `/v1/jobs/${id}/outputs/0`)).arrayBuffer());
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect(job.costMicroDollars).toBe(await charged());
    expect((await endpoint())?.spend).toEqual({ today: await charged(), month: await charged(), reserved: 0 });
    expect((await engine.status()).state).toBe('stopped');
    const [file] = job.files;
    const path = join(dataFolder, 'output', file?.home?.subfolder ?? '', file?.home?.filename ?? '');
    expect(readFileSync(path, 'latin1')).toContain('tEXtprompt\0{"1":{"class_type":"EmptyImage"');
  });

  it('takes its pictures along, and two of one name in different folders stay two', async () => {
    await addEndpoint();
    const picture = (colour: number): Buffer =>
      Buffer.from(
        colour === 0
          ? 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
          : 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
        'base64',
      );
    writeFileSync(join(dataFolder, 'input/face.png'), picture(0));
    writeFileSync(join(dataFolder, 'input/masks/face.png'), picture(1));
    const results: string[] = [];
    for (const name of ['face.png', 'masks/face.png']) {
      const job = await reaches(await submit(workflow('upload_invert', { '1.image': name })), ended);
      expect(job.state.kind).toBe('completed');
      results.push(job.files[0]?.sha256 ?? '');
    }
    expect(new Set(results).size).toBe(2);
  });

  it('that names a file which is not there is refused before anything is sent', async () => {
    await addEndpoint();
    for (const name of ['nothing.png', '../settings.json', '/etc/hostname']) {
      const { state } = await reaches(await submit(workflow('upload_invert', { '1.image': name })), ended);
      expect(state).toMatchObject({ kind: 'failed', error: { code: 'invalid_workflow' } });
      if (state.kind === 'failed') expect(state.error.message).toContain(name);
    }
    expect(await runpod.ledger()).toEqual([]);
    expect((await endpoint())?.spend.reserved).toBe(0);
  });

  it('tells what the worker says when it fails, and never runs it a second time unasked', async () => {
    await addEndpoint();
    const { state } = await reaches(await submit(workflow('fail_runtime')), ended);
    expect(state).toMatchObject({ kind: 'failed', attempt: 1, error: { code: 'runpod_job_failed' } });
    if (state.kind === 'failed') expect(state.error.message).toMatch(/LabFail/);
    expect(await runpod.ledger()).toHaveLength(1);
  });

  it('that completes without files is a failure with a reason, and three of them pause the endpoint', async () => {
    await addEndpoint();
    for (let each = 1; each <= 3; each += 1) {
      const { state } = await reaches(await submit(workflow('preview_only')), ended);
      expect(state).toMatchObject({ kind: 'failed', error: { code: 'runpod_no_files' } });
    }
    expect((await endpoint())?.paused).toMatch(/3 jobs in a row/);
    const waiting = await reaches(await submit(workflow('simple')), ({ note }) => note !== null);
    expect([waiting.state.kind, waiting.note]).toEqual(['queued', expect.stringMatching(/pod is paused/)]);
    await call('POST', '/v1/endpoints/pod/pause', { paused: false });
    expect((await reaches(waiting.id, ended)).state.kind).toBe('completed');
  });

  it('is cancelled there, with one call for everything remote', async () => {
    await addEndpoint({ maxJobs: 1 });
    const [running, waiting] = [await submit(slow(30)), await submit(slow(30))];
    await reaches(running, executing);
    expect(await (await call('POST', '/v1/remote/cancel')).json()).toEqual({ cancelled: 2 });
    for (const id of [running, waiting]) expect((await reaches(id, ended)).state.kind).toBe('cancelled');
    expect((await runpod.ledger()).map(({ status }) => status)).toEqual(['CANCELLED']);
  });
});

describe('money', () => {
  it('empties the queue of an endpoint that another program has filled, with what waits there of ours', async () => {
    await addEndpoint();
    const running = await submit(slow(30));
    await reaches(running, executing);
    const ours = await submit(slow(30));
    await reaches(ours, ({ state }) => state.kind === 'running');
    // A script that has crashed left these.
    for (let n = 0; n < 3; n += 1) await runpod.call('POST', 'run', { input: { workflow: workflow('minimal') } });
    const answer = await call('POST', '/v1/endpoints/pod/empty');
    const { cancelled, removed } = EmptiedEndpointSchema.parse(await answer.json());
    // Ours is cancelled before: RunPod may have heard of that already.
    expect([cancelled, removed === 3 || removed === 4]).toEqual([1, true]);
    expect((await reaches(ours, ended)).state.kind).toBe('cancelled');
    expect((await look(running)).state.kind).toBe('running');
    expect((await call('POST', '/v1/endpoints/gone/empty')).status).toBe(404);
    await call('POST', '/v1/remote/cancel', {});
    await reaches(running, ended);
  });

  it('a cancelled run whose length RunPod does not tell is booked all the same, and one that never began is free', async () => {
    await addEndpoint({ maxJobs: 2 });
    await runpod.faults({ withoutTimes: true });
    const running = await submit(slow(30));
    await reaches(running, executing);
    const waiting = await submit(slow(30));
    await reaches(waiting, (job) => job.state.kind === 'running' && job.state.phase === 'waiting');
    await call('POST', '/v1/remote/cancel');
    const [ran, never] = [await reaches(running, ended), await reaches(waiting, ended)];
    expect(ran.costMicroDollars).toBeGreaterThanOrEqual(await charged());
    expect(ran.costMicroDollars).toBeLessThanOrEqual(600 * 500);
    expect(ran.timeline.map(({ message }) => message).join(' ')).toMatch(/does not say how long it ran: booked \$/);
    expect(never.costMicroDollars).toBe(0);
    expect((await endpoint())?.spend).toMatchObject({ today: ran.costMicroDollars, reserved: 0 });
  });

  it('the engine killed after a run began: the next one still knows since when it may have cost', async () => {
    await addEndpoint();
    await runpod.faults({ withoutTimes: true });
    const id = await submit(slow(30));
    await reaches(id, executing);
    await engine.kill();
    await begin();
    await call('POST', `/v1/jobs/${id}/cancel`);
    const { costMicroDollars } = await reaches(id, ended);
    expect(costMicroDollars).toBeGreaterThanOrEqual(await charged());
    expect(costMicroDollars).toBeLessThan(600 * 500);
  });

  it('holds the worst a job can cost, and sends nothing that could pass the limit of the day', async () => {
    // 6 s at most, 500 a second: 3,000 for each; the day does not take two.
    await addEndpoint({ executionTimeoutSeconds: 6, capPerDay: 5900 });
    const first = await submit(slow(2));
    await reaches(first, executing);
    expect((await endpoint())?.spend).toEqual({ today: 3000, month: 3000, reserved: 3000 });
    const second = await reaches(await submit(workflow('minimal')), ({ note }) => note !== null);
    expect(second.note).toMatch(/limit of \$0\.0059 a day is reached/);
    await reaches(first, ended);
    // The first cost less than held: the day has room again.
    await reaches(second.id, ended);
    expect((await endpoint())?.spend.today).toBe(await charged());
  });

  it('nor when many come at once: what is let in counts before it is on disk', async () => {
    await addEndpoint({ executionTimeoutSeconds: 6, capPerDay: 7900, maxJobs: 5 });
    const ids = await Promise.all([1, 2, 3, 4].map((n) => submit(slow(0.3 + n / 100))));
    for (const id of ids) {
      expect((await endpoint())?.spend.today).toBeLessThanOrEqual(7900);
      await reaches(id, ended);
    }
    const runs = (await runpod.ledger()).length;
    expect([runs, (await endpoint())?.spend]).toEqual([
      4,
      { today: await charged(), month: await charged(), reserved: 0 },
    ]);
  });

  it('lets RunPod itself end a job at the cap', async () => {
    await addEndpoint({ capPerJob: 3000, executionTimeoutSeconds: 600 });
    const { state, costMicroDollars } = await reaches(await submit(slow(30)), ended);
    expect(state).toMatchObject({ kind: 'failed', error: { code: 'runpod_timed_out' } });
    expect([costMicroDollars, await charged()]).toEqual([3000, 3000]);
  });
});

describe('before money is spent', () => {
  const check = async (graph: Workflow, target = 'pod') =>
    JobCheckSchema.parse(await (await call('POST', '/v1/jobs/check', { workflow: graph, target })).json());

  it('a dry run tells size, cost at most, what is not known; and after a run what it took and cost', async () => {
    await addEndpoint();
    writeFileSync(join(dataFolder, 'input/face.png'), Buffer.alloc(5000, 1));
    expect(await check(workflow('upload_invert', { '1.image': 'face.png' }))).toMatchObject({
      ok: true,
      files: [{ name: 'face.png', bytes: 5000 }],
      nodeTypes: ['ImageInvert', 'LoadImage', 'SaveImage'],
      estimate: null,
      worstMicroDollars: 600 * 500,
    });
    const first = await check(slow(1));
    expect([first.estimate, first.warnings.join()]).toEqual([null, expect.stringMatching(/Not known whether pod has/)]);
    await reaches(await submit(slow(1)), ended);
    const second = await check(slow(1));
    expect(second.warnings).toEqual([]);
    expect(second.estimate).toMatchObject({ microDollars: await charged(), runs: 1 });
    // Another length: guessed from like ones.
    expect((await check(slow(2))).estimate?.runs).toBe(1);
    expect(await runpod.ledger()).toHaveLength(1);
  });

  it('what cannot be sent is said, each with its reason', async () => {
    await addEndpoint({ capPerDay: 100 });
    writeFileSync(join(dataFolder, 'input/huge.png'), Buffer.alloc(11 * 1024 * 1024));
    const { ok, problems } = await check(workflow('upload_invert', { '1.image': 'huge.png', '2.image': ['99', 0] }));
    expect([ok, problems.map(({ code }) => code)]).toEqual([
      false,
      ['invalid_workflow', 'runpod_too_large', 'budget_reached'],
    ]);
    expect((await check(workflow('upload_invert', { '1.image': 'none.png' }))).problems[0]?.message).toMatch(
      /none\.png/,
    );
    expect(await runpod.ledger()).toEqual([]);
  });

  it('what a run found missing is not paid for a second time, until the user says it is there', async () => {
    await addEndpoint();
    const unknown = workflow('invalid_unknown_node');
    expect((await reaches(await submit(unknown), ended)).state).toMatchObject({ error: { code: 'runpod_job_failed' } });
    expect(await runpod.ledger()).toHaveLength(1);
    const refused = await call('POST', '/v1/jobs', { workflow: unknown, target: 'pod' });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      error: { code: 'missing_on_endpoint', message: 'pod is known to lack the nodes NoSuchNode.' },
    });
    expect(await check(unknown)).toMatchObject({ ok: false, missingNodeTypes: ['NoSuchNode'] });
    expect(await runpod.ledger()).toHaveLength(1);
    expect(EndpointHasSchema.parse(await (await call('GET', '/v1/endpoints/pod/has')).json()).learnt.nodeTypes).toEqual(
      { present: [], absent: ['NoSuchNode'] },
    );
    await call('POST', '/v1/endpoints/pod/forget');
    expect((await check(unknown)).ok).toBe(true);
    await call('PUT', '/v1/endpoints/pod/has', { nodeTypes: null, models: [] });
    expect(await check(workflow('invalid_missing_model'))).toMatchObject({ ok: false, missingNodeTypes: [] });
  });
});

describe('trouble', () => {
  it('the engine killed while a job runs there: the next one brings the picture home, paid once', async () => {
    await addEndpoint();
    const id = await submit(slow(2));
    await reaches(id, executing);
    await engine.kill();
    await begin();
    const job = await reaches(id, ended);
    expect([job.state.kind, job.files.length, job.costMicroDollars]).toEqual(['completed', 1, await charged()]);
    expect(readdirSync(join(dataFolder, 'output', job.files[0]?.home?.subfolder ?? ''))).toHaveLength(1);
    expect(await runpod.ledger()).toHaveLength(1);
  });

  it('an answer that never came: nobody knows whether it runs, and it is not sent again', async () => {
    await addEndpoint();
    await runpod.faults({ answers: [{ operation: 'run', answer: 'drop', times: 1 }] });
    const { state } = await reaches(await submit(workflow('simple')), ended);
    expect(state).toMatchObject({ kind: 'failed', attempt: 1, error: { code: 'outcome_unknown' } });
    expect(await runpod.ledger()).toHaveLength(1);
    // It counts at its worst, in the day it was sent: the sums never tell less than may have been spent.
    expect((await endpoint())?.spend).toEqual({ today: 600 * 500, month: 600 * 500, reserved: 0 });
  });

  it('429, 500 and half an answer while it runs do not lose it', async () => {
    await addEndpoint();
    await runpod.faults({
      answers: [
        { operation: 'status', answer: 429, times: 1 },
        { operation: 'status', answer: 500, times: 1 },
        { operation: 'status', answer: 'malformed', times: 1 },
      ],
    });
    expect((await reaches(await submit(workflow('simple')), ended)).state.kind).toBe('completed');
  });

  it('a wrong key and an endpoint that is not there are named', async () => {
    await addEndpoint();
    const test = async () => EndpointTestSchema.parse(await (await call('POST', '/v1/endpoints/pod/test')).json());
    expect(await test()).toMatchObject({ ok: true, queue: { inQueue: 0, inProgress: 0 } });
    await call('PUT', '/secrets/endpoint.pod.key', { value: 'wrong-key' });
    expect(await test()).toMatchObject({ ok: false, message: 'RunPod does not accept the API key.' });
    const { state } = await reaches(await submit(workflow('simple')), ended);
    expect(state).toMatchObject({ kind: 'failed', error: { code: 'runpod_unauthorized' } });
    expect(JSON.stringify(await (await call('GET', '/v1/endpoints')).json())).not.toContain('wrong-key');
    await addEndpoint({ endpointId: 'nowhere' });
    expect(await test()).toMatchObject({ ok: false, message: 'RunPod knows no such endpoint.' });
  });
});
