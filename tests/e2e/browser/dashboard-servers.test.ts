/** Other servers on the page of targets: how each is, adding, testing, pausing and removing one, with pictures of every state. */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ServerTest, TargetStatus } from '../../../contract/targets.ts';
import { dashboardWords } from '../../../strings/dashboard-words.ts';
import {
  type DashboardBrowser,
  type DashboardPage,
  type Look,
  launchDashboardBrowser,
  type Surroundings,
  WIDE,
} from '../../support/dashboard-browser.ts';
import type { Scene } from '../../support/dashboard-engine.ts';
import { asleep } from '../../support/dashboard-fixtures.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';
import { endpoints, server, servers, serverTest, targetStatus } from '../../support/dashboard-targets.ts';
import { expectSound } from '../../support/sound-page.ts';

const PICTURES = resolve(import.meta.dirname, '../../output/servers');
const PATH = '/manager/targets';

let browser: DashboardBrowser;
beforeAll(async () => {
  rmSync(PICTURES, { recursive: true, force: true });
  mkdirSync(PICTURES, { recursive: true });
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const SILENT: Partial<ServerTest> = {
  ok: false,
  code: 'server_unreachable',
  message: 'https://render.example.org/comfyui does not answer: connect ETIMEDOUT.',
  comfyuiVersion: null,
  queue: null,
};

/** @param tests what each server answers by name; others answer well */
function open(
  changes: Partial<Scene>,
  tests: Readonly<Record<string, Partial<ServerTest>>> = {},
  look: Look = WIDE,
  around: Surroundings = {},
): Promise<DashboardPage> {
  const now = Date.now();
  const scene = sceneOf(now, asleep(now), { ...changes, serverTest: (name) => serverTest(tests[name]) });
  return browser.open(scene, PATH, look, around);
}

async function judge(page: Page, name: string, complaints: readonly string[] = []): Promise<void> {
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  await expectSound(page, complaints);
}

/** As each of `servers()` offers itself: the second rests after trouble. */
const offers = (now: number): TargetStatus[] => [
  targetStatus('studio', { load: 1 }),
  targetStatus('render-room', {
    free: 0,
    refusal:
      'render-room has trouble: https://render.example.org/comfyui does not answer. Stoker tries it again by itself.',
    retryAt: now + 92_000,
  }),
  targetStatus('attic', { free: 0, refusal: 'attic is paused: you paused it.' }),
];

const entry = (page: Page, name: string) => page.getByRole('article', { name });

describe.each([
  { name: 'light', look: WIDE, locale: 'en-GB' },
  { name: 'dark', look: { scheme: 'dark', width: 1280 } as Look, locale: 'de-DE' },
  { name: 'narrow', look: { scheme: 'light', width: 360 } as Look, locale: 'en-GB' },
  { name: 'narrow-german', look: { scheme: 'dark', width: 360 } as Look, locale: 'de-DE' },
])('$name', ({ name, look, locale }) => {
  const words = dashboardWords(locale === 'de-DE' ? 'de' : 'en').targets;

  test('the list beside the endpoints', async () => {
    const scene = { endpoints: endpoints(), servers: servers(), targets: offers(Date.now()) };
    const { page, complaints } = await open(scene, { 'render-room': SILENT }, look, { locale });
    await page.getByText(words.servers.version('0.3.68')).waitFor();
    await judge(page, `list-${name}`, complaints);
  });

  test('without any', async () => {
    const { page, complaints } = await open({}, {}, look, { locale });
    await page.getByText(words.servers.empty).waitFor();
    await judge(page, `empty-${name}`, complaints);
  });

  test('the form', async () => {
    const { page, complaints } = await open({ servers: [server()] }, {}, look, { locale });
    await page.getByRole('button', { name: words.servers.add }).click();
    await page.getByLabel(words.servers.form.url).fill('192.168.1.20');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').first().waitFor();
    await judge(page, `form-${name}`, complaints);
  });
});

describe('how a server is', () => {
  test('is asked by itself: its version, its queue, and what of ours is there', async () => {
    const { page } = await open({ servers: [server()], targets: [targetStatus('studio', { load: 2 })] });
    await entry(page, 'studio').getByText('Answers, ComfyUI 0.3.68').waitFor();
    await entry(page, 'studio').getByText('2 jobs of yours there · its queue: 1 running, 3 waiting').waitFor();
  });

  test('one that sleeps behind its Stoker is not called broken', async () => {
    const { page } = await open({ servers: [server()] }, { studio: { comfyuiVersion: null } });
    await entry(page, 'studio').getByText('Answers, sleeps').waitFor();
  });

  test('one that does not answer says why and what to do', async () => {
    const { page } = await open({ servers: [server({ name: 'render-room' })] }, { 'render-room': SILENT });
    await entry(page, 'render-room').getByText('connect ETIMEDOUT').waitFor();
    await entry(page, 'render-room').getByText('Check that it runs and that its address is right').waitFor();
  });

  test('after trouble it says what it was and when it is tried again, and the seconds run', async () => {
    const { page, engine } = await open({ servers: servers(), targets: offers(Date.now()) });
    const room = entry(page, 'render-room');
    await room.getByText('render-room has trouble:').waitFor();
    // Whole seconds later: the page counts.
    await room.getByText(/tried again in 1:[23]\d/).waitFor();
    await room.getByText(/tried again in 1:2\d/).waitFor();
    engine.setScene({ targets: [targetStatus('render-room', { retryAt: Date.now() })] });
    await room.getByText('Had trouble: the next job tries it').waitFor();
    engine.setScene({ targets: [targetStatus('render-room')] });
    await room.getByText('Answers, ComfyUI').waitFor();
  });

  test('a press on Test asks again and says what came', async () => {
    const { page, engine } = await open({ servers: [server({ paused: true })] });
    await entry(page, 'studio').getByText('Paused: You paused it.').waitFor();
    engine.setScene({ serverTest: () => serverTest({ comfyuiVersion: '0.4.0' }) });
    await page.getByRole('button', { name: 'Test: studio' }).click();
    await entry(page, 'studio').getByText('Answers, ComfyUI 0.4.0').waitFor();
  });
});

describe('what can be done with it', () => {
  test('added by its address alone, then the key is offered', async () => {
    const { page, engine } = await open({});
    engine.onChange(({ method }) => {
      if (method !== 'PUT') return undefined;
      engine.setScene({ servers: [server()] });
      return { body: server() };
    });
    await page.getByRole('button', { name: 'Add server' }).click();
    await page.keyboard.type('studio');
    await page.getByLabel('Address').fill('http://192.168.1.20:8188/');
    await page.getByRole('switch', { name: 'Take part by itself' }).click();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('If it asks for a key').waitFor();
    expect(engine.requests()[0]).toEqual({
      method: 'PUT',
      path: '/manager/v1/servers/studio',
      body: { url: 'http://192.168.1.20:8188', maxJobs: 2, automatic: false },
    });
  });

  test('what is wrong is said beside the field, and nothing is sent', async () => {
    const { page, engine } = await open({ servers: [server()] });
    await page.getByRole('button', { name: 'Add server' }).click();
    await page.getByLabel('Name').fill('studio');
    await page.getByLabel('Address').fill('studio.local:8188');
    await page.getByLabel('Jobs at once').fill('0');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('alert').allInnerTexts()).toEqual([
      'There is a server of this name already.',
      'A full address, for example http://192.168.1.20:8188.',
      'At least 1.',
    ]);
    expect(engine.requests().filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  test('paused and used again', async () => {
    const { page, engine } = await open({ servers: [server()] });
    engine.onChange(({ path, body }) => {
      if (!path.endsWith('/pause')) return undefined;
      const paused = (body as { paused: boolean }).paused;
      engine.setScene({ servers: [server({ paused })] });
      return { body: server({ paused }) };
    });
    await page.getByRole('button', { name: 'Pause: studio' }).click();
    await entry(page, 'studio').getByText('Paused: You paused it.').waitFor();
    await page.getByRole('button', { name: 'Use again: studio' }).click();
    await entry(page, 'studio').getByText('Answers, ComfyUI').waitFor();
  });

  test('removed after one question, and the engine says why it cannot while it has jobs', async () => {
    const { page, engine } = await open({ servers: [server()] });
    await entry(page, 'studio').getByText('Answers, ComfyUI').waitFor();
    engine.refuseChanges({ code: 'server_busy', message: 'studio has jobs under way.' });
    await page.getByRole('button', { name: 'Remove: studio' }).click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('studio has jobs under way.').waitFor();
    engine.onChange(({ method }) => {
      if (method !== 'DELETE') return undefined;
      engine.setScene({ servers: [] });
      return { body: {} };
    });
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('No other server yet.').waitFor();
  });

  test('changed: what was not touched stays', async () => {
    const kept = server({ maxJobs: 7, automatic: false });
    const { page, engine } = await open({ servers: [kept] });
    engine.onChange(({ method }) => (method === 'PUT' ? { body: kept } : undefined));
    await page.getByRole('button', { name: 'Edit: studio' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Edit: studio' }).waitFor();
    expect(engine.requests().find(({ method }) => method === 'PUT')?.body).toEqual({
      url: kept.url,
      maxJobs: 7,
      automatic: false,
    });
  });
});

test('a list that cannot be read says so and is asked for again by a press', async () => {
  const { page, engine } = await open({ servers: [server()] });
  await entry(page, 'studio').waitFor();
  engine.refuseReads('/manager/v1/servers', { code: 'internal', message: 'The database is malformed.' });
  await page.reload();
  await page.getByText('The servers could not be read.').waitFor();
  await judge(page, 'error');
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(1);
});

test('the address it had before leads to the same page', async () => {
  const now = Date.now();
  const { page } = await browser.open(sceneOf(now, asleep(now), { servers: [server()] }), '/manager/endpoints');
  await entry(page, 'studio').waitFor();
});
