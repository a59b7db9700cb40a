/** The line to the engine: lost and found again, only as much asked as is looked at, and addresses that work from outside. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DashboardBrowser, launchDashboardBrowser } from '../../support/dashboard-browser.ts';
import { asleep, ready, working } from '../../support/dashboard-fixtures.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';

let browser: DashboardBrowser;
beforeAll(async () => {
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const now = Date.now();

describe('an engine that dies and returns', () => {
  test('is missed with a banner, nothing can be pressed, and all is well again by itself', async () => {
    const { page, engine } = await browser.open(sceneOf(now, ready(now)));
    const sleep = page.getByRole('button', { name: 'Sleep now' });
    await sleep.waitFor();
    await engine.die();
    await page
      .getByText(/Lost contact with Stoker\. What you see is from \d\d:\d\d/)
      .first()
      .waitFor();
    expect(await sleep.isDisabled()).toBe(true);
    expect(await page.title()).toBe('No answer · Stoker');

    engine.setScene({ status: asleep(Date.now()) });
    await engine.revive();
    await page.getByRole('button', { name: 'Wake ComfyUI' }).waitFor();
    expect(await page.getByText('Lost contact').count()).toBe(0);
    expect(await page.title()).toBe('Asleep · Stoker');
  });

  test('the countdown stands still while nobody knows what happens', async () => {
    const { page, engine } = await browser.open(sceneOf(Date.now(), ready(Date.now())));
    await page.getByText('Sleeps in').waitFor();
    await engine.die();
    await page.getByText('Lost contact with Stoker').first().waitFor();
    const countdown = page.getByText(/^4:\d\d$/);
    const shown = await countdown.textContent();
    await page.getByText(/Trying again in 0:0[2-4]/).waitFor();
    expect(await countdown.textContent()).toBe(shown);
  });

  test('what happened meanwhile is there afterwards', async () => {
    const { page, engine } = await browser.open(sceneOf(now, asleep(now)));
    await page.getByRole('heading', { level: 1 }).waitFor();
    await engine.die();
    await page.getByText('Lost contact').first().waitFor();
    const missed = { id: 99, at: Date.now(), kind: 'state', level: 'info', message: 'This was missed.' } as const;
    engine.setScene({ happenings: [...engine.scene().happenings, missed] });
    await engine.revive();
    await page.getByText('This was missed.').waitFor();
  });

  test('trying at once is possible', async () => {
    const { page, engine } = await browser.open(sceneOf(now, ready(now)));
    await page.getByText('Sleeps in').waitFor();
    await engine.die();
    await page.getByText(/Trying again in 0:0[4-8]/).waitFor();
    await engine.revive();
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText('Lost contact').first().waitFor({ state: 'detached' });
  });

  test('a page opened before the engine runs waits for it', async () => {
    const { page, engine } = await browser.open(sceneOf(now, ready(now)));
    engine.refuseAll({ code: 'internal', message: 'not yet' });
    await page.reload();
    await page.getByText('Stoker does not answer.').first().waitFor();
    engine.refuseAll(null);
    await page.getByRole('heading', { level: 1, name: 'Ready' }).waitFor();
  });

  test('an access token is asked for instead of retrying for ever', async () => {
    const { page, engine } = await browser.open(sceneOf(now, ready(now)));
    engine.refuseAll({ code: 'token_required', message: 'An access token is required.' });
    await page.reload();
    await page.getByLabel('Access token').fill('a-secret-of-enough-length');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.waitForURL(`${engine.url}/manager/login?token=a-secret-of-enough-length`);
  });
});

describe('topics', () => {
  test('follow the page, and a change opens the new stream before the old one goes', async () => {
    const { page, engine } = await browser.open(sceneOf(now, ready(now)));
    await expect.poll(() => engine.openStreams()).toEqual([['status', 'happening', 'gpu']]);
    await page.getByRole('link', { name: 'Log' }).click();
    await expect.poll(() => engine.openStreams()).toEqual([['status', 'happening', 'log']]);
    await page.getByRole('link', { name: 'Settings' }).click();
    await expect.poll(() => engine.openStreams()).toEqual([['status', 'happening']]);
    expect(await page.getByText('Lost contact').count()).toBe(0);
  });

  test('a hidden tab does not have the GPU measured', async () => {
    const { page, engine } = await browser.open(sceneOf(now, ready(now)));
    await expect.poll(() => engine.openStreams()).toEqual([['status', 'happening', 'gpu']]);
    const setHidden = (hidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await setHidden(true);
    await expect.poll(() => engine.openStreams()).toEqual([['status', 'happening']]);
    engine.setScene({ status: working(Date.now()) });
    await expect.poll(() => page.title()).toBe('Working 52% · Stoker');
    await setHidden(false);
    await expect.poll(() => engine.openStreams()).toEqual([['status', 'happening', 'gpu']]);
  });
});

describe('addresses', () => {
  test.each([
    ['/manager', 'Overview'],
    ['/manager/', 'Overview'],
    ['/manager/logs', 'Log'],
    ['/manager/settings', 'Settings'],
    ['/manager/doctor', 'Doctor'],
  ])('%s opens %s from outside', async (path, name) => {
    const { page } = await browser.open(sceneOf(now, ready(now)), path);
    expect(await page.locator('nav [aria-current="page"]').first().textContent()).toBe(name);
  });

  test('back and forward work, and the new page has the focus', async () => {
    const { page } = await browser.open(sceneOf(now, ready(now)));
    await page.getByRole('link', { name: 'Doctor' }).click();
    await page.getByRole('heading', { level: 1, name: 'Doctor' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Doctor');
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Ready' }).waitFor();
    await page.goForward();
    await page.getByRole('heading', { level: 1, name: 'Doctor' }).waitFor();
  });

  test('ComfyUI opens at the root of this address', async () => {
    const { page } = await browser.open(sceneOf(now, ready(now)));
    expect(await page.getByRole('link', { name: 'Open ComfyUI' }).getAttribute('href')).toBe('/');
  });
});

test('the tab’s icon changes with the state', async () => {
  const { page, engine } = await browser.open(sceneOf(now, asleep(now)));
  const icon = () => page.locator('link[rel="icon"]').getAttribute('href');
  await page.getByRole('heading', { level: 1, name: 'Asleep' }).waitFor();
  const cold = await icon();
  engine.setScene({ status: ready(Date.now()) });
  await page.getByRole('heading', { level: 1, name: 'Ready' }).waitFor();
  expect(await icon()).not.toBe(cold);
});
