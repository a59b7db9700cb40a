/** RunPod endpoints on the page of targets: what a person sees, types and asks for, with pictures of every state. */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Endpoint, EndpointTest } from '../../../contract/endpoints.ts';
import type { EndpointHas } from '../../../contract/parity.ts';
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
import { sceneOf } from '../../support/dashboard-scenes.ts';
import { endpoint, endpoints, known, targetStatus } from '../../support/dashboard-targets.ts';
import { askedOf } from '../../support/fake-shell.ts';
import { expectSound } from '../../support/sound-page.ts';

const PICTURES = resolve(import.meta.dirname, '../../output/endpoints');
const PATH = '/manager/targets';
const GERMAN_NARROW: Look = { scheme: 'dark', width: 360 };

let browser: DashboardBrowser;
beforeAll(async () => {
  rmSync(PICTURES, { recursive: true, force: true });
  mkdirSync(PICTURES, { recursive: true });
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

function open(list: readonly Endpoint[], look: Look = WIDE, around: Surroundings = {}): Promise<DashboardPage> {
  const now = Date.now();
  const secrets = list
    .filter(({ hasKey }) => hasKey)
    .map(({ name }) => ({ name: `endpoint.${name}.key`, place: 'file' as const }));
  return browser.open(sceneOf(now, asleep(now), { endpoints: list, secrets }), PATH, look, around);
}

async function judge(page: Page, name: string, complaints: readonly string[] = []): Promise<void> {
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  await expectSound(page, complaints);
}

describe.each([
  { name: 'light', look: WIDE, locale: 'en-GB' },
  { name: 'dark', look: { scheme: 'dark', width: 1280 } as Look, locale: 'en-GB' },
  { name: 'narrow-german', look: GERMAN_NARROW, locale: 'de-DE' },
])('$name', ({ name, look, locale }) => {
  const words = dashboardWords(locale === 'de-DE' ? 'de' : 'en').endpoints;

  test('the list tells state, price and spend against the limits', async () => {
    const { page, complaints } = await open(endpoints(), look, { locale });
    await page.getByRole('heading', { name: 'h100' }).waitFor();
    await page.getByText(words.spend.reached).waitFor();
    await judge(page, `list-${name}`, complaints);
  });

  test('without one the page says what an endpoint is and how to get it', async () => {
    const { page, complaints } = await open([], look, { locale });
    await page.getByText(words.empty.what).waitFor();
    await judge(page, `empty-${name}`, complaints);
  });

  test('the form', async () => {
    const { page, complaints } = await open([], look, { locale });
    await page.getByRole('button', { name: words.add }).click();
    await page.getByLabel(words.form.price, { exact: true }).fill('1,12');
    await page.getByRole('button', { name: words.form.saveNew, exact: true }).click();
    await page.getByRole('alert').first().waitFor();
    await judge(page, `form-${name}`, complaints);
  });
});

describe('adding one', () => {
  test('a price an hour is kept as micro dollars a second, a limit as micro dollars', async () => {
    const { page, engine } = await open([]);
    engine.onChange(({ method }) => {
      if (method !== 'PUT') return undefined;
      engine.setScene({ endpoints: [endpoint({ name: 'my-pod', hasKey: false })] });
      return { body: endpoint({ name: 'my-pod', hasKey: false }) };
    });
    await page.getByRole('button', { name: 'Add endpoint' }).click();
    // The form has the focus: one types at once.
    await page.keyboard.type('my-pod');
    await page.getByLabel('Endpoint id').fill('abc123');
    await page.getByLabel('Price', { exact: true }).fill('1,116');
    await page.getByLabel('Limit a day').fill('2.5');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'my-pod' }).waitFor();
    expect(engine.requests()).toMatchObject([
      {
        method: 'PUT',
        path: '/manager/v1/endpoints/my-pod',
        body: { endpointId: 'abc123', microDollarsPerSecond: 310, capPerDay: 2_500_000, capPerMonth: null },
      },
    ]);
    await page.getByText('Next: set its API key.').waitFor();
  });

  test('what is wrong is said beside the field, and nothing is sent', async () => {
    const { page, engine } = await open(endpoints());
    await page.getByRole('button', { name: 'Add endpoint' }).click();
    await page.getByLabel('Name').fill('h100');
    await page.getByLabel('Endpoint id').fill('https://api.runpod.ai/v2/abc');
    await page.getByLabel('Price', { exact: true }).fill('cheap');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    expect(await page.getByRole('alert').allInnerTexts()).toEqual([
      'There is an endpoint of this name already.',
      'Only letters, digits, - and _: the id, not the whole address.',
      'An amount in dollars, for example 0.00034.',
    ]);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('name');
    expect(engine.requests()).toEqual([]);
  });
});

