/** The RunPod simulator against the contract: REST face, limits, worker loop, failures on demand; its workers run on a real ComfyUI process. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ComfyuiProcess, startSimulator, stopAllComfyui } from '../../support/comfyui-process.ts';
import { type RunpodProcess, startRunpod, stopRunpods } from '../../support/runpod-process.ts';
import { workflow } from '../../support/workflows.ts';

let comfyui: ComfyuiProcess;
beforeAll(async () => {
  comfyui = await startSimulator({ arguments: ['--cpu'] });
});
afterAll(stopAllComfyui);
afterEach(stopRunpods);

const start = (...words: string[]): Promise<RunpodProcess> =>
  startRunpod('--comfyui', comfyui.url, '--cold-start-ms', '50', ...words);

type Body = Record<string, unknown>;
async function settled(runpod: RunpodProcess, id: unknown): Promise<Body> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    const { body } = await runpod.call('GET', `status/${id}`);
    if (!['IN_QUEUE', 'IN_PROGRESS'].includes(String(body.status))) return body;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error('the job did not end');
}

describe('jobs', () => {
  it('/run queues, /status tells delay, execution and pictures as base64', async () => {
    const runpod = await start();
    const { body } = await runpod.call('POST', 'run', { input: { workflow: workflow('simple') } });
    expect(body).toEqual({ id: expect.stringMatching(/-u1$/), status: 'IN_QUEUE' });
    const done = await settled(runpod, body.id);
    expect(done).toEqual({
      id: body.id,
      status: 'COMPLETED',
      delayTime: expect.any(Number),
      executionTime: expect.any(Number),
      output: {
        images: [{ filename: expect.stringMatching(/\.png$/), type: 'base64', data: expect.stringMatching(/^iVBOR/) }],
      },
    });
    expect(await runpod.ledger()).toEqual([{ id: body.id, status: 'COMPLETED', chargedMs: done.executionTime }]);
  });

  it('/runsync waits, and hands over an unfinished job after its wait', async () => {
    const runpod = await start();
    const fast = await runpod.call('POST', 'runsync', { input: { workflow: workflow('minimal') } });
    expect(fast.body).toMatchObject({ id: expect.stringMatching(/^sync-/), status: 'COMPLETED' });
    const slow = await runpod.call('POST', 'runsync?wait=1000', {
      input: { workflow: workflow('slow_progress_10s', { '2.seconds': 2 }) },
    });
    expect(slow.body).toEqual({ id: expect.any(String), status: 'IN_PROGRESS' });
  });

  it('takes input images, drops subfolders, and calls a workflow without pictures complete', async () => {
    const runpod = await start();
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const inverted = await runpod.call('POST', 'runsync', {
      input: {
        workflow: workflow('upload_invert'),
        images: [{ name: 'lab_upload.png', image: `data:image/png;base64,${png}` }],
      },
    });
    expect(inverted.body).toMatchObject({ status: 'COMPLETED', output: { images: [expect.anything()] } });
    const batch = await runpod.call('POST', 'runsync', { input: { workflow: workflow('batch3_subfolder') } });
    const names = (batch.body.output as { images: { filename: string }[] }).images.map(({ filename }) => filename);
    expect([names.length, names.some((name) => name.includes('/'))]).toEqual([3, false]);
    const preview = await runpod.call('POST', 'runsync', { input: { workflow: workflow('preview_only') } });
    expect(preview.body).toMatchObject({ status: 'COMPLETED', output: { status: 'success_no_images', images: [] } });
  });

  it('fails with the words of worker-comfyui', async () => {
    const runpod = await start();
    const ask = async (input: unknown): Promise<Body> => (await runpod.call('POST', 'runsync', { input })).body;
    expect(await ask({})).toMatchObject({ status: 'FAILED', error: "Missing 'workflow' parameter" });
    expect(await ask({ workflow: workflow('invalid_value') })).toMatchObject({
      status: 'FAILED',
      error: expect.stringMatching(/^Workflow validation failed:\n• Node 1 \(errors\)/),
    });
    expect(await ask({ workflow: workflow('fail_runtime') })).toMatchObject({
      status: 'FAILED',
      error: 'Job processing failed',
      output: { details: [expect.stringMatching(/Node Type: LabFail/)] },
    });
  });

  it('are cancelled while they wait and while they run, and what ran is charged', async () => {
    const runpod = await start();
    const slow = { input: { workflow: workflow('slow_progress_10s', { '2.seconds': 30 }) } };
    const [first, second] = [await runpod.call('POST', 'run', slow), await runpod.call('POST', 'run', slow)];
    while ((await runpod.call('GET', `status/${first.body.id}`)).body.status !== 'IN_PROGRESS');
    for (const { body } of [second, first]) {
      expect((await runpod.call('POST', `cancel/${body.id}`)).body).toEqual({ id: body.id, status: 'CANCELLED' });
    }
    const [running, waiting] = await runpod.ledger();
    expect([running?.chargedMs === 0, waiting?.chargedMs]).toEqual([false, 0]);
    expect((await runpod.call('GET', 'health')).body).toMatchObject({ jobs: { inQueue: 0, inProgress: 0 } });
  });

  it('time out, and can be retried before they expire', async () => {
    const runpod = await start();
    const { body } = await runpod.call('POST', 'run', {
      input: { workflow: workflow('slow_progress_10s', { '2.seconds': 30 }) },
      policy: { executionTimeout: 5001 },
    });
    expect(await settled(runpod, body.id)).toMatchObject({ status: 'TIMED_OUT', executionTime: 5001 });
    expect((await runpod.call('POST', `retry/${body.id}`)).body).toEqual({ id: body.id, status: 'IN_QUEUE' });
    await runpod.call('POST', `cancel/${body.id}`);
    expect((await runpod.call('POST', `retry/${body.id}`)).status).toBe(400);
  });

  it('expire: a result not fetched in time is gone', async () => {
    const runpod = await start('--keep-run-ms', '1');
    const { body } = await runpod.call('POST', 'run', { input: { workflow: workflow('minimal') } });
    let status = 200;
    while (status === 200) status = (await runpod.call('GET', `status/${body.id}`)).status;
    expect(status).toBe(404);
  });
});

describe('the platform', () => {
  it('wants the key and the endpoint, refuses what is too large or malformed', async () => {
    const runpod = await start();
    const bare = await fetch(`${runpod.baseUrl}/ep1/health`);
    expect(bare.status).toBe(401);
    const other = await fetch(`${runpod.baseUrl}/ep2/health`, { headers: { authorization: 'test-key' } });
    expect(other.status).toBe(404);
    const large = { input: { workflow: {}, padding: 'x'.repeat(10 * 1024 * 1024) } };
    expect((await runpod.call('POST', 'run', large)).status).toBe(413);
    expect((await runpod.call('POST', 'run', { no: 'input' })).status).toBe(400);
    expect((await runpod.call('POST', 'run', { input: {}, policy: { ttl: 1 } })).status).toBe(400);
    expect((await runpod.call('GET', 'run')).status).toBe(405);
    expect((await runpod.call('GET', 'status/none')).status).toBe(404);
  });

  it('allows two purges in ten seconds, then says 429', async () => {
    const runpod = await start('--cold-start-ms', '60000');
    for (let each = 0; each < 3; each += 1) await runpod.call('POST', 'run', { input: { workflow: {} } });
    expect((await runpod.call('POST', 'purge-queue')).body).toEqual({ removed: 3, status: 'completed' });
    const statuses = [
      (await runpod.call('POST', 'purge-queue')).status,
      (await runpod.call('POST', 'purge-queue')).status,
    ];
    expect(statuses).toEqual([200, 429]);
  });

  it('fails on demand: statuses, half an answer, none at all after doing what was asked', async () => {
    const runpod = await start('--cold-start-ms', '60000');
    await runpod.faults({
      answers: [
        { operation: 'status', answer: 500, times: 1 },
        { operation: 'run', answer: 'drop', times: 1 },
        { operation: 'health', answer: 'malformed', times: 1 },
      ],
      throttled: true,
    });
    expect((await runpod.call('GET', 'status/x')).status).toBe(500);
    expect((await runpod.call('GET', 'status/x')).status).toBe(404);
    await expect(runpod.call('POST', 'run', { input: { workflow: {} } })).rejects.toThrow();
    await expect(runpod.call('GET', 'health')).rejects.toThrow();
    expect((await runpod.call('GET', 'health')).body).toMatchObject({
      jobs: { inQueue: 1 },
      workers: { throttled: 1, running: 0 },
    });
  });
});

describe('the worker loop', () => {
  it('hands jobs to a worker that asks, and takes what it posts', async () => {
    const runpod = await startRunpod('--worker-loop');
    const root = runpod.baseUrl.replace(/\/v2$/, '');
    const take = () => fetch(`${root}/job-take/labpod?gpu=lab&job_in_progress=0`);
    expect((await take()).status).toBe(204);
    const { body } = await runpod.call('POST', 'run', { input: { workflow: { a: 1 } } });
    expect(await (await take()).json()).toEqual({ id: body.id, input: { workflow: { a: 1 } } });
    await fetch(`${root}/job-done/labpod/${body.id}?gpu=lab&isStream=false`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: JSON.stringify({ output: { details: ['why'] }, error: 'Job processing failed' }),
    });
    expect((await runpod.call('GET', `status/${body.id}`)).body).toMatchObject({
      status: 'FAILED',
      error: 'Job processing failed',
      output: { details: ['why'] },
    });
  });
});
