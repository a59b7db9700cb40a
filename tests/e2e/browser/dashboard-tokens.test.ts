/** The tokens of the API port in the settings: made and shown once, listed without their value, revoked; and a request to copy. */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { dashboardWords } from '../../../strings/dashboard-words.ts';
import {
  type DashboardBrowser,
  type DashboardPage,
  type Look,
  launchDashboardBrowser,
  type Surroundings,
  WIDE,
} from '../../support/dashboard-browser.ts';
import type { Scene } from '../../support/dashboard-engine.ts';
import { asleep } from '../../support/dashboard-fixtures.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';
import { expectSound } from '../../support/sound-page.ts';

const PICTURES = resolve(import.meta.dirname, '../../output/tokens');
const URL = 'http://127.0.0.1:8187';
const SECRET = 'stoker_Vb3kT0pQ2xYc9rLw5sZ8mN1aH7dJ4uE6gF_iOyKtRqX';
const HOUR = 3_600_000;

let browser: DashboardBrowser;
beforeAll(async () => {
  rmSync(PICTURES, { recursive: true, force: true });
  mkdirSync(PICTURES, { recursive: true });
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const two = (now: number): Scene['tokens'] => ({
  tokens: [
    { name: 'photoshop-plugin', createdAt: now - 40 * 24 * HOUR, lastUsedAt: now - 60_000 },
    { name: 'render.farm_of_the_studio-2026', createdAt: now - 3 * HOUR, lastUsedAt: null },
  ],
  url: URL,
  problem: null,
});
const NONE: Scene['tokens'] = { tokens: [], url: null, problem: null };

function open(tokens: Scene['tokens'], look: Look = WIDE, around: Surroundings = {}): Promise<DashboardPage> {
  const now = Date.now();
  return browser.open(sceneOf(now, asleep(now), { tokens }), '/manager/settings#api', look, around);
}

/** The engine makes one of that name, and knows it from then on. */
function makes({ engine }: DashboardPage, name: string): void {
  engine.onChange(({ method }) => {
    if (method !== 'POST') return undefined;
    const made = { name, createdAt: Date.now(), lastUsedAt: null };
    engine.setScene({ tokens: { tokens: [made], url: URL, problem: null } });
    return { body: { ...made, token: SECRET, url: URL, problem: null } };
  });
}

async function judge(page: Page, name: string, complaints: readonly string[]): Promise<void> {
  await page.locator('#api').screenshot({ path: join(PICTURES, `${name}.png`) });
  await expectSound(page, complaints);
}

describe.each([
  { name: 'light', look: WIDE, locale: 'en-GB' },
  { name: 'dark', look: { scheme: 'dark', width: 1280 } as Look, locale: 'de-DE' },
  { name: 'narrow', look: { scheme: 'light', width: 360 } as Look, locale: 'en-GB' },
  { name: 'narrow-german', look: { scheme: 'dark', width: 360 } as Look, locale: 'de-DE' },
])('$name', ({ name, look, locale }) => {
  const words = dashboardWords(locale === 'de-DE' ? 'de' : 'en').tokens;

  test('closed, without a token', async () => {
    const { page, complaints } = await open(NONE, look, { locale });
    await page.getByText(words.closed).waitFor();
    await judge(page, `none-${name}`, complaints);
  });

  test('open, with two and the requests to copy', async () => {
    const { page, complaints } = await open(two(Date.now()), look, { locale });
    await page.getByText(words.example.heading).click();
    await page.getByText(`${URL}/v1/jobs`).last().waitFor();
    await judge(page, `two-${name}`, complaints);
  });

  test('just made', async () => {
    const opened = await open(NONE, look, { locale });
    const { page, complaints } = opened;
    makes(opened, 'my-app');
    await page.getByLabel(words.name).fill('my-app');
    await page.getByRole('button', { name: words.create }).click();
    await page.getByText(words.fresh.once).waitFor();
    await judge(page, `made-${name}`, complaints);
  });
});

test('a token is made with Enter, shown once, copied whole, and gone after that', async () => {
  const opened = await open(NONE);
  const { page, engine } = opened;
  makes(opened, 'my-app');
  await page.getByLabel('Name of a new token').fill(' my-app ');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'The token “my-app”' }).waitFor();
  expect(engine.requests()).toEqual([{ method: 'POST', path: '/manager/v1/tokens', body: { name: 'my-app' } }]);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('fresh-token');
  await page.getByRole('button', { name: 'Copy the token' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(SECRET);
  await page.getByText('First requests').click();
  await page.getByRole('button', { name: 'Copy', exact: true }).first().click();
  const command = `curl -H "Authorization: Bearer ${SECRET}" ${URL}/v1/health`;
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(command);
  await page.getByRole('button', { name: 'I have it' }).click();
  await page.getByText('Bearer TOKEN').first().waitFor();
  expect(await page.content()).not.toContain(SECRET);
  await page.getByText('never used').waitFor();
});

test('a name that cannot be is refused beside the field, and nothing is sent', async () => {
  const { page, engine } = await open(two(Date.now()));
  const alert = page.locator('#api').getByRole('alert');
  for (const [name, problem] of [
    ['', 'Must not be empty.'],
    ['my app', 'Letters, digits, dots'],
    ['photoshop-plugin', 'There is a token of this name already.'],
  ] as const) {
    await page.getByLabel('Name of a new token').fill(name);
    await page.getByRole('button', { name: 'Make a token' }).click();
    await alert.getByText(problem).waitFor();
  }
  expect(engine.requests()).toEqual([]);
});

test('one is revoked after one question; the last one closes the port, and that is said before', async () => {
  const now = Date.now();
  const { page, engine } = await open({ ...two(now), tokens: two(now).tokens.slice(0, 1) });
  engine.onChange(({ method }) => {
    if (method === 'DELETE') engine.setScene({ tokens: NONE });
    return { body: {} };
  });
  await page.getByRole('button', { name: 'Revoke photoshop-plugin' }).click();
  await page.getByText('It is the last one: the port closes.').waitFor();
  await page.keyboard.press('Escape');
  expect(engine.requests()).toEqual([]);
  await page.getByRole('button', { name: 'Revoke photoshop-plugin' }).click();
  await page.getByRole('button', { name: 'Revoke it' }).click();
  await page.getByText('Closed: it opens with the first token.').waitFor();
  expect(engine.requests()).toMatchObject([{ method: 'DELETE', path: '/manager/v1/tokens/photoshop-plugin' }]);
});

test('a port that could not be opened says why', async () => {
  const { page, complaints } = await open({ ...two(Date.now()), url: null, problem: 'Port 8187 is taken by nginx.' });
  await page.getByText('Port 8187 is taken by nginx.').waitFor();
  await judge(page, 'problem', complaints);
});

test('tokens that cannot be read say so', async () => {
  const { page, engine } = await open(NONE);
  engine.refuseReads('/manager/v1/tokens', { code: 'internal', message: 'The file is malformed.' });
  await page.reload();
  await page.getByText('The tokens could not be read. The file is malformed.').waitFor();
});