test('changing one keeps what was not touched, to the last millionth', async () => {
  const kept = endpoint({ microDollarsPerSecond: 341, capPerDay: 1_234_567 });
  const { page, engine } = await open([kept]);
  engine.onChange(({ method }) => (method === 'PUT' ? { body: kept } : undefined));
  await page.getByRole('button', { name: 'Edit: runpod-4090' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Edit: runpod-4090' }).waitFor();
  const { name: _name, hasKey: _hasKey, paused: _paused, spend: _spend, ...body } = kept;
  expect(engine.requests()).toMatchObject([{ method: 'PUT', body }]);
});

test('what a crashed script has left in the queue is taken off it, after a question', async () => {
  const { page, engine, complaints } = await open([endpoint()]);
  engine.onChange(({ path }) =>
    path.endsWith('/empty')
      ? { body: { cancelled: 1, removed: 212 } }
      : { body: { ok: true, message: 'x', code: null, workers: {}, queue: { inQueue: 213, inProgress: 1 } } },
  );
  await page.getByRole('button', { name: 'Test: runpod-4090' }).click();
  await page.getByRole('button', { name: 'Empty its queue…' }).click();
  await page.getByText('Take 213 jobs off the queue of runpod-4090?').waitFor();
  await judge(page, 'empty-queue', complaints);
  await page.getByRole('button', { name: 'Empty it', exact: true }).click();
  await page.getByText('Emptied: 1 job of Stoker cancelled, 212 taken off by RunPod.').waitFor();
  expect(engine.requests().map(({ path }) => path.split('/').at(-1))).toEqual(['test', 'empty']);
  await judge(page, 'empty-queue-done', complaints);
});

describe('a test', () => {
  async function answer(test: Partial<EndpointTest>): Promise<Page> {
    const { page, engine } = await open([endpoint()]);
    const body = { ok: true, message: 'x', code: null, workers: {}, queue: { inQueue: 0, inProgress: 0 }, ...test };
    engine.onChange(() => ({ body }));
    await page.getByRole('button', { name: 'Test: runpod-4090' }).click();
    return page;
  }

  test('tells workers and queue in words', async () => {
    const page = await answer({ workers: { idle: 2, running: 1, throttled: 0 }, queue: { inQueue: 4, inProgress: 1 } });
    await page.getByText('It answers. Workers: 1 working and 2 idle. Queue: 4 waiting, 1 running.').waitFor();
  });

  test('that fails says what to do', async () => {
    const page = await answer({
      ok: false,
      code: 'runpod_unauthorized',
      message: 'RunPod refused the key.',
      queue: null,
    });
    await page.getByText('RunPod refused the key.').waitFor();
    await page.getByText('Check the API key of the endpoint').waitFor();
    await judge(page, 'test-failed');
  });

  test('that finds no free GPU says so', async () => {
    const page = await answer({ workers: { throttled: 2 } });
    await page.getByText('RunPod has no free GPU of the chosen kind.').waitFor();
    await judge(page, 'test-throttled');
  });
});

describe('asked once', () => {
  test('removing one says why it cannot while it has jobs', async () => {
    const { page, engine } = await open([endpoint()]);
    engine.refuseChanges({ code: 'endpoint_busy', message: 'runpod-4090 has jobs under way.' });
    await page.getByRole('button', { name: 'Remove: runpod-4090' }).click();
    expect(engine.requests()).toEqual([]);
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('runpod-4090 has jobs under way.').waitFor();
    await judge(page, 'remove-refused');
  });

  test('cancelling everything remote tells how many', async () => {
    const { page, engine } = await open([endpoint()]);
    engine.onChange(() => ({ body: { cancelled: 3 } }));
    await page.getByRole('button', { name: 'Cancel everything remote' }).click();
    expect(engine.requests()).toEqual([]);
    await page.getByRole('button', { name: 'Cancel them all' }).click();
    await page.getByText('Cancelled 3 jobs.').waitFor();
    expect(engine.requests()).toMatchObject([{ method: 'POST', path: '/manager/v1/remote/cancel' }]);
  });
});

test('one that is paused is used again by a press', async () => {
  const { page, engine } = await open([endpoint({ paused: 'you paused it.' })]);
  engine.onChange(() => {
    engine.setScene({ endpoints: [endpoint()] });
    return { body: endpoint() };
  });
  await page.getByText('You paused it.').waitFor();
  await page.getByRole('button', { name: 'Use again: runpod-4090' }).click();
  await page.getByText('Ready').waitFor();
  expect(engine.requests()).toMatchObject([{ body: { paused: false } }]);
});

test('in the desktop application its key goes to the key store and never to the page again', async () => {
  const { page, engine } = await open([endpoint({ hasKey: false })], WIDE, { shell: {} });
  await page.getByRole('button', { name: 'Set the key (API key of runpod-4090)' }).click();
  await page.keyboard.type('rpa_SECRET');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => askedOf(page))
    .toContainEqual({
      name: 'saveSecret',
      input: { name: 'endpoint.runpod-4090.key', value: 'rpa_SECRET' },
    });
  expect(engine.requests()).toEqual([]);
});

describe('what it has', () => {
  async function openKnown(has: EndpointHas, look: Look = WIDE): Promise<DashboardPage> {
    const now = Date.now();
    const opened = await browser.open(sceneOf(now, asleep(now), { endpoints: [endpoint()], has }), PATH, look);
    await opened.page.getByText('What it has').click();
    return opened;
  }
  const nothing: EndpointHas = {
    lists: { nodeTypes: null, models: null },
    learnt: { nodeTypes: { present: [], absent: [] }, models: { present: [], absent: [] } },
  };

  test.each([
    { name: 'wide', look: WIDE },
    { name: 'narrow', look: { scheme: 'dark', width: 360 } as Look },
  ])('shows what runs found missing first, then the lists, $name', async ({ name, look }) => {
    const { page, complaints } = await openKnown(known(), look);
    await page.getByText('1 missing, as runs found').waitFor();
    expect(await page.getByText('FaceDetailer').isVisible()).toBe(true);
    await page.getByText('3 names in your list').click();
    await page.getByText('upscale/4x-UltraSharp.pth').waitFor();
    await judge(page, `known-${name}`, complaints);
  });

  test('with nothing known it says what that means', async () => {
    const { page } = await openKnown(nothing);
    await page.getByText('No run has taught anything yet').first().waitFor();
    expect(await page.getByText('What no run has taught is tried.').count()).toBe(2);
    expect(await page.getByRole('button', { name: 'Forget what runs taught' }).count()).toBe(0);
  });

  test('a list is typed one name a line; no list and an empty list are two things', async () => {
    const { page, engine } = await openKnown(nothing);
    engine.onChange(({ body }) => ({ body: { ...nothing, lists: body } }));
    await page.getByRole('button', { name: 'Edit the lists' }).click();
    await page.getByRole('switch', { name: 'I list all custom nodes' }).click();
    await page.getByRole('switch', { name: 'I list all models' }).click();
    await page.getByLabel('List of models').fill(' sdxl/a.safetensors \n\nflux.safetensors\nflux.safetensors');
    await judge(page, 'known-editing');
    await page.getByRole('button', { name: 'Save the lists' }).click();
    await page.getByText('2 names in your list').waitFor();
    await page.getByText('Your list is empty: it has none.').waitFor();
    expect(engine.requests()).toEqual([
      {
        method: 'PUT',
        path: '/manager/v1/endpoints/runpod-4090/has',
        body: { nodeTypes: [], models: ['sdxl/a.safetensors', 'flux.safetensors'] },
      },
    ]);
    await page.getByRole('button', { name: 'Edit the lists' }).click();
    await page.getByRole('switch', { name: 'I list all models' }).click();
    await page.getByRole('button', { name: 'Save the lists' }).click();
    await expect.poll(() => engine.requests().at(-1)?.body).toEqual({ nodeTypes: [], models: null });
  });

  test('what runs taught is forgotten by a press, after the image was changed', async () => {
    const { page, engine } = await openKnown(known());
    engine.onChange(() => ({ body: { ...nothing, lists: known().lists } }));
    await page.getByRole('button', { name: 'Forget what runs taught' }).click();
    await page.getByText('Forgotten.').waitFor();
    expect(await page.getByText('FaceDetailer').count()).toBe(0);
    expect(engine.requests()).toMatchObject([{ method: 'POST', path: '/manager/v1/endpoints/runpod-4090/forget' }]);
  });

  test('what cannot be read says so', async () => {
    const { page, engine } = await open([endpoint()]);
    engine.refuseReads('/manager/v1/endpoints/runpod-4090/has', { code: 'internal', message: 'It is malformed.' });
    await page.getByText('What it has').click();
    await page.getByText('What it has could not be read. It is malformed.').waitFor();
  });
});

test('one that rests after trouble says when it is tried again', async () => {
  const now = Date.now();
  const status = targetStatus('runpod-4090', {
    kind: 'runpod',
    refusal: 'runpod-4090 has trouble: RunPod does not answer. Stoker tries it again by itself.',
    retryAt: now + 45_000,
  });
  const { page } = await browser.open(sceneOf(now, asleep(now), { endpoints: [endpoint()], targets: [status] }), PATH);
  await page.getByText(/Rests after trouble, tried again in 0:4/).waitFor();
  await page.getByText('RunPod does not answer.').waitFor();
});
