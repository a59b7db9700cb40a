/** A real ComfyUI (on the CPU) behind the real shell: woken from the tray, opened in its window, put to sleep. With STOKER_TEST_COMFYUI alone. */
import { afterEach, expect, it } from 'vitest';
import { realComfyui } from '../../support/comfyui-process.ts';
import { startDesktop, stopDesktops } from '../../support/stoker-desktop.ts';
import { workflow } from '../../support/workflows.ts';

const real = realComfyui();
if (real === undefined)
  console.warn('SKIPPED: the desktop test against a real ComfyUI (set STOKER_TEST_COMFYUI=<folder> to run it).');

afterEach(stopDesktops);

it.skipIf(real === undefined)('wakes, shows its own page in the window, makes a picture, and sleeps', async () => {
  const desktop = await startDesktop();
  const stoker = await desktop.start({
    words: ['--port', '0'],
    environment: {
      STOKER_INSTALLATION_FOLDER: real?.folder ?? '',
      STOKER_INSTALLATION_PYTHON: real?.python ?? '',
      STOKER_INSTALLATION_ARGUMENTS: '["--cpu"]',
    },
  });
  const { tray, until, post, window } = stoker;
  await expect.poll(() => tray.tooltip()).toContain('Asleep');
  await tray.click('Open ComfyUI');
  const page = await window('/');
  await page.waitForFunction(
    () => 'app' in window && 'graph' in (window as unknown as { app: object }).app,
    undefined,
    {
      timeout: 180_000,
    },
  );
  await until(({ state }) => state === 'running');
  await expect.poll(() => tray.tooltip()).toContain('Ready');

  const queued = await post('/prompt', { prompt: workflow('simple', { '1.color': 4711 }) });
  expect(queued.status).toBe(200);
  const history = async (): Promise<unknown> => (await fetch(`${(await stoker.engine()).url}/history`)).json();
  await expect.poll(history).not.toEqual({});
  // Who looks at ComfyUI's window needs no notification.
  expect(desktop.notifications.shown()).toEqual([]);
  await until(({ queue }) => queue.running === 0);
  await expect.poll(() => tray.tooltip()).toContain('Ready');
  await tray.click('Sleep Now');
  await until(({ state }) => state === 'stopped');
  await expect.poll(() => tray.tooltip()).toContain('Asleep');
});
