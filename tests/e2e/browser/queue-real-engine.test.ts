/** The list of jobs over the whole built product: real engine, simulated ComfyUI, real Chromium. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { JobListSchema, JobSchema } from '../../../contract/jobs.ts';
import { launchBrowser } from '../../support/browser.ts';
import { simulatorEntry } from '../../support/comfyui-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { workflow } from '../../support/workflows.ts';

const commandLine = `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} --sim-start-seconds 0`;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterEach(stopEngines);
afterAll(() => browser?.close());

async function submit(engine: EngineProcess, name: string, title: string): Promise<string> {
  const answer = await engine.post('/manager/v1/jobs', { workflow: workflow(name), target: 'local', title });
  return JobSchema.parse(await answer.json()).id;
}

const waitingTitles = async (engine: EngineProcess): Promise<(string | null)[]> => {
  const answer = await fetch(`${engine.url}/manager/v1/jobs?order=place`);
  return JobListSchema.parse(await answer.json()).jobs.map(({ title }) => title);
};

test('what is queued runs before one’s eyes, in the order one put it, and its picture is there at the end', async () => {
  const engine = await startEngine({ environment: { STOKER_INSTALLATION_COMMAND_LINE: commandLine } });
  const page = await browser.newPage({ locale: 'en-GB' });
  await page.goto(`${engine.url}/manager/queue`);
  await page.getByText('No jobs yet').waitFor();

  const first = await submit(engine, 'slow_progress_10s', 'first');
  // The local target takes two at once: one runs, one is in line in ComfyUI.
  for (const title of ['second', 'third', 'fourth', 'fifth']) await submit(engine, 'simple', title);
  const running = page.getByRole('region', { name: 'Running' });
  const waiting = page.getByRole('region', { name: 'Waiting' });
  await running.getByRole('progressbar').first().waitFor();
  await waiting.getByRole('button', { name: /^Move fifth/ }).press('Home');
  await expect.poll(() => waitingTitles(engine)).toEqual(['fifth', 'third', 'fourth']);
  const shown = () => waiting.getByRole('listitem').getByRole('link').allTextContents();
  await expect.poll(shown).toEqual(['fifth', 'third', 'fourth']);

  await page.getByRole('button', { name: 'Actions for first' }).click();
  await page.getByRole('menuitem', { name: 'Cancel' }).click();
  const ended = page.getByRole('region', { name: 'Ended' });
  await expect.poll(() => ended.getByRole('listitem').count()).toBe(5);
  expect(await ended.getByText('Cancelled').count()).toBe(1);
  expect(await running.count()).toBe(0);

  await ended.getByRole('link', { name: 'fifth' }).click();
  const picture = page.getByRole('region', { name: 'Results' }).locator('img').first();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await page.getByText('Given to local.').waitFor();

  await page.goto(`${engine.url}/manager/jobs/${first}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('There is no such job.').waitFor();
  await page.close();
});
