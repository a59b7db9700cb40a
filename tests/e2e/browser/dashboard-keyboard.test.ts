/** Everything without a mouse, and what a screen reader is told. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type DashboardBrowser, launchDashboardBrowser } from '../../support/dashboard-browser.ts';
import { asleep, ready, waking, working } from '../../support/dashboard-fixtures.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';

let browser: DashboardBrowser;
beforeAll(async () => {
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const now = Date.now();

/** The names of what has the focus, one for each press of Tab, until it leaves the page. */
async function tabStops(page: Page): Promise<string[]> {
  const stops: string[] = [];
  for (let press = 0; press < 40; press += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return null;
      const label =
        element instanceof HTMLElement && element.id !== ''
          ? document.querySelector(`label[for="${element.id}"]`)
          : null;
      return (element.getAttribute('aria-label') ?? label?.textContent ?? element.textContent ?? '').trim();
    });
    if (name === null) return stops;
    stops.push(name);
  }
  return stops;
}

test('Tab walks the overview in the order one reads it', async () => {
  const { page } = await browser.open(sceneOf(now, working(now)));
  await page.getByRole('button', { name: 'Sleep now' }).waitFor();
  expect(await tabStops(page)).toEqual([
    'Skip to content',
    'Stoker',
    'Overview',
    'Queue',
    'Gallery',
    'Targets',
    'Log',
    'Settings',
    'Doctor',
    'Sleep now',
    'Open ComfyUI(opens in a new tab)',
    'Keep awake',
    'Free VRAM',
    'Sleep when the queue is done',
    'More',
    'Last hour',
    'All jobs',
    'Show all 11',
  ]);
});

test('the focus is always seen', async () => {
  const { page } = await browser.open(sceneOf(now, working(now)));
  await page.getByRole('button', { name: 'Sleep now' }).waitFor();
  for (let press = 0; press < 13; press += 1) {
    await page.keyboard.press('Tab');
    const outline = await page.evaluate(() => {
      const style = document.activeElement === null ? null : getComputedStyle(document.activeElement);
      return style === null ? '' : `${style.outlineStyle} ${style.outlineWidth}`;
    });
    expect(outline).toBe('solid 2px');
  }
});

test('wake, menu, dialog: by keys alone', async () => {
  const { page, engine } = await browser.open(sceneOf(now, asleep(now)));
  await page.getByRole('button', { name: 'Wake ComfyUI' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => engine.requests().at(-1)?.path).toBe('/manager/start');

  engine.setScene({ status: working(Date.now()) });
  await page.getByRole('button', { name: 'Keep awake' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'For 1 hour' }).waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => engine.requests().at(-1)?.body).toEqual({ seconds: 3600 });
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Keep awake');

  engine.refuseChanges({ code: 'work_in_progress', message: 'ComfyUI has work.' });
  await page.getByRole('button', { name: 'Sleep now' }).focus();
  await page.keyboard.press('Space');
  await page.getByRole('alertdialog').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Keep working');
  await page.keyboard.press('Enter');
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Sleep now');
});

test('a change of state is announced once; seconds are not', async () => {
  const { page, engine } = await browser.open(sceneOf(Date.now(), ready(Date.now())));
  const announcer = page.getByRole('status').filter({ hasText: 'ComfyUI:' });
  await announcer.waitFor();
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    const statuses = document.querySelectorAll('[role="status"], [aria-live]');
    for (const status of statuses) {
      new MutationObserver(() => heard.push(status.textContent ?? '')).observe(status, {
        childList: true,
        subtree: true,
        characterData: true,
      });
    }
  });
  const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  const countdown = page.getByText(/^4:[23]\d$/);
  const before = await countdown.textContent();
  await expect.poll(() => countdown.textContent()).not.toBe(before);
  expect(await heard()).toEqual([]);
  engine.setScene({ status: waking(Date.now()) });
  await expect.poll(heard).toEqual(['ComfyUI: Waking. Starting because a request needed it.']);
});

test('the skip link leads to the content', async () => {
  const { page } = await browser.open(sceneOf(now, ready(now)));
  await page.getByRole('button', { name: 'Sleep now' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Sleep now');
});

test('who asked for less motion gets none', async () => {
  const { page } = await browser.open(sceneOf(now, working(now)));
  await page.getByRole('button', { name: 'Sleep now' }).waitFor();
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});
