/** The page of one job: what it says in each state, live, and what can be done from it. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type DashboardBrowser, launchDashboardBrowser } from '../../support/dashboard-browser.ts';
import type { Scene } from '../../support/dashboard-engine.ts';
import { ready } from '../../support/dashboard-fixtures.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';
import { everyKindOfJob, LOCAL, POD, wholeJob } from '../../support/job-scenes.ts';

let browser: DashboardBrowser;
beforeAll(async () => {
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const now = Date.now();
const jobs = everyKindOfJob(now);
const open = (id: string, changes: Partial<Scene> = {}) =>
  browser.open(
    sceneOf(now, ready(now), { jobs, job: wholeJob, targets: [LOCAL, POD], ...changes }),
    `/manager/jobs/${id}`,
  );
const jobNamed = (id: string) => {
  const job = jobs.find((each) => each.id === id);
  if (job === undefined) throw new Error(`no job ${id}`);
  return job;
};

test('a finished job shows its files, what it was made of, and gives its workflow back', async () => {
  const { page, complaints } = await open('d3');
  await page.getByRole('heading', { level: 1, name: 'portrait_of_a_lighthouse_keeper' }).waitFor();
  const results = page.getByRole('region', { name: 'Results' });
  expect(await results.getByRole('link').count()).toBe(4);
  await expect
    .poll(() =>
      results
        .locator('img')
        .first()
        .evaluate((image: HTMLImageElement) => image.naturalWidth),
    )
    .toBeGreaterThan(0);
  expect(await results.getByRole('link').first().getAttribute('href')).toBe('/manager/v1/jobs/d3/outputs/0');
  const uses = page.getByRole('region', { name: 'What it uses' });
  await uses.getByText('references/keeper_sketch.png').waitFor();
  await uses.getByText('sdxl/juggernautXL_v9Rundiffusion.safetensors').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  const { workflow } = wholeJob(jobNamed('d3'));
  expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toEqual(workflow);
  await page.getByRole('button', { name: 'Copy the workflow' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(JSON.stringify(workflow, null, 2));
  expect(complaints).toEqual([]);
});

test('a failed job says why and what to do, and runs again elsewhere', async () => {
  const { page, engine } = await open('f1');
  await page.getByText('torch.OutOfMemoryError').first().waitFor();
  await page.getByText('Next: Read the reason of the worker').waitFor();
  await page.getByText('$0.0423 as booked').waitFor();
  const again = {
    ...jobNamed('f1'),
    wantedTarget: 'local',
    state: { kind: 'queued' as const, runAt: now, attempt: 1 },
  };
  engine.onChange(() => {
    engine.setScene({ jobs: [again] });
    return { body: wholeJob(again) };
  });
  await page.getByRole('button', { name: 'Retry elsewhere' }).click();
  await page.getByRole('menuitem', { name: 'Retry on this computer' }).click();
  await page.getByText('Waiting', { exact: true }).waitFor();
  expect(engine.requests()).toMatchObject([{ path: '/manager/v1/jobs/f1/retry', body: { target: 'local' } }]);
  expect(await page.getByRole('button', { name: 'Retry', exact: true }).count()).toBe(0);
});

test('a running job is followed to its end without a reload', async () => {
  const { page, engine } = await open('r1');
  await page.getByText('4 of 9 nodes done').waitFor();
  await expect.poll(() => engine.openStreams().at(-1)).toContain('job');
  const job = jobNamed('r1');
  engine.push('job', { job, progress: { nodesDone: 8, nodesTotal: 9, nodeType: 'VAEDecode', value: null, max: null } });
  await page.getByText('8 of 9 nodes done').waitFor();
  const done = { ...job, outputs: 2, state: { kind: 'completed' as const, target: 'local', endedAt: now } };
  engine.setScene({ jobs: jobs.map((each) => (each.id === 'r1' ? done : each)) });
  engine.push('job', { job: done, progress: null });
  await expect.poll(() => page.getByRole('region', { name: 'Results' }).getByRole('link').count()).toBe(2);
  await page.getByText('Done: 2 files.').waitFor();
});

test('a job that was deleted elsewhere says so, and the way back is there', async () => {
  const { page, engine } = await open('d3');
  await page.getByRole('heading', { level: 1, name: /^portrait/ }).waitFor();
  await expect.poll(() => engine.openStreams().at(-1)).toContain('jobList');
  engine.setScene({ jobs: jobs.filter(({ id }) => id !== 'd3') });
  engine.push('jobList', {
    counts: { queued: 4, running: 2, completed: 2, failed: 2, cancelled: 1 },
    gone: ['d3'],
    more: false,
  });
  await page.getByText('There is no such job.').waitFor();
  await page.getByRole('link', { name: 'Queue' }).first().click();
  await page.getByRole('region', { name: 'Ended' }).waitFor();
});

test('from the list to a job and back to it in the list', async () => {
  const { page } = await browser.open(sceneOf(now, ready(now), { jobs, job: wholeJob }), '/manager/queue');
  await page.getByRole('link', { name: 'video_of_waves' }).click();
  await page.getByRole('heading', { level: 1, name: 'video_of_waves' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  expect(await page.title()).toContain('Job');
  await page.getByRole('link', { name: 'Show in the list' }).click();
  await expect.poll(() => page.getByRole('listitem').getByRole('link').allTextContents()).toEqual(['video_of_waves']);
});

test('what ComfyUI printed while it ran here is found', async () => {
  const job = {
    ...jobNamed('d3'),
    startedAt: now - 400_000,
    state: { kind: 'completed' as const, target: 'local', endedAt: now },
  };
  const at = now - 200_000;
  const { page } = await open('d3', {
    jobs: [job],
    log: [
      { sequence: 1, at: now - 500_000, text: 'before it', level: 'info' },
      { sequence: 2, at, text: 'got prompt', level: 'info' },
    ],
  });
  await page.getByText('What ComfyUI printed meanwhile').click();
  await page.getByText('got prompt').waitFor();
  expect(await page.getByText('before it').count()).toBe(0);
});
