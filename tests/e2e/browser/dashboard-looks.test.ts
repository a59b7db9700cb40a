/** Every page in every state, light and dark, narrow and wide: pictures for people to look at, and axe's word on each. */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  accessibilityViolations,
  type DashboardBrowser,
  type Look,
  launchDashboardBrowser,
} from '../../support/dashboard-browser.ts';
import type { Scene } from '../../support/dashboard-engine.ts';
import { ready } from '../../support/dashboard-fixtures.ts';
import { doctorReport, settingsAnswer } from '../../support/dashboard-records.ts';
import { OVERVIEW_SCENES, sceneOf } from '../../support/dashboard-scenes.ts';

const PICTURES = resolve(import.meta.dirname, '../../output/dashboard');
const LOOKS: readonly Look[] = [
  { scheme: 'light', width: 1280 },
  { scheme: 'dark', width: 1280 },
  { scheme: 'light', width: 360 },
  { scheme: 'dark', width: 360 },
];
const [LIGHT_WIDE, DARK_WIDE, LIGHT_NARROW, DARK_NARROW] = LOOKS;
/** The states people see most get all four; the others alternate, so that each look meets each kind of content. */
const ALL_LOOKS = new Set(['asleep', 'waking', 'ready', 'working', 'failed']);

let browser: DashboardBrowser;
beforeAll(async () => {
  rmSync(PICTURES, { recursive: true, force: true });
  mkdirSync(PICTURES, { recursive: true });
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const nameOf = (name: string, look: Look): string => `${name}-${look.width}-${look.scheme}`;

async function judge(page: Page, name: string, look: Look, complaints: readonly string[]): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(PICTURES, `${nameOf(name, look)}.png`), fullPage: true });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(look.width);
  expect(await accessibilityViolations(page)).toEqual([]);
  expect(complaints).toEqual([]);
}

describe('the overview', () => {
  const cases = OVERVIEW_SCENES.flatMap((scene, index) => {
    const pair = index % 2 === 0 ? [LIGHT_WIDE, DARK_NARROW] : [DARK_WIDE, LIGHT_NARROW];
    const looks = ALL_LOOKS.has(scene.name) ? LOOKS : pair.filter((look) => look !== undefined);
    return looks.map((look) => ({ scene, look, title: nameOf(scene.name, look) }));
  });

  test.each(cases)('$title', async ({ scene, look }) => {
    const { page, complaints } = await browser.open(scene.build(Date.now()), '/manager', look);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page
      .getByText(/Loading…|Looking for/)
      .first()
      .waitFor({ state: 'detached' });
    await judge(page, scene.name, look, complaints);
  });
});

interface OtherPage {
  readonly name: string;
  readonly path: string;
  readonly looks: readonly (Look | undefined)[];
  readonly changes?: (now: number) => Partial<Scene>;
  readonly arrange: (page: Page) => Promise<void>;
}

const OTHER_PAGES: readonly OtherPage[] = [
  {
    name: 'log',
    path: '/manager/logs',
    looks: LOOKS,
    arrange: async (page) => page.getByText('1,200 lines').waitFor(),
  },
  {
    name: 'log-search',
    path: '/manager/logs',
    looks: [LIGHT_WIDE, DARK_NARROW],
    arrange: async (page) => {
      await page.getByText('1,200 lines').waitFor();
      await page.getByRole('searchbox').fill('memory');
      await page.getByText(/ of 1,200 lines/).waitFor();
    },
  },
  {
    name: 'log-empty',
    path: '/manager/logs',
    looks: [DARK_WIDE],
    changes: () => ({ log: [] }),
    arrange: async (page) => page.getByText('ComfyUI has printed nothing yet.').waitFor(),
  },
  {
    name: 'settings',
    path: '/manager/settings',
    looks: LOOKS,
    arrange: async (page) => page.getByLabel('ComfyUI folder', { exact: true }).waitFor(),
  },
  {
    name: 'settings-editing',
    path: '/manager/settings',
    looks: [LIGHT_WIDE, DARK_NARROW],
    changes: () => ({
      settings: settingsAnswer({
        restartNeeded: 'comfyui',
        problems: ['idle.stopAfterSeconds in config.env is “five minutes”, not a whole number; the default is used.'],
      }),
    }),
    arrange: async (page) => {
      await page.getByLabel('Sleep after', { exact: true }).fill('-5');
      await page.getByLabel('Environment', { exact: true }).fill('CUDA_VISIBLE_DEVICES');
      await page.getByText('is not NAME=value').waitFor();
    },
  },
  {
    name: 'doctor',
    path: '/manager/doctor',
    looks: LOOKS,
    arrange: async (page) => page.getByText('1 problem, 1 warning, 5 fine').waitFor(),
  },
  {
    name: 'doctor-all-fine',
    path: '/manager/doctor',
    looks: [LIGHT_WIDE],
    changes: (now) => {
      const report = doctorReport(now);
      return { doctor: { ...report, checks: report.checks.filter((check) => check.outcome === 'ok') } };
    },
    arrange: async (page) => page.getByText('All 5 checks are fine').waitFor(),
  },
  {
    name: 'no-such-page',
    path: '/manager/nowhere',
    looks: [LIGHT_WIDE],
    arrange: async (page) => page.getByText('There is no page at').waitFor(),
  },
];

describe('the other pages', () => {
  const cases = OTHER_PAGES.flatMap((other) =>
    other.looks
      .filter((look) => look !== undefined)
      .map((look) => ({ ...other, look, title: nameOf(other.name, look) })),
  );

  test.each(cases)('$title', async ({ name, path, look, changes, arrange }) => {
    const now = Date.now();
    const scene = sceneOf(now, ready(now), changes?.(now));
    const { page, complaints } = await browser.open(scene, path, look);
    await arrange(page);
    await judge(page, name, look, complaints);
  });
});

describe('in between', () => {
  test.each([LIGHT_WIDE, DARK_NARROW].filter((look) => look !== undefined))(
    'engine unreachable, $width $scheme',
    async (look) => {
      const now = Date.now();
      const { page, engine } = await browser.open(sceneOf(now, ready(now)), '/manager', look);
      await page.getByText('Sleeps in').waitFor();
      await engine.die();
      await page.getByText('Lost contact with Stoker').first().waitFor();
      await judge(page, 'unreachable', look, []);
    },
  );

  test('the question before work is lost', async () => {
    const now = Date.now();
    const working = OVERVIEW_SCENES.find(({ name }) => name === 'working');
    if (working === undefined || LIGHT_WIDE === undefined || DARK_NARROW === undefined) throw new Error('no scene');
    for (const look of [LIGHT_WIDE, DARK_NARROW]) {
      const { page, engine } = await browser.open(working.build(now), '/manager', look);
      engine.refuseChanges({
        code: 'work_in_progress',
        message: 'ComfyUI has work: 1 running, 3 waiting. Ending it now would lose that.',
      });
      await page.getByRole('button', { name: 'Sleep now' }).click();
      await page.getByRole('alertdialog').waitFor();
      await judge(page, 'lose-work', look, []);
    }
  });

  test('a token is asked for', async () => {
    const now = Date.now();
    if (LIGHT_WIDE === undefined) throw new Error('no look');
    const { page, engine } = await browser.open(sceneOf(now, ready(now)), '/manager', LIGHT_WIDE);
    engine.refuseAll({ code: 'token_required', message: 'An access token is required.' });
    await page.reload();
    await page.getByLabel('Access token').waitFor();
    await judge(page, 'locked', LIGHT_WIDE, []);
  });
});
