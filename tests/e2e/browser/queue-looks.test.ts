/** The pages *Queue* and *Job* in every state, light and dark, narrow and wide: pictures for people to look at, and axe's word on each. */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  accessibilityViolations,
  type DashboardBrowser,
  type Look,
  launchDashboardBrowser,
  type Surroundings,
} from '../../support/dashboard-browser.ts';
import type { DashboardEngine, Scene } from '../../support/dashboard-engine.ts';
import { ready } from '../../support/dashboard-fixtures.ts';
import { picture } from '../../support/dashboard-jobs.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';
import { everyKindOfJob, LOCAL, manyJobs, POD, wholeJob } from '../../support/job-scenes.ts';

const PICTURES = resolve(import.meta.dirname, '../../output/queue');
const WIDE: Look = { scheme: 'light', width: 1280 };
const WIDE_DARK: Look = { scheme: 'dark', width: 1280 };
const NARROW: Look = { scheme: 'light', width: 420 };
const NARROW_DARK: Look = { scheme: 'dark', width: 360 };
const GERMAN: Surroundings = { locale: 'de-DE' };

let browser: DashboardBrowser;
beforeAll(async () => {
  rmSync(PICTURES, { recursive: true, force: true });
  mkdirSync(PICTURES, { recursive: true });
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

interface Case {
  readonly name: string;
  readonly path: string;
  readonly looks: readonly Look[];
  readonly around?: Surroundings;
  readonly scene?: (now: number) => Partial<Scene>;
  readonly arrange: (page: Page, engine: DashboardEngine, now: number) => Promise<unknown>;
  /** Refusals that the browser tells of by itself. */
  readonly refused?: true;
}

const showProgress = async (page: Page, engine: DashboardEngine, now: number): Promise<void> => {
  await page.getByRole('region').nth(2).waitFor();
  await expect.poll(() => engine.openStreams().at(-1)).toContain('job');
  const job = everyKindOfJob(now).find(({ id }) => id === 'r1');
  if (job === undefined) throw new Error('no such job');
  engine.push('job', { job, progress: wholeJob(job).progress });
  await page.getByRole('progressbar').waitFor();
};

const CASES: readonly Case[] = [
  {
    name: 'full',
    path: '/manager/queue',
    looks: [WIDE, WIDE_DARK, NARROW, NARROW_DARK],
    scene: (now) => ({ preview: picture(2), status: withRemote(now) }),
    arrange: async (page, engine, now) => {
      await showProgress(page, engine, now);
      await page.getByRole('img').first().waitFor();
    },
  },
  {
    name: 'german-full',
    path: '/manager/queue',
    looks: [WIDE, NARROW_DARK],
    around: GERMAN,
    scene: (now) => ({ status: withRemote(now) }),
    arrange: showProgress,
  },
  {
    name: 'chosen',
    path: '/manager/queue',
    looks: [WIDE, NARROW_DARK],
    arrange: async (page) => {
      await page.getByRole('checkbox', { name: 'Select all: Waiting' }).check();
      await page.getByRole('checkbox', { name: 'Select video_of_waves' }).check();
      await page.getByText('5 selected').first().waitFor();
    },
  },
  {
    name: 'menu',
    path: '/manager/queue',
    looks: [WIDE_DARK, NARROW],
    arrange: async (page) => {
      await page.getByRole('button', { name: 'Actions for Prompt' }).click();
      await page.getByRole('menuitem', { name: 'Move to pod-4090' }).waitFor();
    },
  },
  {
    name: 'delete',
    path: '/manager/queue',
    looks: [NARROW],
    arrange: async (page) => {
      await page.getByRole('button', { name: 'Actions for video_of_waves' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'many',
    path: '/manager/queue',
    looks: [WIDE],
    scene: (now) => ({ jobs: manyJobs(now, 100_000) }),
    arrange: async (page) => page.getByText('10,000 waiting').waitFor(),
  },
  {
    name: 'one',
    path: '/manager/queue',
    looks: [WIDE],
    scene: (now) => ({ jobs: everyKindOfJob(now).slice(3, 4) }),
    arrange: async (page) => page.getByRole('listitem').waitFor(),
  },
  {
    name: 'empty',
    path: '/manager/queue',
    looks: [WIDE, NARROW_DARK],
    scene: () => ({ jobs: [], targets: [LOCAL] }),
    arrange: async (page) => page.getByText('No jobs yet').waitFor(),
  },
  {
    name: 'no-match',
    path: '/manager/queue?search=nothing&state=failed&tag=client-7',
    looks: [WIDE_DARK, NARROW],
    arrange: async (page) => page.getByText('No job fits').waitFor(),
  },
  {
    name: 'error',
    path: '/manager/queue',
    looks: [WIDE, NARROW_DARK],
    refused: true,
    arrange: async (page, engine) => {
      engine.refuseReads('/manager/v1/jobs', { code: 'internal', message: 'The database is malformed.' });
      await page.reload();
      await page.getByText('The list could not be read.').waitFor();
    },
  },
  {
    name: 'loading',
    path: '/manager/queue',
    looks: [WIDE],
    arrange: async (page) => {
      await page.route('**/manager/v1/jobs?*', () => undefined);
      await page.reload();
      await page.getByText('Loading…').waitFor();
    },
  },
  {
    name: 'job-running',
    path: '/manager/jobs/r1',
    looks: [WIDE_DARK, NARROW],
    scene: () => ({ preview: picture(2) }),
    arrange: async (page) => page.getByRole('img', { name: 'What it paints just now' }).waitFor(),
  },
  {
    name: 'job-done',
    path: '/manager/jobs/d3',
    looks: [WIDE, WIDE_DARK, NARROW],
    arrange: async (page) => page.getByRole('region', { name: 'Results' }).waitFor(),
  },
  {
    name: 'job-failed',
    path: '/manager/jobs/f1',
    looks: [WIDE, NARROW_DARK],
    arrange: async (page) => page.getByText('torch.OutOfMemoryError').first().waitFor(),
  },
  {
    name: 'german-job-waiting',
    path: '/manager/jobs/w3',
    looks: [WIDE, NARROW_DARK],
    around: GERMAN,
    arrange: async (page) => page.getByText('The limit of the day').waitFor(),
  },
  {
    name: 'job-missing',
    path: '/manager/jobs/nobody',
    looks: [WIDE],
    refused: true,
    arrange: async (page) => page.getByText('There is no such job.').waitFor(),
  },
];

const withRemote = (now: number) =>
  ready(now, { jobs: { waiting: 4, running: 2, remote: 1, spentTodayMicroDollars: 360_700 } });

const cases = CASES.flatMap((each) =>
  each.looks.map((look) => ({ ...each, look, title: `${each.name}-${look.width}-${look.scheme}` })),
);

test.each(cases)('$title', async ({ title, path, look, around, scene, arrange, refused }) => {
  const now = Date.now();
  const whole = { jobs: everyKindOfJob(now), job: wholeJob, targets: [LOCAL, POD], ...scene?.(now) };
  const { page, engine, complaints } = await browser.open(sceneOf(now, ready(now), whole), path, look, around);
  await arrange(page, engine, now);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(PICTURES, `${title}.png`), fullPage: !title.startsWith('many') });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(look.width);
  // An open menu lies over the page, not in one of its landmarks.
  const inPage = (violation: string): boolean => !(title.startsWith('menu') && violation.startsWith('region '));
  expect((await accessibilityViolations(page)).filter(inPage)).toEqual([]);
  if (refused === undefined) expect(complaints).toEqual([]);
});
