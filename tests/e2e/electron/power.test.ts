/** Sleep of the computer: kept off while ComfyUI works, and looked after when it is over. The system's services are stand-ins on private buses. */
import { afterEach, expect, it } from 'vitest';
import { startDesktop, stopDesktops } from '../../support/stoker-desktop.ts';
import { until } from '../../support/until.ts';
import { workflow } from '../../support/workflows.ts';

afterEach(stopDesktops);

const working = { prompt: workflow('slow_progress_10s', { '2.seconds': 3, '2.steps': 6 }) };

it('the computer does not fall asleep while a prompt runs, and may afterwards', async () => {
  const desktop = await startDesktop();
  const { post, until: untilStatus } = await desktop.start();
  await post('/prompt', working);
  await expect.poll(() => desktop.sleepBlocks.held().length).toBe(1);
  await untilStatus(({ queue }) => queue.running === 0);
  await expect.poll(() => desktop.sleepBlocks.held()).toEqual([]);
});

it('it may fall asleep all the same where the user wants that', async () => {
  const desktop = await startDesktop();
  const { tray, post, until: untilStatus } = await desktop.start({ preferences: { blockSleepWhileWorking: false } });
  await post('/prompt', working);
  await expect.poll(() => tray.tooltip()).toContain('Working');
  await untilStatus(({ queue }) => queue.running === 0);
  expect(desktop.sleepBlocks.heldEver()).toEqual([]);
});

it('after the computer slept, the engine looks whether ComfyUI still lives, and says what it found', async () => {
  const desktop = await startDesktop();
  const { tray, engine, post, until: untilStatus } = await desktop.start();
  await post('/manager/start', {});
  await untilStatus(({ state }) => state === 'running');
  await expect.poll(() => tray.tooltip()).toContain('Ready');
  const { url } = await engine();
  const happenings = async (): Promise<string> => (await fetch(`${url}/manager/happenings`)).text();
  expect(await happenings()).not.toContain('Checked after a pause');

  desktop.power.suspend();
  desktop.power.resume();
  await expect.poll(happenings).toContain('Checked after a pause');
  expect((await untilStatus(({ state }) => state === 'running')).reasonCode).toBe('user');
});

it('when the session ends, everything ends with it, and nobody is asked', async () => {
  const desktop = await startDesktop();
  const { shell, post, until: untilStatus } = await desktop.start();
  await post('/prompt', working);
  await untilStatus(({ queue }) => queue.running === 1);
  desktop.power.shutDown();
  await shell.ended();
  await until(() => desktop.session.processes().length === 0);
});
