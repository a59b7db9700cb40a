/** The user's rule for what waits, over the whole built product with the RunPod simulator. */
import { afterEach, expect, it } from 'vitest';
import { closeEventStreams, listen } from '../../support/engine-events.ts';
import { workWithPod } from '../../support/work-with-pod.ts';
import { workflow } from '../../support/workflows.ts';
import { ended, executing, namedWork } from '../../support/working-engine.ts';

const work = workWithPod();

afterEach(closeEventStreams);

async function rule(offload: string, more: Record<string, unknown> = {}): Promise<void> {
  const answer = await work.engine.call('PATCH', '/settings', { jobs: { offload, ...more } });
  expect(answer.status).toBe(200);
}
const where = async (id: string): Promise<string | null> => {
  const { state } = await work.engine.reaches(id, ended);
  return state.kind === 'completed' ? state.target : state.kind;
};

it('always: what may run anywhere goes there without waking this ComfyUI; what is asked for here stays', async () => {
  await rule('always');
  const ids = [
    await work.engine.submit(namedWork('always-1', 0.1)),
    await work.engine.submit(namedWork('always-2', 0.1)),
  ];
  expect(await Promise.all(ids.map(where))).toEqual(['pod', 'pod']);
  expect((await work.engine.process.status()).state).toBe('stopped');
  expect(await where(await work.engine.submit(workflow('minimal'), { target: 'local' }))).toBe('local');
  // What the endpoint would refuse is not sent there to fail.
  const page = await work.engine.submit(workflow('preview_only'));
  expect(await where(page)).toBe('local');
});

it('always, with a limit: what the limit does not allow runs here', async () => {
  await work.engine.addEndpoint(work.runpod, { executionTimeoutSeconds: 6, capPerDay: 3500, maxJobs: 1 });
  await rule('always');
  const ids = [];
  for (const n of [1, 2, 3]) ids.push(await work.engine.submit(namedWork(`limit-${n}`, 1)));
  const places = await Promise.all(ids.map(where));
  expect(places.filter((place) => place === 'local').length).toBeGreaterThan(0);
  expect((await work.engine.endpoint())?.spend.today).toBeLessThanOrEqual(3500);
});

it('a queue that is longer than wanted: what waits too far back goes, also out of the queue of ComfyUI', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 6; n += 1) ids.push(await work.engine.submit(namedWork(`longer-${n}`, n === 0 ? 2.5 : 0.1)));
  await work.engine.reaches(ids[0] ?? '', executing);
  await rule('queueLonger', { offloadLongerThan: 2 });
  expect(await Promise.all(ids.map(where))).toEqual(['local', 'local', 'local', 'pod', 'pod', 'pod']);
});

it('memory that was too small here: the same workflow goes there the next time, another one does not', async () => {
  await rule('vramTooSmall');
  const tooLarge = (message: string) => workflow('fail_runtime', { '2.message': message });
  const first = await work.engine.submit(tooLarge('CUDA out of memory. Tried to allocate 20.00 GiB'));
  expect((await work.engine.reaches(first, ended)).state).toMatchObject({
    kind: 'failed',
    error: { code: 'prompt_failed' },
  });
  const again = await work.engine.submit(tooLarge('CUDA out of memory. Tried to allocate 20.00 GiB'));
  // It fails there as well: this node always does.
  expect((await work.engine.reaches(again, ended)).state).toMatchObject({
    kind: 'failed',
    error: { code: 'runpod_job_failed' },
  });
  expect(await where(await work.engine.submit(workflow('minimal')))).toBe('local');
});

it('ask: offered once, and nothing moves by itself', async () => {
  await rule('ask', { offloadLongerThan: 1 });
  const events = await listen(work.engine.process.url, ['jobNotice']);
  const ids = [await work.engine.submit(namedWork('ask-0', 1.5))];
  for (let n = 1; n < 5; n += 1) ids.push(await work.engine.submit(namedWork(`ask-${n}`, 0.1)));
  await events.heard('jobNotice');
  expect(await Promise.all(ids.map(where))).toEqual(['local', 'local', 'local', 'local', 'local']);
  expect(events.of('jobNotice')).toEqual([{ kind: 'offloadOffered', waiting: expect.any(Number), target: 'pod' }]);
});

it('the end of a job on an endpoint is told like a prompt of ComfyUI, with its picture; a limit that is reached is told once', async () => {
  const events = await listen(work.engine.process.url, ['promptEnd', 'jobNotice']);
  const id = await work.engine.submit(namedWork('told', 0.1), { target: 'pod', title: 'A castle' });
  await work.engine.reaches(id, ended);
  const end = await events.heard('promptEnd');
  expect(end).toMatchObject({ promptId: id, outcome: 'completed', title: 'A castle', target: 'pod' });
  const picture = await work.engine.call('GET', `/prompts/${id}/preview`);
  expect([picture.headers.get('content-type'), (await picture.arrayBuffer()).byteLength > 100]).toEqual([
    'image/png',
    true,
  ]);
  expect((await work.engine.process.status()).state).toBe('stopped');

  await work.engine.addEndpoint(work.runpod, { capPerDay: 1000 });
  for (const n of [1, 2]) {
    await work.engine.reaches(
      await work.engine.submit(namedWork(`limit-${n}`, 0.1), { target: 'pod' }),
      ({ note }) => note !== null,
    );
  }
  await events.heard('jobNotice');
  expect(events.of('jobNotice')).toEqual([
    { kind: 'budgetReached', target: 'pod', reason: expect.stringMatching(/a day is reached/) },
  ]);
});
