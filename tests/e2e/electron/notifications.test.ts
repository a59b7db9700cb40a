/** What the shell tells through the system's notifications, read from a stand-in for the service, and what a click on one opens. */
import { afterEach, expect, it } from 'vitest';
import { startDesktop, stopDesktops } from '../../support/stoker-desktop.ts';
import { workflow } from '../../support/workflows.ts';

afterEach(stopDesktops);

it('a finished image is told with its picture, and a click opens ComfyUI', async () => {
  const desktop = await startDesktop();
  const { post, window } = await desktop.start();
  expect((await post('/prompt', { prompt: workflow('simple') })).status).toBe(200);
  await expect.poll(() => desktop.notifications.shown()).toHaveLength(1);
  const [shown] = desktop.notifications.shown();
  expect(shown).toMatchObject({ summary: '1 image ready', hasImage: true });

  desktop.notifications.click(shown?.id ?? 0);
  await (await window('/')).locator('[data-testid=queue-button]').waitFor();
});

it('many images of one queue are told as one', async () => {
  const desktop = await startDesktop();
  const { post } = await desktop.start();
  for (const color of [1, 2, 3]) await post('/prompt', { prompt: workflow('simple', { '1.color': color }) });
  await expect.poll(() => desktop.notifications.shown()).toHaveLength(1);
  expect(desktop.notifications.shown()[0]?.summary).toBe('3 images ready');
});

it('a crash is told in words, and a click opens the dashboard', async () => {
  const desktop = await startDesktop();
  const { post, until, window } = await desktop.start();
  await post('/manager/start', {});
  const { pid } = await until(({ state }) => state === 'running');
  process.kill(pid as number, 'SIGKILL');
  await expect.poll(() => desktop.notifications.shown()).toHaveLength(1);
  const [shown] = desktop.notifications.shown();
  expect(shown).toMatchObject({ summary: 'ComfyUI crashed and starts again' });
  desktop.notifications.click(shown?.id ?? 0);
  await window('/manager');
});

it('in the quiet mode nothing is told, not even a crash', async () => {
  const desktop = await startDesktop();
  const { tray, post, until } = await desktop.start({ preferences: { notifications: 'off' } });
  await post('/prompt', { prompt: workflow('simple') });
  const { pid } = await until(({ queue, state }) => state === 'running' && queue.running === 0);
  process.kill(pid as number, 'SIGKILL');
  // By the engine's word: the state lasts less than the pace at which the tooltip changes.
  await until(({ state }) => state === 'backingOff');
  await until((status) => status.state === 'running' && status.pid !== pid);
  await expect.poll(() => tray.tooltip()).toContain('Ready');
  expect(desktop.notifications.shown()).toEqual([]);
});
