/** The end of the real shell: nothing of it is left, and work is not lost without a question. */
import { afterEach, expect, it } from 'vitest';
import { lives } from '../../support/living-process.ts';
import { answerDialogs, type Desktop, type Stoker, startDesktop, stopDesktops } from '../../support/stoker-desktop.ts';
import { until } from '../../support/until.ts';
import { workflow } from '../../support/workflows.ts';

afterEach(stopDesktops);

/** A shell whose ComfyUI runs. */
async function startAwake(desktop: Desktop): Promise<Stoker> {
  const stoker = await desktop.start();
  await stoker.engine();
  await stoker.post('/manager/start', {});
  await stoker.until(({ state }) => state === 'running');
  await expect.poll(() => stoker.tray.tooltip()).toContain('Ready');
  return stoker;
}

async function startWorking(desktop: Desktop, seconds: number): Promise<Stoker> {
  const stoker = await startAwake(desktop);
  const prompt = workflow('slow_progress_10s', { '2.seconds': seconds, '2.steps': 20 });
  expect((await stoker.post('/prompt', { prompt })).status).toBe(200);
  await expect.poll(() => stoker.tray.tooltip()).toContain('Working');
  return stoker;
}

it('*Quit* ends ComfyUI, the engine, every window and the shell: no process is left', async () => {
  const desktop = await startDesktop();
  const { shell, tray, engine, status, window } = await startAwake(desktop);
  const comfyui = (await status()).pid as number;
  const { pid } = await engine();
  shell.launchAgain('stoker://dashboard');
  await window('/manager');

  await tray.click('Quit Stoker');
  await shell.ended();
  await until(() => desktop.session.processes().length === 0);
  expect([shell.pid, pid, comfyui].filter(lives)).toEqual([]);
});

it('Ctrl+C in the terminal ends it as cleanly', async () => {
  const desktop = await startDesktop();
  const { shell } = await startAwake(desktop);
  process.kill(shell.pid, 'SIGINT');
  await shell.ended();
  await until(() => desktop.session.processes().length === 0);
});

it('while it works *Quit* asks first, and *Cancel* changes nothing', async () => {
  const desktop = await startDesktop();
  const stoker = await startWorking(desktop, 30);
  const asked = await answerDialogs(stoker, 'Cancel');
  await stoker.tray.click('Quit Stoker');
  await expect
    .poll(asked)
    .toEqual([
      'ComfyUI is working\nIt works on a prompt. It is kept: what runs now begins anew when Stoker runs again.',
    ]);
  expect((await stoker.status()).queue.running).toBe(1);
  expect(lives(stoker.shell.pid)).toBe(true);
});

it('while it works *Quit now* loses the work and leaves nothing', async () => {
  const desktop = await startDesktop();
  const stoker = await startWorking(desktop, 30);
  await answerDialogs(stoker, 'Quit now');
  await stoker.tray.click('Quit Stoker');
  await stoker.shell.ended();
  await until(() => desktop.session.processes().length === 0);
});

it('*Quit when the queue is done* waits for the work, then leaves nothing', async () => {
  const desktop = await startDesktop();
  const stoker = await startWorking(desktop, 4);
  await answerDialogs(stoker, 'Quit when the queue is done');
  await stoker.tray.click('Quit Stoker');
  // The work is not cut short: its history is asked for while the engine still lives.
  const prompts = async (): Promise<unknown> => (await fetch(`${(await stoker.engine()).url}/history`)).json();
  await expect.poll(prompts, { interval: 20 }).not.toEqual({});
  await stoker.shell.ended();
  await until(() => desktop.session.processes().length === 0);
});
