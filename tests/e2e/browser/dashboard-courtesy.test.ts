/** The overview while somebody else has the card: who, until when, what waits, and the way back. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type DashboardBrowser, launchDashboardBrowser } from '../../support/dashboard-browser.ts';
import { draining, lent, paused, ready } from '../../support/dashboard-fixtures.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';

let browser: DashboardBrowser;
beforeAll(async () => {
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const now = Date.now();

test('paused by hand: the button is in the menu, what is kept is told, and one button takes it back', async () => {
  const { page, engine } = await browser.open(sceneOf(now, ready(now)));
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Pause and free the card' }).click();
  await expect.poll(() => engine.requests().map(({ path }) => path)).toEqual(['/manager/pause']);

  engine.setScene({ status: paused(Date.now()) });
  await page.getByRole('heading', { level: 1, name: 'Paused' }).waitFor();
  await page.getByText('3 prompts are kept and will go on when the card is back.').waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(() => engine.requests().at(-1)?.path).toBe('/manager/resume');
});

test('lent to a script: who has it, for what, and the countdown to its end', async () => {
  const { page } = await browser.open(sceneOf(now, lent(Date.now())));
  await page.getByRole('heading', { level: 1, name: 'Card lent' }).waitFor();
  await page.getByText('ollama: llama3:70b answers a question').waitFor();
  await page.getByText('nightly-render.sh').waitFor();
  const countdown = page.getByText(/^4:\d\d$/);
  const before = await countdown.textContent();
  await expect.poll(() => countdown.textContent()).not.toBe(before);
});

test('while the running prompt is finished the page still shows the work, and says who waits', async () => {
  const { page, engine } = await browser.open(sceneOf(now, draining(now)));
  await page.getByRole('heading', { level: 1, name: 'Working' }).waitFor();
  await page.getByText(/blender is running.*given away as soon as the running prompt is done/).waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(() => engine.requests().at(-1)?.path).toBe('/manager/resume');
});
