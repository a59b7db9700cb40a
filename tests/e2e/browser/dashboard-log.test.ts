/** The live log: ten thousand lines, search, filter, following, copying. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LogLine } from '../../../contract/events.ts';
import { type DashboardBrowser, launchDashboardBrowser } from '../../support/dashboard-browser.ts';
import { ready } from '../../support/dashboard-fixtures.ts';
import { logLines } from '../../support/dashboard-records.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';

let browser: DashboardBrowser;
beforeAll(async () => {
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const now = Date.now();
const LINES = logLines(now, 10_000);

async function openLog(log: readonly LogLine[]) {
  const opened = await browser.open(sceneOf(now, ready(now), { log }), '/manager/logs');
  const count = log.length === 1 ? '1 line' : `${log.length.toLocaleString('en')} lines`;
  await opened.page.getByText(count, { exact: true }).waitFor();
  return opened;
}

const rows = (page: Page) => page.locator('[data-level]');
const list = (page: Page) => page.getByRole('region', { name: 'Lines ComfyUI printed' });
const next = (sequence: number, text: string): LogLine => ({ sequence, at: Date.now(), text, level: 'info' });

describe('ten thousand lines', () => {
  test('keep a few dozen rows in the page, wherever one scrolls', async () => {
    const { page } = await openLog(LINES);
    for (const place of [0, 0.5, 1]) {
      await list(page).evaluate((view, share) => {
        view.scrollTop = (view.scrollHeight - view.clientHeight) * share;
      }, place);
      const index = Math.round(place * (LINES.length - 1));
      const wanted = LINES[Math.min(LINES.length - 1, index)]?.text ?? '';
      await expect
        .poll(async () => (await rows(page).allTextContents()).some((row) => row.includes(wanted)))
        .toBe(true);
      expect(await rows(page).count()).toBeLessThan(120);
    }
  });

  test('a flood of lines is shown without losing the newest', async () => {
    const { page, engine } = await openLog(LINES);
    for (let batch = 0; batch < 50; batch += 1) {
      engine.push(
        'log',
        Array.from({ length: 100 }, (_unused, index) =>
          next(10_001 + batch * 100 + index, `flood ${batch * 100 + index}`),
        ),
      );
    }
    await page.getByText('flood 4999', { exact: true }).waitFor();
    await page.getByText('10,000 lines', { exact: true }).waitFor();
  });
});

describe('search and filter', () => {
  test('shows the lines that contain it, marked, and says how many', async () => {
    const { page } = await openLog(LINES.slice(0, 400));
    await page.getByRole('searchbox', { name: 'Search the log' }).fill('TILED vae');
    await page.getByText('40 of 400 lines').waitFor();
    expect(new Set(await page.locator('mark').allTextContents())).toEqual(new Set(['tiled VAE']));
    await page.keyboard.press('Escape');
    await page.getByText('400 lines', { exact: true }).waitFor();
  });

  test('levels', async () => {
    const { page } = await openLog(LINES.slice(0, 400));
    await page.getByRole('radio', { name: 'Errors' }).click();
    await page.getByText('40 of 400 lines').waitFor();
    await page.getByRole('radio', { name: 'Warnings' }).click();
    await page.getByText('80 of 400 lines').waitFor();
  });

  test('nothing found says so', async () => {
    const { page } = await openLog(LINES.slice(0, 400));
    await page.getByRole('searchbox').fill('no such words');
    await page.getByText('No line fits the search and the filter.').waitFor();
  });

  test('what is shown is what is copied', async () => {
    const { page } = await openLog(LINES.slice(0, 400));
    await page.getByRole('searchbox').fill('got prompt');
    await page.getByText(/of 400 lines/).waitFor();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied').waitFor();
    const copied = (await page.evaluate(() => navigator.clipboard.readText())).split('\n');
    expect(new Set(copied)).toEqual(new Set(['got prompt']));
  });
});

describe('following', () => {
  test('stays at the end, pauses when scrolled up, counts what came, and goes on', async () => {
    const { page, engine } = await openLog(LINES.slice(0, 400));
    engine.push('log', [next(401, 'the newest line')]);
    await page.getByText('the newest line').waitFor();

    await list(page).evaluate((view) => {
      view.scrollTop -= 1000;
    });
    const follow = page.getByRole('button', { name: /^Follow/ });
    await expect.poll(() => follow.getAttribute('aria-pressed')).toBe('false');
    const place = await list(page).evaluate((view) => view.scrollTop);
    engine.push('log', [next(402, 'one'), next(403, 'two')]);
    await page.getByText('2 new lines').waitFor();
    expect(await list(page).evaluate((view) => view.scrollTop)).toBe(place);

    await follow.click();
    await page.getByText('two', { exact: true }).waitFor();
    expect(await follow.getAttribute('aria-pressed')).toBe('true');
  });

  test('scrolling back to the end follows again', async () => {
    const { page } = await openLog(LINES.slice(0, 400));
    const follow = page.getByRole('button', { name: /^Follow/ });
    await list(page).evaluate((view) => {
      view.scrollTop = 0;
    });
    await expect.poll(() => follow.getAttribute('aria-pressed')).toBe('false');
    await list(page).evaluate((view) => {
      view.scrollTop = view.scrollHeight;
    });
    await expect.poll(() => follow.getAttribute('aria-pressed')).toBe('true');
  });
});

test('lines of a restarted engine take the place of the old ones', async () => {
  const { page, engine } = await openLog(LINES.slice(0, 400));
  await engine.die();
  engine.setScene({ log: [next(1, 'a new engine speaks')] });
  await engine.revive();
  await page.getByText('a new engine speaks').waitFor();
  await page.getByText('1 line', { exact: true }).waitFor();
});
