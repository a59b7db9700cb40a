/**
 * *Queue on RunPod* in ComfyUI's page: the button, the cards and the pictures, over the whole built product and a simulated RunPod. On the
 * simulator's page always; on the page of a real ComfyUI when STOKER_TEST_COMFYUI names its folder, and on a newer frontend when
 * STOKER_TEST_FRONTEND names that one's `static` folder.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../support/browser.ts';
import { type ComfyuiProcess, startSimulator, stopAllComfyui } from '../../support/comfyui-process.ts';
import { accessibilityViolations } from '../../support/dashboard-browser.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { type PageSubject, pageSubjects, simulatedPage } from '../../support/page-subjects.ts';
import { type RunpodProcess, startRunpod, stopRunpods } from '../../support/runpod-process.ts';
import { workflow } from '../../support/workflows.ts';

const pictures = resolve(import.meta.dirname, '../../output/queue-on-runpod');
const subjects = pageSubjects('"Queue on RunPod" in the page of a real ComfyUI');

let browser: Browser;
let worker: ComfyuiProcess;
let runpod: RunpodProcess;
let engine: EngineProcess;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await launchBrowser();
  worker = await startSimulator({ arguments: ['--cpu'] });
});
afterAll(async () => {
  await browser?.close();
  await stopAllComfyui();
});
beforeEach(async () => {
  runpod = await startRunpod('--comfyui', worker.url, '--cold-start-ms', '2500');
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await stopEngines();
  await stopRunpods();
});

async function put(path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${engine.url}/manager${path}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBeLessThan(300);
}
async function addEndpoint(name: string, changes: Record<string, unknown> = {}): Promise<void> {
  await put(`/secrets/endpoint.${name}.key`, { value: runpod.key });
  const body = { endpointId: runpod.endpoint, baseUrl: runpod.baseUrl, microDollarsPerSecond: 310, ...changes };
  await put(`/v1/endpoints/${name}`, body);
}

interface Opened {
  readonly page: Page;
  readonly button: Locator;
  readonly cards: Locator;
  /** Errors of the page that name our script. */
  readonly problems: string[];
  shoot(name: string): Promise<void>;
}

async function open(subject: PageSubject, scheme: 'light' | 'dark' = 'dark'): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: scheme });
  const problems: string[] = [];
  page.on('pageerror', ({ stack = '' }) => {
    if (stack.includes('stoker.js')) problems.push(stack);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && /stoker/i.test(`${message.text()} ${message.location().url}`))
      problems.push(message.text());
  });
  await page.goto(engine.url);
  await page.locator('[data-testid="queue-button"]').waitFor({ timeout: 90_000 });
  await page.locator('#stoker-overlay').waitFor({ state: 'attached', timeout: 60_000 });
  return {
    page,
    button: page.getByRole('button', { name: /Queue on RunPod/ }),
    cards: page.locator('#stoker-overlay .card'),
    problems,
    async shoot(name) {
      await page.screenshot({ path: join(pictures, `${subject.name.replaceAll(' ', '-')}-${name}.png`) });
    },
  };
}

/** Of a node that moves it on with every prompt. */
const seedOf = (page: Page): Promise<unknown> =>
  page.evaluate(() => {
    const { app } = window as unknown as {
      app: { graph: { nodes: { widgets?: { name: string; value: unknown }[] }[] } };
    };
    return app.graph.nodes.flatMap(({ widgets }) => widgets ?? []).find(({ name }) => name === 'seed')?.value;
  });

