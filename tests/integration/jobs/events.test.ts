/** The event stream of one job: it tells every ending and ends with it, and the engine lives on. */
import { afterEach, expect, it } from 'vitest';
import { type Job, JobSchema } from '../../../contract/jobs.ts';
import { simulatorEntry } from '../../support/comfyui-process.ts';
import { closeEventStreams, listen } from '../../support/engine-events.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { workflow } from '../../support/workflows.ts';

afterEach(async () => {
  closeEventStreams();
  await stopEngines();
});

const commandLine = () =>
  `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} --sim-start-seconds 0`;

async function submit(engine: EngineProcess, name: string): Promise<Job> {
  const answer = await engine.post('/manager/v1/jobs', { workflow: workflow(name), target: 'local' });
  return JobSchema.parse(await answer.json());
}

/** @returns the states told, when the stream has ended */
async function followed(engine: EngineProcess, id: string): Promise<string[]> {
  const text = await (await fetch(`${engine.url}/manager/v1/jobs/${id}/events`)).text();
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '{}']) => JSON.parse(data).state.kind);
}

it('tells a good end, a bad one and a cancelled job, to each of several listeners', async () => {
  const engine = await startEngine({ environment: { STOKER_INSTALLATION_COMMAND_LINE: commandLine() } });
  const endings = { simple: 'completed', fail_runtime: 'failed', slow_progress_10s: 'cancelled' };
  for (const [name, ending] of Object.entries(endings)) {
    const { id } = await submit(engine, name);
    const listeners = [followed(engine, id), followed(engine, id)];
    if (ending === 'cancelled') {
      await expect
        .poll(async () => (await (await fetch(`${engine.url}/manager/v1/jobs/${id}`)).json()).state.phase, {
          timeout: 20_000,
        })
        .toBe('executing');
      await engine.post(`/manager/v1/jobs/${id}/cancel`);
    }
    for (const states of await Promise.all(listeners)) expect(states.at(-1)).toBe(ending);
  }
  expect((await fetch(`${engine.url}/manager/status`)).status).toBe(200);
});

it('tells who follows the list how each job comes along, and what is deleted', async () => {
  const engine = await startEngine({ environment: { STOKER_INSTALLATION_COMMAND_LINE: commandLine() } });
  const events = await listen(engine.url, ['job', 'jobList']);
  const { id } = await submit(engine, 'simple');
  await events.heard('job', ({ job }) => job.id === id && job.state.kind === 'completed' && job.outputs > 0);
  await events.heard('jobList', ({ counts }) => counts.completed === 1);
  await fetch(`${engine.url}/manager/v1/jobs/${id}`, { method: 'DELETE' });
  const { counts } = await events.heard('jobList', ({ gone }) => gone.includes(id));
  expect(counts.completed).toBe(0);
});

it('tells who connects later what runs, and how far it has come', async () => {
  const engine = await startEngine({ environment: { STOKER_INSTALLATION_COMMAND_LINE: commandLine() } });
  const { id } = await submit(engine, 'slow_progress_10s');
  const first = await listen(engine.url, ['job']);
  await first.heard('job', ({ job, progress }) => job.id === id && progress?.value !== null && progress !== null);
  const later = await listen(engine.url, ['job']);
  await later.heard('job', ({ progress }) => progress !== null);
  expect(later.of('job')[0]).toMatchObject({
    job: { id, ranOn: 'local' },
    progress: { nodesTotal: expect.any(Number) },
  });
  await engine.post(`/manager/v1/jobs/${id}/cancel`);
});
