/** What the buttons of the overview ask of the engine, and what the person sees of it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DashboardBrowser, launchDashboardBrowser } from '../../support/dashboard-browser.ts';
import {
  asleep,
  backingOff,
  failed,
  gpuReading,
  keptAwake,
  ready,
  unconfigured,
  waking,
  working,
} from '../../support/dashboard-fixtures.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';

let browser: DashboardBrowser;
beforeAll(async () => {
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const now = Date.now();

describe('waking', () => {
  test('the button starts ComfyUI and the page follows its phases to ready', async () => {
    const { page, engine } = await browser.open(sceneOf(now, asleep(now)));
    await page.getByRole('button', { name: 'Wake ComfyUI' }).click();
    await expect.poll(() => engine.requests()).toEqual([{ method: 'POST', path: '/manager/start', body: {} }]);

    engine.setScene({ status: waking(Date.now()) });
    await page.getByRole('progressbar', { name: 'Start of ComfyUI' }).waitFor();
    expect(await page.locator('[aria-current="step"]').textContent()).toBe('Custom nodes');
    await page.getByText('ComfyUI-Impact-Pack-with-Ultralytics').waitFor();

    engine.setScene({ status: ready(Date.now()) });
    await page.getByRole('heading', { level: 1, name: 'Ready' }).waitFor();
    expect(await page.title()).toBe('Ready · Stoker');
  });

  test('a start in progress can be cancelled', async () => {
    const { page, engine } = await browser.open(sceneOf(now, waking(now)));
    await page.getByRole('button', { name: 'Cancel the start' }).click();
    await expect
      .poll(() => engine.requests())
      .toEqual([{ method: 'POST', path: '/manager/stop', body: { force: true } }]);
  });

  test('a failure offers the start without custom nodes, and says nothing twice', async () => {
    const { page, engine } = await browser.open(sceneOf(now, failed(now)));
    engine.refuseChanges({ code: 'exited_early', message: 'It ended again.' });
    await page.getByRole('button', { name: 'Start without custom nodes' }).click();
    await expect
      .poll(() => engine.requests())
      .toEqual([{ method: 'POST', path: '/manager/start', body: { withoutCustomNodes: true } }]);
    await page.getByRole('button', { name: 'Start without custom nodes', disabled: false }).waitFor();
    expect(await page.getByText('It ended again.').count()).toBe(0);
  });

  test('backing off can be cut short or given up', async () => {
    const { page, engine } = await browser.open(sceneOf(now, backingOff(now)));
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByRole('button', { name: 'Stop trying' }).click();
    await expect.poll(() => engine.requests().map(({ path }) => path)).toEqual(['/manager/start', '/manager/stop']);
  });
});

describe('sleeping', () => {
  const REFUSAL = {
    code: 'work_in_progress',
    message: 'ComfyUI has work: 1 running, 3 waiting. Ending it now would break that off.',
  } as const;

  test('work is never lost without one question that names it', async () => {
    const { page, engine } = await browser.open(sceneOf(now, working(now)));
    engine.refuseChanges(REFUSAL);
    await page.getByRole('button', { name: 'Sleep now' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText('portrait_of_a_lighthouse_keeper running').waitFor();
    expect(
      await dialog.getByRole('button', { name: 'Keep working' }).evaluate((it) => it === document.activeElement),
    ).toBe(true);

    engine.onChange(() => undefined);
    await dialog.getByRole('button', { name: 'Sleep now, break it off' }).click();
    await expect
      .poll(() => engine.requests().map(({ path, body }) => ({ path, body })))
      .toEqual([
        { path: '/manager/stop', body: { force: false } },
        { path: '/manager/stop', body: { force: true } },
      ]);
    expect(await dialog.count()).toBe(0);
  });

  test('Escape keeps the work', async () => {
    const { page, engine } = await browser.open(sceneOf(now, working(now)));
    engine.refuseChanges(REFUSAL);
    await page.getByRole('button', { name: 'Sleep now' }).click();
    await page.getByRole('alertdialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    expect(engine.requests()).toHaveLength(1);
  });

  test('the question offers to sleep when the queue is done', async () => {
    const { page, engine } = await browser.open(sceneOf(now, working(now)));
    engine.refuseChanges(REFUSAL);
    await page.getByRole('button', { name: 'Sleep now' }).click();
    await page.getByRole('button', { name: 'Sleep when done' }).click();
    await expect.poll(() => engine.requests().at(-1)?.body).toEqual({ whenDone: true });
  });

  test('a restart asks as well', async () => {
    const { page, engine } = await browser.open(sceneOf(now, working(now)));
    engine.refuseChanges(REFUSAL);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Restart without custom nodes' }).click();
    await page.getByRole('button', { name: 'Restart, break it off' }).click();
    await expect
      .poll(() => engine.requests().at(-1))
      .toEqual({ method: 'POST', path: '/manager/restart', body: { force: true, withoutCustomNodes: true } });
  });

  test('the countdown ticks by itself', async () => {
    const { page } = await browser.open(sceneOf(Date.now(), ready(Date.now())));
    const first = await page.getByText(/^4:3\d$/).textContent();
    await expect.poll(() => page.getByText(/^4:[23]\d$/).textContent()).not.toBe(first);
  });
});

describe('staying awake', () => {
  test('for an hour, until the morning, and not any more', async () => {
    const { page, engine } = await browser.open(sceneOf(now, ready(now)));
    await page.getByRole('button', { name: 'Keep awake' }).click();
    await page.getByRole('menuitem', { name: 'For 1 hour' }).click();
    await expect.poll(() => engine.requests().at(-1)?.body).toEqual({ seconds: 3600 });

    await page.getByRole('button', { name: 'Keep awake' }).click();
    await page.getByRole('menuitem', { name: /Until (tomorrow )?07:00/ }).click();
    await expect
      .poll(() => engine.requests().at(-1)?.body)
      .toEqual({ until: expect.stringMatching(/T07:00:00\.000Z$/) });

    engine.setScene({ status: keptAwake(Date.now(), Date.now() + 3_600_000) });
    await page.getByRole('button', { name: /^Awake until/ }).click();
    await page.getByRole('menuitem', { name: 'Let it sleep again' }).click();
    await expect.poll(() => engine.requests().at(-1)?.body).toEqual({ off: true });
  });

  test('sleeping when the queue is done is a switch that shows what the engine says', async () => {
    const { page, engine } = await browser.open(sceneOf(now, working(now)));
    const toggle = page.getByRole('switch', { name: 'Sleep when the queue is done' });
    await toggle.click();
    await expect.poll(() => engine.requests().at(-1)?.body).toEqual({ whenDone: true });
    expect(await toggle.getAttribute('aria-checked')).toBe('false');
    const { idle } = working(now);
    engine.setScene({ status: working(now, { idle: { ...idle, stopWhenDone: true } }) });
    await expect.poll(() => toggle.getAttribute('aria-checked')).toBe('true');
  });

  test('freeing VRAM that fails says why and what next', async () => {
    const { page, engine } = await browser.open(sceneOf(now, ready(now)));
    engine.refuseChanges({ code: 'upstream_unreachable', message: 'ComfyUI did not answer.' });
    await page.getByRole('button', { name: 'Free VRAM' }).click();
    const alert = page.getByRole('alert');
    await alert.getByText('ComfyUI did not answer. Next: Try again').waitFor();
    await alert.getByRole('button', { name: 'Dismiss' }).click();
    await alert.waitFor({ state: 'detached' });
  });
});

describe('the first run', () => {
  test('a found installation is used with its Python', async () => {
    const { page, engine } = await browser.open(sceneOf(now, unconfigured(now)));
    engine.onChange(() => ({ body: engine.scene().settings }));
    await page.getByRole('radio', { name: /StabilityMatrix/ }).click();
    await page.getByRole('button', { name: 'Use this ComfyUI' }).click();
    const folder = '/home/mira/StabilityMatrix/Data/Packages/ComfyUI';
    await expect
      .poll(() => engine.requests())
      .toEqual([
        {
          method: 'PATCH',
          path: '/manager/settings',
          body: { installation: { folder, python: `${folder}/venv/bin/python` } },
        },
      ]);
    engine.setScene({ status: asleep(Date.now()) });
    await page.getByRole('button', { name: 'Wake ComfyUI' }).waitFor();
  });

  test('nothing chosen is said, a folder that does not fit is explained', async () => {
    const { page, engine } = await browser.open(sceneOf(now, unconfigured(now)));
    await page.getByRole('button', { name: 'Use this ComfyUI' }).click();
    await page.getByText('Choose an installation or enter a folder.').waitFor();
    expect(engine.requests()).toEqual([]);

    engine.refuseChanges({ code: 'invalid_settings', message: 'There is no main.py in /tmp.' });
    await page.getByLabel('Or enter the folder that holds main.py').fill('/tmp');
    await page.keyboard.press('Enter');
    await page.getByText('There is no main.py in /tmp.').waitFor();
  });
});

test('readings move the bar and its numbers without a reload', async () => {
  const { page, engine } = await browser.open(sceneOf(now, ready(now)));
  await page.getByText('18.2 GB', { exact: true }).waitFor();
  const gpu = gpuReading({ vramUsedBytes: 5 * 2 ** 30, vramComfyBytes: 3 * 2 ** 30, utilizationPercent: 41 });
  engine.setScene({ gpu: { at: Date.now(), source: 'nvidia-smi', gpus: [gpu], note: null } });
  await page.getByText('3.0 GB', { exact: true }).waitFor();
  await page.getByText('41%', { exact: true }).waitFor();
  await page.getByText('ComfyUI holds 3.0 GB; 19.0 of 24.0 GB are free.').waitFor();
});