describe.each(subjects)('the page of the $name', (subject) => {
  it.skipIf(subject.absent)('queues on the one endpoint there is, follows it and shows the picture', async () => {
    engine = await startEngine({ environment: subject.environment });
    const { page, button, cards, problems, shoot } = await open(subject);
    await expect.poll(() => button.count()).toBe(1);
    await shoot('1-button');

    await button.click();
    await cards.getByText('No RunPod endpoint is set up yet.').waitFor();
    expect(await cards.getByRole('link', { name: 'Open Stoker' }).getAttribute('href')).toBe('/manager/endpoints');
    await shoot('2-no-endpoint');
    await cards.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => cards.count()).toBe(0);

    await addEndpoint('pod');
    await subject.load(page, workflow('simple'));
    await button.click();
    await cards.getByRole('heading', { name: 'Waiting for a worker' }).waitFor();
    await cards.getByText('at most $0.1860').waitFor();
    await shoot('3-waiting');
    await cards.getByRole('heading', { name: 'Done: 1 file' }).waitFor({ timeout: 30_000 });
    const picture = cards.getByRole('img');
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await cards.getByText(/^cost (less than )?\$0\.0/).waitFor();
    await shoot('4-done');
    const [result] = await Promise.all([page.waitForEvent('popup'), picture.click()]);
    expect(new URL(result.url()).pathname).toMatch(/^\/manager\/v1\/jobs\/[^/]+\/outputs\/0$/);
    await result.close();

    const { jobs } = (await (await fetch(`${engine.url}/manager/v1/jobs`)).json()) as {
      jobs: { wantedTarget: string; state: { kind: string } }[];
    };
    expect(jobs.map(({ wantedTarget, state }) => [wantedTarget, state.kind])).toEqual([['pod', 'completed']]);
    expect(problems).toEqual([]);
  });

  it.skipIf(subject.absent)('asks which of several by the keyboard, survives a reload, and cancels', async () => {
    engine = await startEngine({ environment: subject.environment });
    await addEndpoint('cheap');
    await addEndpoint('fast', { microDollarsPerSecond: 1160, capPerJob: 100_000 });
    await addEndpoint('resting');
    await fetch(`${engine.url}/manager/v1/endpoints/resting/pause`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"paused":true}',
    });
    const { page, cards, problems, button, shoot } = await open(subject, 'light');
    await subject.load(page, workflow('slow_progress_10s', { '2.seconds': 30 }));

    await (subject === simulatedPage ? button.click() : page.keyboard.press('Alt+Shift+Enter'));
    await cards.getByText('$0.00116 a second, at most $0.0998 for this job').waitFor();
    await cards.getByText('Paused: you paused it.').waitFor();
    await shoot('5-picker');
    // Of the cards alone: ComfyUI's own page has findings of its own.
    const findings = await accessibilityViolations(page);
    expect(findings.filter((finding) => /#stoker-(overlay|run)/.test(finding))).toEqual([]);
    expect(await cards.getByRole('radio', { name: /cheap/ }).isChecked()).toBe(true);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await cards.getByText(/RunPod · fast/).waitFor();
    // As after Run: the next one is another.
    if (subject !== simulatedPage) await expect.poll(() => seedOf(page)).not.toBe(1);
    await cards.getByRole('heading', { name: 'Running' }).waitFor({ timeout: 30_000 });

    await page.reload();
    await cards.getByRole('heading', { name: 'Running' }).waitFor({ timeout: 60_000 });
    await cards.getByText(/RunPod · fast/).waitFor();
    await shoot('6-after-reload');
    await cards.getByRole('button', { name: 'Cancel' }).click();
    await cards.getByRole('heading', { name: 'Cancelled' }).waitFor({ timeout: 30_000 });
    // Pointed at, it stays.
    await page.mouse.move(400, 300);
    await expect.poll(() => cards.count()).toBe(0);

    // The endpoint picked last is marked now.
    await button.click();
    await expect.poll(() => cards.getByRole('radio', { name: /fast/ }).isChecked()).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => cards.count()).toBe(0);
    expect(problems).toEqual([]);
  });
});

describe('the cards', () => {
  it('stack, tell a failure in words and keep it, and say that ComfyUI sleeps', async () => {
    engine = await startEngine({
      environment: { ...simulatedPage.environment, STOKER_IDLE_STOP_AFTER_SECONDS: '3' },
    });
    await addEndpoint('pod', { maxJobs: 10 });
    const { page, button, cards, shoot } = await open(simulatedPage);
    const streams = new Set<unknown>();
    let mostStreams = 0;
    page.on('request', (request) => {
      if (!request.url().endsWith('/events')) return;
      streams.add(request);
      mostStreams = Math.max(mostStreams, streams.size);
    });
    for (const over of ['requestfinished', 'requestfailed'] as const) {
      page.on(over as 'requestfinished', (request) => void streams.delete(request));
    }
    await simulatedPage.load(page, workflow('fail_runtime'));
    await button.click();
    await cards.nth(0).waitFor();
    for (let count = 2; count <= 8; count += 1) {
      await simulatedPage.load(page, workflow('slow_progress_10s', { '2.seconds': 2 }));
      await button.click();
      await cards.nth(count - 1).waitFor();
    }
    const failed = cards.filter({ has: page.getByRole('heading', { name: 'Failed' }) });
    await failed.getByText(/LabFail/).waitFor({ timeout: 30_000 });
    await failed.getByRole('button', { name: 'Try again' }).waitFor();
    await shoot('7-several');
    expect(await accessibilityViolations(page)).toEqual([]);
    // A browser opens six connections to one address, and the page needs some.
    expect(mostStreams).toBe(2);
    await engine.until((status) => status.state === 'stopped');
    await page.locator('#stoker-overlay').getByText('Asleep', { exact: true }).waitFor({ timeout: 30_000 });
    await expect.poll(() => cards.filter({ hasText: 'Done' }).count()).toBe(7);
    await shoot('8-asleep');
    await expect.poll(() => cards.count()).toBe(1);
    await failed.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => cards.count()).toBe(0);
  });
});
