/** Every page in every state, light and dark, narrow and wide: pictures for people to look at, and axe's word on each. */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Status } from '../../../contract/status.ts';
import { dashboardWords } from '../../../strings/dashboard-words.ts';
import {
  accessibilityViolations,
  type DashboardBrowser,
  type Look,
  launchDashboardBrowser,
  type Surroundings,
} from '../../support/dashboard-browser.ts';
import type { DashboardEngine, Scene } from '../../support/dashboard-engine.ts';
import { asleep, ready } from '../../support/dashboard-fixtures.ts';
import { doctorReport, settingsAnswer } from '../../support/dashboard-records.ts';
import { OVERVIEW_SCENES, sceneOf } from '../../support/dashboard-scenes.ts';
import { given, refused } from '../../support/fake-shell.ts';

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

describe('the overview in the smallest window of the desktop application', () => {
  test.each(['asleep', 'ready', 'working', 'failed', 'backing-off'])('%s', async (name) => {
    const scene = OVERVIEW_SCENES.find((each) => each.name === name);
    if (scene === undefined) throw new Error(`there is no scene ${name}`);
    const look: Look = { scheme: 'light', width: 420, height: 420 };
    const { page, complaints } = await browser.open(scene.build(Date.now()), '/manager', look);
    const more = page.getByRole('button', { name: 'More', exact: true });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await judge(page, name, look, complaints);
    if ((await more.count()) === 0) return;
    // Not alone on a row: something else begins left of it at the same height.
    const [left, box] = await Promise.all([
      more.locator('xpath=../preceding-sibling::*[1]').boundingBox(),
      more.boundingBox(),
    ]);
    expect(Math.abs((left?.y ?? 0) - (box?.y ?? 0))).toBeLessThan(8);
  });
});

describe('the overview in German', () => {
  const wanted = ['asleep', 'waking', 'working', 'failed', 'backing-off', 'paused', 'lent', 'first-run'];
  const cases = OVERVIEW_SCENES.filter(({ name }) => wanted.includes(name)).flatMap((scene, index) => {
    const pair = index % 2 === 0 ? [LIGHT_WIDE, DARK_NARROW] : [DARK_WIDE, LIGHT_NARROW];
    return pair
      .filter((look) => look !== undefined)
      .map((look) => ({ scene, look, title: nameOf(`german-${scene.name}`, look) }));
  });

  test.each(cases)('$title', async ({ scene, look }) => {
    const { page, complaints } = await browser.open(scene.build(Date.now()), '/manager', look, GERMAN);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page
      .getByText(/Wird geladen…|werden gesucht/)
      .first()
      .waitFor({ state: 'detached' });
    await judge(page, `german-${scene.name}`, look, complaints);
  });
});

interface OtherPage {
  readonly name: string;
  readonly path: string;
  readonly looks: readonly (Look | undefined)[];
  readonly around?: Surroundings;
  readonly changes?: (now: number) => Partial<Scene>;
  /** When not ready. */
  readonly status?: (now: number) => Status;
  readonly arrange: (page: Page, engine: DashboardEngine) => Promise<void>;
}

const GERMAN: Surroundings = { locale: 'de-DE' };

const UPDATE_READY = {
  kind: 'ready',
  version: '0.2.0',
  notes: 'Wakes faster on machines with many custom nodes.\nTells of disks that are nearly full.',
  waitsForWork: true,
};

const IMPORT_ANSWER = {
  changes: [
    { key: 'idle.stopAfterSeconds', from: 5400, to: 900 },
    { key: 'network.whenAsleepShow', from: 'wake', to: 'dashboard' },
    { key: 'installation.outputDirectory', from: null, to: '/mnt/render/a-rather-long-folder-name/ComfyUI/output' },
  ],
  problems: [],
};

async function chooseImportFile(page: Page): Promise<void> {
  const buffer = Buffer.from(JSON.stringify({ stoker: 1, settings: {} }));
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: 'stoker-settings.json', mimeType: 'application/json', buffer });
}

