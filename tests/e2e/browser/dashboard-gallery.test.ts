/** The gallery: ten thousand pictures, search, filter, the viewer by keyboard, comparing, and every state in pictures. */
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
import { asleep } from '../../support/dashboard-fixtures.ts';
import { galleryPictures } from '../../support/dashboard-gallery.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';
import { askedOf } from '../../support/fake-shell.ts';
import { expectSound } from '../../support/sound-page.ts';

const PICTURES = resolve(import.meta.dirname, '../../output/gallery');
const PATH = '/manager/gallery';

let browser: DashboardBrowser;
beforeAll(async () => {
  rmSync(PICTURES, { recursive: true, force: true });
  mkdirSync(PICTURES, { recursive: true });
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const NOW = Date.now();
const scene = (count: number) => sceneOf(NOW, asleep(NOW), { gallery: galleryPictures(NOW, count) });
const open = (count: number, look: Look = WIDE, around: Surroundings = {}): Promise<DashboardPage> =>
  browser.open(scene(count), PATH, look, around);

const tiles = (page: Page) => page.getByRole('list', { name: 'Pictures, newest first' }).getByRole('button');
const loaded = (page: Page): Promise<void> =>
  expect
    .poll(() =>
      page.evaluate(() => [...document.images].length > 0 && [...document.images].every((image) => image.complete)),
    )
    .toBe(true);

async function judge(page: Page, name: string, complaints: readonly string[] = []): Promise<void> {
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  await expectSound(page, complaints);
}

describe.each([
  { name: 'light', look: WIDE, locale: 'en-GB' },
  { name: 'dark', look: { scheme: 'dark', width: 1280 } as Look, locale: 'en-GB' },
  { name: 'narrow-german', look: { scheme: 'dark', width: 360, height: 740 } as Look, locale: 'de-DE' },
])('$name', ({ name, look, locale }) => {
  const words = dashboardWords(locale === 'de-DE' ? 'de' : 'en').gallery;

  test('the grid', async () => {
    const { page, complaints } = await open(40, look, { locale });
    await page.getByText('ComfyUI_00040_.png').waitFor();
    await loaded(page);
    await judge(page, `grid-${name}`, complaints);
  });

  test('the viewer', async () => {
    const { page, complaints } = await open(40, look, { locale });
    await page.getByRole('button', { name: /flux_castle_00038/ }).click();
    await page.getByRole('button', { name: words.viewer.copyWorkflow }).waitFor();
    await loaded(page);
    await judge(page, `viewer-${name}`, complaints);
  });

  test('comparing', async () => {
    const { page, complaints } = await open(40, look, { locale });
    await page.getByRole('button', { name: words.compare }).click();
    await page.getByRole('button', { name: /ComfyUI_00040/ }).click();
    await judge(page, `choosing-${name}`, complaints);
    await page.getByRole('button', { name: /ComfyUI_00036/ }).click();
    await page.getByRole('slider').waitFor();
    await loaded(page);
    await judge(page, `compare-slider-${name}`, complaints);
    await page.getByText(words.comparing.modes.beside).click();
    await judge(page, `compare-beside-${name}`, complaints);
  });

  test('nothing yet', async () => {
    const { page, complaints } = await open(0, look, { locale });
    await page.getByText(words.empty.heading).waitFor();
    await judge(page, `empty-${name}`, complaints);
  });
});

describe('ten thousand pictures', () => {
  test('are in the page only as far as they are seen, and the end is reached by a key', async () => {
    const { page } = await open(10_000);
    await page.getByText('10,000 files').waitFor();
    expect(await tiles(page).count()).toBeLessThan(120);
    await tiles(page).first().focus();
    await page.keyboard.press('End');
    await page.getByRole('button', { name: /_00001_/ }).waitFor({ timeout: 60_000 });
    expect(await tiles(page).count()).toBeLessThan(120);
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-index'))).toBe('9999');
    await judge(page, 'end-of-ten-thousand');
  });
});

describe('by keyboard', () => {
  test('arrows walk the grid, Enter opens, arrows lead on, Escape comes back to the picture one was at', async () => {
    const { page } = await open(40);
    await tiles(page).first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    const at = Number(await page.evaluate(() => document.activeElement?.getAttribute('data-index')));
    expect(at).toBeGreaterThan(3);
    await page.keyboard.press('Enter');
    const viewer = page.getByRole('dialog');
    await viewer.getByText(`${at + 1} of 40`).waitFor();
    await page.keyboard.press('ArrowRight');
    await viewer.getByText(`${at + 2} of 40`).waitFor();
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BUTTON');
  });

  test('plus and zero zoom in and fit again', async () => {
    const { page } = await open(3);
    await tiles(page).first().click();
    const percent = page.getByRole('dialog').getByText(/^\d+%$/);
    const fitted = await percent.innerText();
    await page.keyboard.press('+');
    await expect.poll(() => percent.innerText()).not.toBe(fitted);
    await page.keyboard.press('0');
    await expect.poll(() => percent.innerText()).toBe(fitted);
  });
});

test('search and filter ask the engine, and say when nothing fits', async () => {
  const { page } = await open(40);
  await page.getByRole('searchbox').fill('castle');
  await page.getByText('8 files').waitFor();
  await page.getByText('Local', { exact: true }).click();
  await page.getByText('No picture fits the search and the filter.').waitFor();
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await page.getByText('32 files').waitFor();
});

test('a picture made meanwhile appears by itself', async () => {
  const { page, engine } = await open(3);
  await page.getByText('3 files').waitFor();
  engine.setScene({ gallery: galleryPictures(Date.now(), 4) });
  await page.getByText('4 files').waitFor();
});

test('the workflow is copied as ComfyUI wrote it; a picture without one says so', async () => {
  const { page } = await open(40);
  await tiles(page).first().click();
  await page.getByRole('button', { name: 'Copy workflow' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('{"nodes":[]}');
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowRight');
  await page.getByText('4 of 40').waitFor();
  await page.getByRole('button', { name: 'Copy workflow' }).click();
  await page.getByRole('button', { name: 'The file holds no workflow.' }).waitFor();
});

test('a picture leads to its job', async () => {
  const { page } = await open(3);
  await tiles(page).first().click();
  expect(await page.getByRole('link', { name: 'Open job' }).getAttribute('href')).toBe('/manager/jobs/job-0');
});

test('a folder that only ComfyUI knows is an error with what to do, and trying again works', async () => {
  const { page, engine } = await open(3);
  await page.getByText('3 files').waitFor();
  engine.refuseAll({ code: 'gallery_folder_unknown', message: 'Stoker does not know where this ComfyUI saves.' });
  await page.reload();
  await page.getByText('Name the output folder in Settings').waitFor();
  await judge(page, 'folder-unknown');
  engine.refuseAll(null);
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await page.getByText('3 files').waitFor();
});

describe('in the desktop application', () => {
  test('a picture is shown in its folder, and thrown away only after a question', async () => {
    const { page } = await open(3, WIDE, { shell: {} });
    await tiles(page).first().click();
    await page.getByRole('button', { name: 'Show in folder' }).click();
    await page.getByRole('button', { name: 'Move to trash' }).click();
    expect((await askedOf(page)).map(({ name }) => name)).toEqual(['revealGalleryFile']);
    await judge(page, 'trash-question');
    await page.getByRole('dialog').last().getByRole('button', { name: 'Move to trash' }).click();
    await expect.poll(() => askedOf(page)).toContainEqual({ name: 'trashGalleryFile', input: { id: 'picture-0' } });
  });

  test('a browser offers neither', async () => {
    const { page } = await open(3);
    await tiles(page).first().click();
    await page.getByRole('button', { name: 'Copy workflow' }).waitFor();
    expect(await page.getByRole('button', { name: 'Show in folder' }).count()).toBe(0);
  });
});
