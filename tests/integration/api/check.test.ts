/** What the shell asks after the computer slept, of the built engine with the simulator. */
import { afterEach, describe, expect, it } from 'vitest';
import { CheckAnswerSchema, HappeningsSchema, MANAGER_ROUTES } from '../../../contract/manager-api.ts';
import { simulatorEntry } from '../../support/comfyui-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { untilFound } from '../../support/until.ts';
import { workflow } from '../../support/workflows.ts';

const simulated = (): Record<string, string> => ({
  STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port}`,
});

afterEach(stopEngines);

async function check(engine: EngineProcess) {
  const answer = await engine.post(MANAGER_ROUTES.check);
  expect(answer.status).toBe(200);
  return CheckAnswerSchema.parse(await answer.json());
}
async function lastHappening(engine: EngineProcess) {
  const answer = await fetch(`${engine.url}${MANAGER_ROUTES.happenings}`);
  return HappeningsSchema.parse(await answer.json()).happenings.findLast(({ message }) =>
    message.startsWith('Checked'),
  );
}

describe('the check after a pause', () => {
  it('finds a sleeping ComfyUI asleep, and starts nothing for that', async () => {
    const engine = await startEngine({ environment: simulated() });
    expect(await check(engine)).toMatchObject({ comfyui: 'asleep', gpu: 'unknown' });
    expect((await engine.status()).state).toBe('stopped');
    expect((await engine.status()).gpuNote).toBe('The GPU has not been measured yet.');
  });

  it('leaves a healthy one alone, with work or without', async () => {
    const engine = await startEngine({ environment: simulated() });
    await engine.post('/prompt', { prompt: workflow('slow_progress_10s') });
    const { pid } = await engine.until(({ queue }) => queue.running === 1);
    expect(await check(engine)).toMatchObject({ comfyui: 'healthy' });
    expect((await engine.status()).pid).toBe(pid);
    expect(await lastHappening(engine)).toMatchObject({
      level: 'info',
      message: 'Checked after a pause: ComfyUI answers.',
    });
  });

  it('restarts one that printed that its device is gone, although a prompt stands in it', async () => {
    const engine = await startEngine({ environment: simulated() });
    const words = 'CUDA error: unspecified launch failure';
    await engine.post('/prompt', { prompt: workflow('fail_runtime', { '2.message': words }) });
    await engine.post('/prompt', { prompt: workflow('slow_progress_10s') });
    const printed = `${engine.url}${MANAGER_ROUTES.logs}?search=${encodeURIComponent(words)}`;
    await untilFound(
      async () => ((await (await fetch(printed)).text()).includes(words) ? true : null),
      'the line in the log',
    );
    const { pid } = await engine.until(({ queue }) => queue.running === 1 && queue.pending === 0);
    expect(await check(engine)).toMatchObject({ comfyui: 'restarted', gpu: 'lost' });
    await engine.until((status) => status.state === 'running' && status.pid !== pid);
    expect(await lastHappening(engine)).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('CUDA error'),
    });
  });
});
