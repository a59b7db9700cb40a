/** What the overview shows of work while it is done, and of what sleeping has saved. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Savings } from '../../../contract/savings.ts';
import { encodeRgba } from '../../../simulator/comfyui/images/png.ts';
import { type DashboardBrowser, launchDashboardBrowser } from '../../support/dashboard-browser.ts';
import { working } from '../../support/dashboard-fixtures.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';

const PICTURES = join(import.meta.dirname, '../../output');
let browser: DashboardBrowser;
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const now = Date.now();
const savings: Savings = {
  since: now,
  asleepSeconds: 4 * 86_400 + 3 * 3600,
  gpuHours: 99,
  wattHours: 4321,
  idleWatts: 56,
  asleepWatts: 12,
  remote: { today: 123_456, month: 4_560_000, days: [] },
};
/** A blur of orange on grey, as a sampler shows it half done. */
const picture = (side: number): Buffer => {
  const pixel = (at: number): number[] => {
    const [x, y] = [at % side, Math.floor(at / side)];
    const heat = Math.max(0, 1 - Math.hypot(x - side / 2, y - side / 2) / (side / 2));
    return [70 + 180 * heat, 70 + 60 * heat, 80, 255];
  };
  return encodeRgba(side, side, Uint8Array.from(Array.from({ length: side * side }, (_, at) => pixel(at)).flat()));
};

test('the running prompt shows what it works on, the newest look alone, and nothing when there is none', async () => {
  const { page, engine, complaints } = await browser.open(sceneOf(now, working(now), { preview: picture(128) }));
  const shown = page.getByRole('img', { name: 'What it paints just now' });
  const width = () => shown.evaluate((image) => (image as HTMLImageElement).naturalWidth);
  await expect.poll(width).toBe(128);
  await page.screenshot({ path: join(PICTURES, 'dashboard-preview.png'), fullPage: true });
  engine.setScene({ preview: picture(96) });
  await expect.poll(width).toBe(96);
  engine.setScene({ preview: null });
  await expect.poll(() => shown.count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('what sleeping saved and remote work cost is one quiet line, in the language of the page', async () => {
  const { page } = await browser.open(sceneOf(now, working(now), { savings }));
  await page.getByText('ComfyUI has slept 4 d 3 h so far, which saved about 4.3 kWh.').waitFor();
  await page.getByText('Remote work: $0.12 today, $4.56 this month.').waitFor();
  await page.screenshot({ path: join(PICTURES, 'dashboard-savings.png'), fullPage: true });
  const german = await browser.open(sceneOf(now, working(now), { savings }), undefined, undefined, { locale: 'de-DE' });
  await german.page.getByText(/ComfyUI hat bisher .* geschlafen und dabei etwa 4,3 kWh gespart\./).waitFor();
});

test('nothing saved and nothing spent is not told', async () => {
  const { page } = await browser.open(sceneOf(now, working(now)));
  await page.getByRole('heading', { name: 'Queue' }).waitFor();
  expect(await page.getByText(/slept|Remote work/).count()).toBe(0);
});
