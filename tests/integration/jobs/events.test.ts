/** The event stream of one job: it tells every ending and ends with it, and the engine lives on. */
import { afterEach, expect, it } from 'vitest';
import { type Job, JobSchema } from '../../../contract/jobs.ts';
import { simulatorEntry } from '../../support/comfyui-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { workflow } from '../../support/workflows.ts';

afterEach(stopEngines);

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
