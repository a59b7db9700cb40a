/** The guide of the first run: in a browser and in the desktop application, by mouse and by keys alone. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DashboardBrowser, launchDashboardBrowser, WIDE } from '../../support/dashboard-browser.ts';
import { asleep, unconfigured } from '../../support/dashboard-fixtures.ts';
import { settingsAnswer } from '../../support/dashboard-records.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';
import { askedOf, type FakeShell, given } from '../../support/fake-shell.ts';

let browser: DashboardBrowser;
beforeAll(async () => {
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const now = Date.now();
const FOLDER = '/home/mira/StabilityMatrix/Data/Packages/ComfyUI';

async function openGuide(shell?: FakeShell) {
  const settings = settingsAnswer();
  const fresh = { ...settings, settings: { ...settings.settings, installation: settings.defaults.installation } };
  const opened = await browser.open(
    sceneOf(now, unconfigured(now), { settings: fresh }),
    '/manager/welcome',
    WIDE,
    shell === undefined ? {} : { shell },
  );
  await opened.page.getByRole('radio').first().waitFor();
  opened.engine.onChange(() => ({ body: opened.engine.scene().settings }));
  return opened;
}

/** As a finger does it: the key comes up after the choice has moved. */
async function arrowDown(page: Page): Promise<void> {
  const checked = () => page.locator('[role="radio"][aria-checked="true"]').textContent();
  const before = await checked();
  await page.keyboard.down('ArrowDown');
  await expect.poll(checked).not.toBe(before);
  await page.keyboard.up('ArrowDown');
}

const bodies = (engine: { requests(): readonly { readonly body: unknown }[] }) =>
  engine.requests().map(({ body }) => body);

describe('in the desktop application', () => {
  test('three answers, and it is done and remembered', async () => {
    const { page, engine } = await openGuide({});
    await page.getByRole('radio', { name: /StabilityMatrix/ }).click();
    await page.getByRole('button', { name: 'Next' }).click();

    await page.getByRole('heading', { level: 1, name: 'When should it sleep?' }).waitFor();
    await page.getByRole('radio', { name: /After 15 minutes/ }).click();
    await page.getByRole('button', { name: 'Next' }).click();

    await page.getByRole('heading', { level: 1, name: 'Start with the computer?' }).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();

    await page.getByRole('heading', { level: 1, name: 'That is all' }).waitFor();
    expect(bodies(engine)).toEqual([
      { installation: { folder: FOLDER, python: `${FOLDER}/venv/bin/python` } },
      { idle: { stopAfterSeconds: 900 } },
    ]);
    expect((await askedOf(page)).map(({ input }) => input)).toEqual([{ startAtLogin: true }, { welcomeDone: true }]);

    engine.setScene({ status: asleep(Date.now()) });
    await page.getByRole('button', { name: 'Open ComfyUI' }).click();
    await expect.poll(async () => (await askedOf(page)).at(-1)?.name).toBe('openComfyui');
  });

  test('by keys alone; each step is told to a screen reader', async () => {
    const { page, engine } = await openGuide({});
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await page.getByRole('radio').first().focus();
    await page.keyboard.press('Space');
    await page.getByLabel('Or enter the folder that holds main.py').focus();
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('When should it sleep?');
    expect(await page.locator('[aria-current="step"]').textContent()).toBe('Sleep');

    await page.keyboard.press('Tab');
    await arrowDown(page);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Next');
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('Start with the computer?');

    await page.keyboard.press('Tab');
    await arrowDown(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('That is all');
    expect((await askedOf(page)).map(({ input }) => input)).toEqual([{ startAtLogin: false }, { welcomeDone: true }]);
    expect(engine.requests()).toHaveLength(2);
  });

  test('skipping is an answer too: the overview opens and the guide does not come back', async () => {
    const { page, engine } = await openGuide({});
    await page.getByRole('button', { name: 'Skip the guide' }).click();
    await expect.poll(() => new URL(page.url()).pathname).toBe('/manager');
    expect(await askedOf(page)).toEqual([{ name: 'changePreferences', input: { welcomeDone: true } }]);
    expect(engine.requests()).toEqual([]);
  });

  test('a folder can be chosen in the system’s dialog', async () => {
    const { page, engine } = await openGuide({ answers: { chooseFolder: given('/srv/ComfyUI') } });
    await page.getByRole('button', { name: 'Choose: The folder that holds main.py' }).click();
    await expect
      .poll(() => page.getByLabel('Or enter the folder that holds main.py').inputValue())
      .toBe('/srv/ComfyUI');
    await page.getByRole('button', { name: 'Next' }).click();
    await expect.poll(() => bodies(engine)).toEqual([{ installation: { folder: '/srv/ComfyUI' } }]);
  });

  test('the demo starts with one button', async () => {
    const { page } = await openGuide({});
    await page.getByRole('button', { name: 'Try the demo' }).click();
    await expect
      .poll(async () => (await askedOf(page)).map(({ input }) => input))
      .toEqual([{ demo: true }, { welcomeDone: true }]);
    await expect.poll(() => new URL(page.url()).pathname).toBe('/manager');
  });
});

describe('in a browser', () => {
  test('login is not asked, and the demo is a command', async () => {
    const { page } = await openGuide();
    await page.getByText('stoker serve --demo').waitFor();
    expect(await page.getByRole('listitem').filter({ hasText: 'Login' }).count()).toBe(0);
    await page.getByRole('radio').first().click();
    await page.getByRole('button', { name: 'Next' }).click();
    // 5400 seconds are saved: a time of one's own is offered, and kept when nothing else is picked.
    expect(await page.getByRole('radio', { name: /As it is: after 1 h 30 min/ }).getAttribute('aria-checked')).toBe(
      'true',
    );
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('heading', { level: 1, name: 'That is all' }).waitFor();
  });

  test('nothing chosen is said; a refusal stands there, and the step waits', async () => {
    const { page, engine } = await openGuide();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Choose an installation or enter a folder.').waitFor();
    engine.refuseChanges({ code: 'invalid_settings', message: 'There is no main.py in /tmp.' });
    await page.getByLabel('Or enter the folder that holds main.py').fill('/tmp');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('alert').getByText('There is no main.py in /tmp.').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Where is your ComfyUI?' }).waitFor();
  });

  test('repeated from the settings with everything set up, it is walked through without changing anything', async () => {
    const { page, engine } = await browser.open(sceneOf(now, asleep(now)), '/manager/settings');
    await page.getByRole('link', { name: 'Open the guide' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('heading', { level: 1, name: 'When should it sleep?' }).waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('heading', { level: 1, name: 'Where is your ComfyUI?' }).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('link', { name: 'Open ComfyUI' }).waitFor();
    expect(engine.requests()).toEqual([]);
  });
});
