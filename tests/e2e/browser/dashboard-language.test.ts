/** German as complete as English: which language a page takes, and how numbers, times, settings and errors read in it. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DashboardBrowser, launchDashboardBrowser, WIDE } from '../../support/dashboard-browser.ts';
import { asleep, backingOff, ready, working } from '../../support/dashboard-fixtures.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';

let browser: DashboardBrowser;
beforeAll(async () => {
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const now = Date.now();
const languageOf = (page: Page) => page.evaluate(() => document.documentElement.lang);

describe('which language', () => {
  test('the browser’s own, when it is one of ours', async () => {
    const { page } = await browser.open(sceneOf(now, asleep(now)), '/manager', WIDE, { locale: 'de-AT' });
    await page.getByRole('button', { name: 'ComfyUI wecken' }).waitFor();
    expect(await languageOf(page)).toBe('de');
  });

  test('English for everybody else', async () => {
    const { page } = await browser.open(sceneOf(now, asleep(now)), '/manager', WIDE, { locale: 'pt-BR' });
    await page.getByRole('button', { name: 'Wake ComfyUI' }).waitFor();
    expect(await languageOf(page)).toBe('en');
  });

  test('the shell’s, whatever the browser inside it prefers', async () => {
    const { page } = await browser.open(sceneOf(now, asleep(now)), '/manager', WIDE, {
      shell: { info: { language: 'de' } },
    });
    await page.getByRole('button', { name: 'ComfyUI wecken' }).waitFor();
  });

  test('a choice is remembered by the browser, also on the next visit, and can be taken back', async () => {
    const { page } = await browser.open(sceneOf(now, ready(now)), '/manager/settings');
    await page.getByLabel('Language', { exact: true }).selectOption('de');
    await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();
    await page.reload();
    await page.getByLabel('Sprache', { exact: true }).selectOption('system');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  });
});

test('a chosen appearance outlives the visit and outranks the system', async () => {
  const { page } = await browser.open(sceneOf(now, ready(now)), '/manager/settings');
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(await paper()).toBe('rgb(250, 249, 247)');
  await page.getByLabel('Appearance', { exact: true }).selectOption('dark');
  expect(await paper()).toBe('rgb(21, 19, 18)');
  await page.reload();
  await page.getByLabel('Appearance', { exact: true }).waitFor();
  expect(await paper()).toBe('rgb(21, 19, 18)');
  await page.getByLabel('Appearance', { exact: true }).selectOption('system');
  expect(await paper()).toBe('rgb(250, 249, 247)');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(paper).toBe('rgb(21, 19, 18)');
});

describe('in German', () => {
  const GERMAN = { locale: 'de-DE' };

  test('numbers, times and the sentences of the engine are German', async () => {
    const { page } = await browser.open(sceneOf(now, working(now)), '/manager', WIDE, GERMAN);
    await page.getByText('ComfyUI belegt 18,2 GB; 4,7 von 24,0 GB sind frei.').waitFor();
    await page.getByText('Läuft, gestartet für eine Anfrage.').first().waitFor();
    // A narrow space no line breaks at stands before the sign.
    await page.getByText(/^97\s%$/).waitFor();
    await page.getByText('KSampler, Schritt 14 von 20').waitFor();
    expect(await page.title()).toMatch(/^Arbeitet 52\s% · Stoker$/);
  });

  test('a crash has its German name and advice, and the engine’s own report as English', async () => {
    const { page } = await browser.open(sceneOf(now, backingOff(now)), '/manager', WIDE, GERMAN);
    await page.getByRole('heading', { level: 1, name: 'Abgestürzt' }).waitFor();
    await page.getByText('ComfyUI ist abgestürzt.').first().waitFor();
    const report = page.getByText('ComfyUI crashed while it ran KSampler', { exact: false }).first();
    expect(await report.evaluate((it) => it.closest('[lang]')?.getAttribute('lang'))).toBe('en');
  });

  test('a refused deed says what happened and what to do', async () => {
    const { page, engine } = await browser.open(sceneOf(now, ready(now)), '/manager', WIDE, GERMAN);
    engine.refuseChanges({ code: 'upstream_unreachable', message: 'ComfyUI did not answer.' });
    await page.getByRole('button', { name: 'VRAM freigeben' }).click();
    await page.getByRole('alert').getByText('ComfyUI antwortet nicht. Nächster Schritt: Erneut versuchen').waitFor();
  });

  test('settings have German titles, and a fraction is typed with a comma', async () => {
    const { page, engine } = await browser.open(sceneOf(now, ready(now)), '/manager/settings', WIDE, GERMAN);
    engine.onChange(() => ({ body: engine.scene().settings }));
    await page.getByLabel('Platz machen, wenn andere belegen', { exact: true }).fill('1,5');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await expect.poll(() => engine.requests().at(-1)?.body).toEqual({ courtesy: { foreignVramGigabytes: 1.5 } });
  });
});
