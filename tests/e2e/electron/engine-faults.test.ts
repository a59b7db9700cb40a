/** Shell and engine are two processes: each survives the sudden end of the other. */
import { afterEach, expect, it } from 'vitest';
import { lives } from '../../support/living-process.ts';
import { startDesktop, stopDesktops } from '../../support/stoker-desktop.ts';

afterEach(stopDesktops);

it('an engine that was killed is started again, and the tray goes on with the new one', async () => {
  const desktop = await startDesktop();
  const { tray, engine, post } = await desktop.start();
  const first = await engine();
  await expect.poll(() => tray.tooltip()).toContain('Asleep');

  process.kill(first.pid, 'SIGKILL');
  await expect.poll(async () => (await engine()).pid).not.toBe(first.pid);
  const second = await engine();
  expect(lives(second.pid)).toBe(true);
  await post('/manager/start', {});
  await expect.poll(() => tray.tooltip()).toContain('Ready');
});

it('an engine whose ComfyUI ran goes on with the same ComfyUI after it was killed', async () => {
  const desktop = await startDesktop();
  const { tray, engine, post, until } = await desktop.start();
  const first = await engine();
  await post('/manager/start', {});
  const before = await until(({ state }) => state === 'running');

  process.kill(first.pid, 'SIGKILL');
  const after = await until(({ state, engine: now }) => state === 'running' && now.pid !== first.pid);
  expect(after.pid).toBe(before.pid);
  await expect.poll(() => tray.tooltip()).toContain('Ready');
});

it('an engine that cannot be started is given up, said in words, and can be tried again', async () => {
  const desktop = await startDesktop();
  const { shell, tray } = await desktop.start({ environment: { STOKER_ENGINE_NODE: '/bin/false' } });
  await shell.electron.evaluate(({ dialog }) => {
    // The question stays open, as long as nobody looks at it.
    dialog.showMessageBox = () => new Promise(() => undefined);
  });
  await expect.poll(() => tray.tooltip(), { timeout: 120_000 }).toContain('engine does not run');
  expect(await tray.menuText()).toContain('\nTry Again');
  await tray.click('Try Again');
  await expect.poll(() => tray.tooltip(), { interval: 10 }).not.toContain('does not run');
});

it('the engine serves on after the shell was killed, and the next shell takes it over', async () => {
  const desktop = await startDesktop();
  const first = await desktop.start();
  const { pid } = await first.engine();
  await first.post('/manager/start', {});
  const before = await first.until(({ state }) => state === 'running');

  await first.shell.kill();
  const orphaned = await first.status();
  expect({ engine: orphaned.engine.pid, comfyui: orphaned.pid }).toEqual({ engine: pid, comfyui: before.pid });

  const second = await desktop.start();
  await expect.poll(() => second.tray.tooltip()).toContain('Ready');
  expect((await second.engine()).pid).toBe(pid);
  // It is its own again: quitting ends it.
  await second.tray.click('Quit Stoker');
  await second.shell.ended();
  expect(lives(pid)).toBe(false);
});