/** The steps of the guide inside the desktop application. */
function welcomePages(language: 'en' | 'de'): OtherPage[] {
  const { next } = dashboardWords(language).welcome;
  const steps = ['comfyui', 'sleep', 'login', 'done'] as const;
  return steps.map((step, index) => ({
    name: `${language === 'de' ? 'german-' : ''}welcome-${index + 1}-${step}`,
    path: '/manager/welcome',
    looks: language === 'en' ? LOOKS : index % 2 === 0 ? [LIGHT_WIDE, DARK_NARROW] : [DARK_WIDE, LIGHT_NARROW],
    around: { shell: { info: { language } } },
    status: asleep,
    arrange: async (page, engine) => {
      engine.onChange(() => ({ body: engine.scene().settings }));
      for (let at = 0; at < index; at += 1) {
        await page
          .locator('[aria-current="step"]')
          .filter({ hasText: dashboardWords(language).welcome.name[steps[at] ?? 'done'] })
          .waitFor();
        await page.getByRole('button', { name: next }).click();
      }
      await page.getByRole('heading', { level: 1, name: dashboardWords(language).welcome[step].heading }).waitFor();
    },
  }));
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
    name: 'settings-desktop',
    path: '/manager/settings',
    looks: LOOKS,
    around: {
      shell: {
        info: { demo: true },
        answers: { getUpdate: given(UPDATE_READY) },
      },
    },
    changes: () => ({ settings: settingsAnswer({ restartNeeded: 'engine' }) }),
    arrange: async (page) => {
      await page.getByLabel('Draw windows with the graphics card', { exact: true }).selectOption('off');
      await page.getByText('Stoker must restart to draw').waitFor();
    },
  },
  {
    name: 'settings-secret-writing',
    path: '/manager/settings',
    looks: [LIGHT_WIDE, DARK_NARROW],
    arrange: async (page) => {
      await page.getByRole('button', { name: 'Replace (Access token)' }).click();
      await page.keyboard.type('short');
      await page.getByText('At least 16 characters.', { exact: true }).waitFor();
    },
  },
  {
    name: 'settings-no-key-store',
    path: '/manager/settings',
    looks: [LIGHT_WIDE, DARK_NARROW],
    around: { shell: { answers: { saveSecret: refused('no_key_store', 'There is none.') } } },
    arrange: async (page) => {
      await page.getByRole('button', { name: 'Replace (Access token)' }).click();
      await page.keyboard.type('a-secret-of-enough-length');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'settings-import',
    path: '/manager/settings',
    looks: [LIGHT_WIDE, DARK_NARROW],
    arrange: async (page, engine) => {
      engine.onChange(() => ({ body: IMPORT_ANSWER }));
      await chooseImportFile(page);
      await page.getByRole('button', { name: 'Change 3 settings' }).waitFor();
    },
  },
  {
    name: 'settings-import-problems',
    path: '/manager/settings',
    looks: [DARK_WIDE],
    arrange: async (page, engine) => {
      const problems = [{ key: 'network.port', message: 'must be at most 65535' }];
      engine.onChange(() => ({ body: { changes: [], problems } }));
      await chooseImportFile(page);
      await page.getByText('must be at most 65535').waitFor();
    },
  },
  ...(['en', 'de'] as const).flatMap((language) => welcomePages(language)),
  {
    name: 'german-settings-desktop',
    path: '/manager/settings',
    looks: LOOKS,
    around: { shell: { info: { language: 'de' }, preferences: { language: 'de' } } },
    arrange: async (page) => {
      await page.getByLabel('Fenster mit der Grafikkarte zeichnen', { exact: true }).selectOption('off');
      await page.getByText('muss Stoker neu starten').waitFor();
    },
  },
  {
    name: 'german-no-key-store',
    path: '/manager/settings',
    looks: [LIGHT_NARROW],
    around: {
      shell: { info: { language: 'de' }, answers: { saveSecret: refused('no_key_store', 'Es gibt keinen.') } },
    },
    arrange: async (page) => {
      await page.getByRole('button', { name: 'Ersetzen (Zugriffstoken)' }).click();
      await page.keyboard.type('a-secret-of-enough-length');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'german-log',
    path: '/manager/logs',
    looks: [LIGHT_WIDE, DARK_NARROW],
    around: GERMAN,
    arrange: async (page) => page.getByText('1.200 Zeilen').waitFor(),
  },
  {
    name: 'german-doctor',
    path: '/manager/doctor',
    looks: [LIGHT_WIDE],
    around: GERMAN,
    arrange: async (page) => page.getByText('1 Problem, 1 Warnung, 5 in Ordnung').waitFor(),
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

  test.each(cases)('$title', async ({ name, path, look, around, changes, status, arrange }) => {
    const now = Date.now();
    const scene = sceneOf(now, (status ?? ready)(now), changes?.(now));
    const { page, engine, complaints } = await browser.open(scene, path, look, around);
    await arrange(page, engine);
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
        message: 'ComfyUI has work: 1 running, 3 waiting. Ending it now would break that off.',
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
