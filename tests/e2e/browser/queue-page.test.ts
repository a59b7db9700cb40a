/** The list of jobs: live, filtered, moved, chosen and acted on, by mouse and keys, from none to a hundred thousand. */

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { JobSummary } from '../../../contract/jobs.ts';
import { NO_JOBS } from '../../../contract/status.ts';
import { type DashboardBrowser, launchDashboardBrowser } from '../../support/dashboard-browser.ts';
import type { Scene } from '../../support/dashboard-engine.ts';
import { ready } from '../../support/dashboard-fixtures.ts';
import { picture } from '../../support/dashboard-jobs.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';
import { jobSummary, runningState } from '../../support/job-fixtures.ts';
import { everyKindOfJob, LOCAL, manyJobs, POD, wholeJob } from '../../support/job-scenes.ts';

let browser: DashboardBrowser;
beforeAll(async () => {
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const now = Date.now();
const scene = (jobs: readonly JobSummary[], changes: Partial<Scene> = {}): Scene =>
  sceneOf(now, ready(now), { jobs, job: wholeJob, targets: [LOCAL, POD], ...changes });
const openQueue = async (jobs: readonly JobSummary[] = everyKindOfJob(now), changes: Partial<Scene> = {}, path = '') =>
  browser.open(scene(jobs, changes), `/manager/queue${path}`);

const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const titles = (page: Page, name: string): Promise<string[]> =>
  part(page, name).getByRole('listitem').getByRole('link').allTextContents();
const counts = { queued: 4, running: 1, completed: 4, failed: 2, cancelled: 1 };

describe('what the list shows', () => {
  test('what runs, what waits in its order, what has ended, newest first', async () => {
    const { page } = await openQueue();
    await part(page, 'Ended').waitFor();
    expect(await titles(page, 'Running')).toEqual(['flux_landscape', 'portrait_of_a_lighthouse_keeper']);
    expect((await titles(page, 'Waiting')).map((title) => title.slice(0, 8))).toEqual([
      'Prompt',
      'portrait',
      'poster',
      'upscale/',
    ]);
    expect((await titles(page, 'Ended'))[0]).toBe('portrait_of_a_lighthouse_keeper');
    expect(await part(page, 'Waiting').getByText('The limit of the day is reached').count()).toBe(1);
    expect(await part(page, 'Ended').getByText('$0.32').count()).toBe(1);
  });

  test('a job goes through the parts as it is told of, without asking for the list again', async () => {
    const jobs = everyKindOfJob(now);
    const { page, engine } = await openQueue(jobs);
    await part(page, 'Ended').waitFor();
    await expect.poll(() => engine.openStreams().at(-1)).toContain('job');
    const job = jobs.find(({ id }) => id === 'w2');
    if (job === undefined) throw new Error('no such job');
    const running: JobSummary = { ...job, ranOn: 'local', startedAt: now, state: runningState({ since: now }) };
    const progress = { nodesDone: 2, nodesTotal: 9, nodeType: 'VAEDecode', value: null, max: null };
    engine.push('job', { job: running, progress });
    const row = part(page, 'Running').getByRole('listitem').filter({ hasText: 'VAEDecode' });
    await row.getByText('2 of 9 nodes done').waitFor();
    expect(await titles(page, 'Waiting')).toHaveLength(3);
    engine.push('job', {
      job: { ...running, outputs: 1, state: { kind: 'completed', target: 'local', endedAt: now } },
      progress: null,
    });
    await row.waitFor({ state: 'detached' });
    expect(await titles(page, 'Ended')).toHaveLength(7);
    engine.push('jobList', { counts, gone: ['w2', 'c1'], more: false });
    await expect.poll(async () => (await titles(page, 'Ended')).length).toBe(5);
    await page.getByText('1 running, 4 waiting').waitFor();
  });

  test('when more has changed than was told, the list is asked for again', async () => {
    const { page, engine } = await openQueue([]);
    await page.getByText('No jobs yet').waitFor();
    await expect.poll(() => engine.openStreams().at(-1)).toContain('jobList');
    engine.setScene({ jobs: manyJobs(now, 40) });
    engine.push('jobList', { counts, gone: [], more: true });
    await part(page, 'Ended').waitFor();
    expect(await titles(page, 'Waiting')).toHaveLength(4);
  });

  test('the picture a running job paints is shown when there is one', async () => {
    const { page } = await openQueue();
    await part(page, 'Running').waitFor();
    expect(await page.getByRole('img', { name: 'What it paints just now' }).count()).toBe(0);
    const painting = await openQueue(everyKindOfJob(now), { preview: picture(3) });
    await painting.page.getByRole('img', { name: 'What it paints just now' }).first().waitFor();
  });
});

describe('a hundred thousand jobs', () => {
  test('scroll on and on, while the page holds only those in sight', async () => {
    const { page, complaints } = await openQueue(manyJobs(now, 100_000), {}, '?state=queued');
    await part(page, 'Waiting').waitFor();
    await page.getByText('10,000 waiting').waitFor();
    const last = async (): Promise<number> =>
      Number(await part(page, 'Waiting').getByRole('listitem').last().getAttribute('aria-posinset'));
    await expect
      .poll(
        async () => {
          await page.evaluate(() => window.scrollBy(0, 1500));
          return last();
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(450);
    const place = await last();
    const title = `series_${String(90_000 + place).padStart(6, '0')}`;
    expect(await part(page, 'Waiting').getByRole('listitem').last().getByRole('link').textContent()).toBe(title);
    expect(await page.getByRole('listitem').count()).toBeLessThan(120);
    expect(complaints).toEqual([]);
  });
});

describe('a long waiting list', () => {
  test('leaves what has ended in sight; all of it is a press away, and so is the way back', async () => {
    const { page } = await openQueue(manyJobs(now, 2000));
    await part(page, 'Ended').waitFor();
    expect(await titles(page, 'Waiting')).toHaveLength(8);
    const ended = await part(page, 'Ended').boundingBox();
    expect(ended?.y).toBeLessThan(900);
    await page.getByRole('button', { name: 'Waiting: show all 200' }).press('Enter');
    await expect.poll(() => part(page, 'Waiting').getByRole('listitem').count()).toBeGreaterThan(8);
    expect(await part(page, 'Ended').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Waiting');
    await page.getByRole('radio', { name: 'All' }).click();
    await part(page, 'Ended').waitFor();
    expect(await titles(page, 'Waiting')).toHaveLength(8);
  });

  test('of ten is shown whole: nobody is sent elsewhere for two rows', async () => {
    const { page } = await openQueue(manyJobs(now, 100));
    await part(page, 'Ended').waitFor();
    expect(await titles(page, 'Waiting')).toHaveLength(10);
    expect(await page.getByRole('button', { name: /show all/ }).count()).toBe(0);
  });

  test('a job that is moved out of sight is said with its place, and the keyboard stays at the list', async () => {
    const { page, engine } = await openQueue(manyJobs(now, 2000));
    engine.onChange(() => ({ body: wholeJob(manyJobs(now, 1)[0] ?? jobSummary()) }));
    await page.getByRole('button', { name: /^Move series_001801/ }).press('End');
    await page.getByText('series_001801: now 200 of 200').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Waiting: show all 200');
    await expect.poll(() => engine.requests()).toMatchObject([{ body: { before: null } }]);
  });
});

describe('pictures in the rows', () => {
  test('what ended shows what it made, in a place that is kept before it comes and where there is none', async () => {
    const { page, complaints } = await openQueue();
    const rows = part(page, 'Ended').getByRole('listitem');
    const left = async (name: string) =>
      (await rows.filter({ hasText: name }).getByRole('link').first().boundingBox())?.x;
    await rows.first().waitFor();
    const first = rows.first().locator('img');
    await expect.poll(() => first.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
    expect(await first.getAttribute('loading')).toBe('lazy');
    expect(await first.evaluate((image) => image.getBoundingClientRect().width)).toBe(42);
    expect(await part(page, 'Ended').locator('img').count()).toBe(3);
    expect(await left('first_light')).toBe(await left('sketch'));
    expect(complaints).toEqual([]);
  });

  test('a picture that is gone leaves its place empty, and nothing moves', async () => {
    const { page } = await openQueue();
    const rows = part(page, 'Ended').getByRole('listitem');
    await rows.first().waitFor();
    const before = await rows.nth(1).boundingBox();
    await page.route('**/thumbnail?*', (route) => route.fulfill({ status: 204 }));
    await page.reload();
    await expect.poll(() => part(page, 'Ended').locator('img').count()).toBe(0);
    expect(await rows.nth(1).boundingBox()).toEqual(before);
  });

  test('of a hundred thousand jobs only those near the eye are asked for', async () => {
    const { page } = await openQueue(manyJobs(now, 100_000), {}, '?state=completed');
    const asked = new Set<string>();
    page.on('request', (request) => {
      if (request.url().includes('/thumbnail')) asked.add(request.url());
    });
    await part(page, 'Ended').locator('img').first().waitFor();
    await page.evaluate(() => window.scrollBy(0, 3000));
    await expect.poll(() => asked.size).toBeGreaterThan(5);
    expect(asked.size).toBeLessThan(150);
  });
});

describe('filters', () => {
  test('by state, words, target and tag; a reload and a link find the same', async () => {
    const { page } = await openQueue();
    await part(page, 'Ended').waitFor();
    await page.getByRole('radio', { name: 'Failed 2' }).click();
    await expect.poll(() => titles(page, 'Ended')).toEqual(['video_of_waves', 'sketch']);
    expect(await part(page, 'Running').count()).toBe(0);
    await page.getByRole('searchbox').fill('wave');
    await expect.poll(() => titles(page, 'Ended')).toEqual(['video_of_waves']);
    await page.reload();
    await expect.poll(() => titles(page, 'Ended')).toEqual(['video_of_waves']);
    await page.getByRole('searchbox').fill('nothing like it');
    await page.getByText('No job fits').waitFor();
    await page.getByRole('button', { name: 'Show all jobs' }).click();
    await part(page, 'Running').waitFor();
    await page.getByRole('button', { name: 'Only jobs with the tag client-7' }).first().click();
    await expect.poll(() => titles(page, 'Waiting')).toEqual(['poster']);
    await page.getByRole('button', { name: 'Show jobs without the tag client-7 too' }).click();
    await page.getByLabel('Target shown').selectOption('pod-4090');
    await expect.poll(() => titles(page, 'Ended')).toEqual(['video_of_waves', 'sketch', 'flux_landscape']);
  });
});

describe('moving what waits', () => {
  test('by keys: the focus stays with the job, and a screen reader hears its place', async () => {
    const { page, engine } = await openQueue();
    engine.onChange(() => ({ body: wholeJob(everyKindOfJob(now)[0] ?? jobSummary()) }));
    const handle = page.getByRole('button', { name: 'Move poster: arrow keys, Home, End' });
    await handle.focus();
    await page.keyboard.press('ArrowUp');
    await expect
      .poll(() => engine.requests().at(-1))
      .toMatchObject({ path: '/manager/v1/jobs/w3/move', body: { before: 'w2' } });
    await page.getByText('poster: now 2 of 4').waitFor();
    expect((await titles(page, 'Waiting')).indexOf('poster')).toBe(1);
    expect(await handle.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Home');
    await expect.poll(() => engine.requests().at(-1)?.body).toEqual({ before: 'w1' });
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('End');
    await expect.poll(() => engine.requests().at(-1)?.body).toEqual({ before: null });
    expect(engine.requests()).toHaveLength(3);
    await expect.poll(async () => (await titles(page, 'Waiting')).indexOf('poster')).toBe(3);
  });

  test('by the menu of a row, where a screen reader takes the arrow keys for itself', async () => {
    const { page, engine } = await openQueue();
    engine.onChange(() => ({ body: wholeJob(everyKindOfJob(now)[0] ?? jobSummary()) }));
    await page.getByRole('button', { name: 'Actions for poster' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Move to the top' }).press('Enter');
    await page.getByText('poster: now 1 of 4').waitFor();
    await expect.poll(() => engine.requests()).toMatchObject([{ body: { before: 'w1' } }]);
    await expect.poll(async () => (await titles(page, 'Waiting')).indexOf('poster')).toBe(0);
    // It goes on from there without a search for the row.
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('li')?.textContent))
      .toContain('poster');
  });

  test('by mouse', async () => {
    const { page, engine } = await openQueue();
    engine.onChange(() => ({ body: wholeJob(everyKindOfJob(now)[0] ?? jobSummary()) }));
    const rows = part(page, 'Waiting').getByRole('listitem');
    await rows
      .nth(3)
      .getByRole('button', { name: /^Move upscale/ })
      .dragTo(rows.nth(1), { targetPosition: { x: 200, y: 4 } });
    await expect
      .poll(() => engine.requests())
      .toMatchObject([{ path: '/manager/v1/jobs/w4/move', body: { before: 'w2' } }]);
    expect((await titles(page, 'Waiting'))[1]).toMatch(/^upscale/);
  });

  test('what the engine refuses is put back and said', async () => {
    const { page, engine } = await openQueue();
    engine.refuseChanges({ code: 'job_ended', message: 'The job does not wait any more.' });
    await page.getByRole('button', { name: /^Move poster/ }).press('Home');
    await page.getByRole('alert').getByText('The job could not be moved').waitFor();
    await expect.poll(async () => (await titles(page, 'Waiting')).indexOf('poster')).toBe(2);
  });
});

describe('acting on jobs', () => {
  test('a chosen range is cancelled, and what could not be is said with its reason', async () => {
    const { page, engine } = await openQueue(manyJobs(now, 40));
    engine.onChange(({ path }) => {
      const id = /jobs\/(.*)\/cancel$/.exec(path)?.[1];
      const job = manyJobs(now, 40).find((each) => each.id === id);
      if (job === undefined || id === 'job-38')
        return { refusal: { code: 'job_ended', message: 'The job has ended already.' } };
      return { body: wholeJob({ ...job, state: { kind: 'cancelled', endedAt: now } }) };
    });
    await part(page, 'Waiting').waitFor();
    await page.getByRole('checkbox', { name: 'Select series_000037' }).check();
    await page.getByRole('checkbox', { name: 'Select series_000039' }).click({ modifiers: ['Shift'] });
    await page.getByText('3 selected').first().waitFor();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText('2 jobs cancelled. 1 job could not be cancelled: The job has ended already.')
      .waitFor();
    expect(await titles(page, 'Waiting')).toEqual(['series_000038', 'series_000040']);
  });

  test('all that waits can be chosen, also what is not loaded yet', async () => {
    const { page } = await openQueue(manyJobs(now, 15_000));
    await page.getByRole('checkbox', { name: 'Select all: Waiting' }).check();
    await page.getByText('1,500 selected').first().waitFor();
  });

  test('deleting is asked once, and the safe answer is at hand', async () => {
    const { page, engine } = await openQueue();
    engine.onChange(() => ({ body: {} }));
    const open = async () => {
      await page.getByRole('button', { name: 'Actions for video_of_waves' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
    };
    await open();
    await page.getByRole('dialog', { name: 'Delete this job?' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(engine.requests()).toEqual([]);
    await open();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect.poll(() => engine.requests()).toMatchObject([{ method: 'DELETE', path: '/manager/v1/jobs/f1' }]);
  });

  test('what may have run and cost money is not run again unasked', async () => {
    const { page, engine } = await openQueue();
    await page.getByRole('button', { name: 'Actions for sketch' }).click();
    await page.getByRole('menuitem', { name: 'Retry on this computer' }).click();
    await page.getByRole('dialog', { name: 'Queue again, and maybe pay again?' }).waitFor();
    expect(engine.requests()).toEqual([]);
    await page.getByRole('button', { name: 'Queue again' }).click();
    await expect
      .poll(() => engine.requests())
      .toMatchObject([{ path: '/manager/v1/jobs/f2/retry', body: { target: 'local' } }]);
  });

  test('waiting jobs move to a target in one request, and who stays is told why', async () => {
    const { page, engine } = await openQueue();
    engine.onChange(() => ({
      body: { moved: [{ id: 'w1' }], stayed: [{ id: 'w2', reason: 'pod-4090 lacks the node FancyUpscale.' }] },
    }));
    await page.getByRole('checkbox', { name: 'Select Prompt' }).check();
    await part(page, 'Waiting').getByRole('checkbox', { name: 'Select portrait_of_a_lighthouse_keeper' }).check();
    await page.getByRole('button', { name: 'Move to' }).click();
    await page.getByRole('menuitem', { name: 'pod-4090' }).click();
    await page.getByText('1 job moved. 1 job stayed: pod-4090 lacks the node FancyUpscale.').waitFor();
    expect(engine.requests()).toMatchObject([
      { path: '/manager/v1/jobs/offload', body: { target: 'pod-4090', jobs: ['w1', 'w2'] } },
    ]);
  });

  test('without another target nothing offers to move there', async () => {
    const { page } = await openQueue(everyKindOfJob(now), { targets: [LOCAL] });
    await page.getByRole('button', { name: /^Actions for upscale/ }).click();
    await page.getByRole('menuitem', { name: 'Cancel' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Move to pod-4090' }).count()).toBe(0);
  });

  test('everything remote is cancelled after one question, offered only while something is', async () => {
    const { page, engine } = await openQueue();
    await part(page, 'Running').waitFor();
    expect(await page.getByRole('button', { name: 'Cancel everything remote' }).count()).toBe(0);
    engine.setScene({
      status: ready(now, { jobs: { ...NO_JOBS, waiting: 0, running: 1, remote: 1, spentTodayMicroDollars: 0 } }),
    });
    await page.getByRole('button', { name: 'Cancel everything remote' }).click();
    engine.onChange(() => ({ body: { cancelled: 2 } }));
    await page.getByRole('button', { name: 'Cancel all of it' }).click();
    await page.getByText('2 jobs on rented cards cancelled.').waitFor();
  });
});
