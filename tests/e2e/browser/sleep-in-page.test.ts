/**
 * How ComfyUI sleeps, wakes and fails, told in ComfyUI's own page: the badge, the card while *Run* waits, *Sleep now* and *Keep awake*, and the
 * word that nodes changed. Over the whole built product, on the simulator's page and on real ones (tests/support/page-subjects.ts).
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../support/browser.ts';
import { accessibilityViolations } from '../../support/dashboard-browser.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { type PageSubject, pageSubjects, simulatedPage, simulatorCommand } from '../../support/page-subjects.ts';
import { workflow } from '../../support/workflows.ts';

const pictures = resolve(import.meta.dirname, '../../output/sleep-in-page');
const subjects = pageSubjects('sleep and waking in the page of a real ComfyUI');
/** Long enough to be seen waking. */
const slowStart = { STOKER_INSTALLATION_COMMAND_LINE: simulatorCommand('--sim-start-seconds 4') };

let browser: Browser;
let engine: EngineProcess;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await launchBrowser();
});
afterAll(() => browser?.close());
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await stopEngines();
});

interface Opened {
  readonly page: Page;
  readonly badge: Locator;
  readonly cards: Locator;
  readonly sockets: string[];
  readonly loads: () => number;
  /** Errors of the page that name our script. */
  readonly problems: string[];
  command(id: 'Stoker.SleepNow' | 'Stoker.KeepAwake'): Promise<void>;
  run(): Promise<void>;
  shoot(name: string): Promise<void>;
}

async function open(subject: PageSubject, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'dark',
    locale: 'en-GB',
    ...options,
  });
  return openIn(await context.newPage(), subject);
}

async function openIn(page: Page, subject: PageSubject): Promise<Opened> {
  const problems: string[] = [];
  const sockets: string[] = [];
  let loads = 0;
  page.on('pageerror', ({ stack = '' }) => {
    if (stack.includes('stoker.js')) problems.push(stack);
  });
  page.on('websocket', (socket) => sockets.push(socket.url()));
  page.on('load', () => {
    loads += 1;
  });
  // Its last request while it opens: one that came later would wake a ComfyUI that was just put to sleep.
  let settled = false;
  page.on('requestfinished', (request) => {
    if (request.url().endsWith('/experiment/models')) settled = true;
  });
  await page.goto(engine.url);
  await page.locator('[data-testid="queue-button"]').waitFor({ timeout: 90_000 });
  const badge = page.locator('#stoker-overlay .badge');
  await badge.waitFor({ timeout: 60_000 });
  await expect.poll(() => settled).toBe(true);
  // A first visit is greeted with a choice of templates.
  if (subject !== simulatedPage) {
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('[role="dialog"]').count()).toBe(0);
  }
  return {
    page,
    badge,
    cards: page.locator('#stoker-overlay .card'),
    sockets,
    loads: () => loads,
    problems,
    async command(id) {
      if (subject !== simulatedPage) {
        await page.keyboard.press(id === 'Stoker.SleepNow' ? 'Alt+Shift+S' : 'Alt+Shift+K');
        return;
      }
      // The simulator's page has commands, and neither menu nor keys. As text: vitest would turn the import into one of its own.
      await page.evaluate(`import('/scripts/app.js').then(({ app }) => app.commands.get('${id}').function())`);
    },
    run: () => page.locator('button[data-testid="queue-button"], [data-testid="queue-button"] button').first().click(),
    async shoot(name) {
      await page.screenshot({ path: join(pictures, `${subject.name.replaceAll(' ', '-')}-${name}.png`) });
    },
  };
}

const asleep = (status: { state: string }): boolean => status.state === 'stopped';

async function lend(owner: string): Promise<string> {
  const answer = await engine.post('/manager/leases', { owner, seconds: 600 });
  return ((await answer.json()) as { id: string }).id;
}

/** Of our elements alone: ComfyUI's own page has findings of its own. */
async function ourFindings(page: Page): Promise<readonly string[]> {
  return (await accessibilityViolations(page)).filter((finding) => /#stoker-(overlay|run)/.test(finding));
}

describe.each(subjects)('the page of the $name', (subject) => {
  it.skipIf(subject.absent)(
    'sleeps by command, wakes on Run and shows the picture: one socket, no reload',
    async () => {
      engine = await startEngine({
        environment: { ...subject.environment, ...(subject === simulatedPage ? slowStart : {}) },
      });
      const { page, badge, cards, sockets, loads, problems, command, run, shoot } = await open(subject);
      await expect.poll(() => badge.locator('.text').textContent()).toBe('Ready');
      await subject.load(page, workflow('simple'));
      await shoot('1-ready');
      const [socketsBefore, loadsBefore] = [sockets.length, loads()];

      await command('Stoker.SleepNow');
      await cards.getByText('ComfyUI goes to sleep.').waitFor();
      await engine.until(asleep);
      await badge.getByText('Asleep', { exact: true }).waitFor();
      await shoot('2-asleep');
      expect(await ourFindings(page)).toEqual([]);

      await run();
      const waiting = page.locator('#stoker-run-wait');
      await waiting.getByRole('heading', { name: 'Run waits for ComfyUI' }).waitFor();
      await waiting.getByText(/^Waking: .+, \d+ s left|longer than usual \(\d+ s\)$/).waitFor();
      await badge.getByText(/^Waking: /).waitFor();
      await shoot('3-run-waits');
      await expect.poll(() => waiting.count(), { timeout: 90_000 }).toBe(0);
      await badge.getByText('Ready', { exact: true }).waitFor();
      const history = async () => Object.keys((await (await fetch(`${engine.url}/history`)).json()) as object).length;
      await expect.poll(history).toBe(1);
      if (subject === simulatedPage) await page.getByText('Done.', { exact: true }).waitFor();
      await shoot('4-done');

      expect([sockets.length, loads()]).toEqual([socketsBefore, loadsBefore]);
      expect(problems).toEqual([]);
    },
  );

  it.skipIf(subject.absent)('keeps awake for an hour, and takes that back', async () => {
    engine = await startEngine({ environment: subject.environment });
    const { badge, cards, command, shoot } = await open(subject, { colorScheme: 'light' });
    await command('Stoker.KeepAwake');
    await cards.getByText(/^ComfyUI stays awake until \d\d:\d\d\.$/).waitFor();
    await badge.getByText(/^Ready, kept awake until \d\d:\d\d$/).waitFor();
    expect((await engine.status()).idle.blockedBy).toContain('keepAwake');
    await shoot('5-kept-awake');
    await cards.getByRole('button', { name: 'Let it sleep again' }).click();
    await badge.getByText('Ready', { exact: true }).waitFor();
    expect((await engine.status()).idle.keepAwakeUntil).toBeNull();
  });
});

describe('Sleep now while work runs', () => {
  it('asks once, by the keyboard, and sleeps when the work is done', async () => {
    engine = await startEngine({ environment: simulatedPage.environment });
    const { page, cards, command, run, shoot } = await open(simulatedPage);
    await simulatedPage.load(page, workflow('slow_progress_10s', { '2.seconds': 3 }));
    await run();
    await engine.until(({ queue }) => queue.running === 1);
    await command('Stoker.SleepNow');
    await cards.getByText('ComfyUI has 1 running and 0 waiting.').waitFor();
    await shoot('6-asks');
    expect(await ourFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => cards.count()).toBe(0);
    expect((await engine.status()).queue.running).toBe(1);

    await command('Stoker.SleepNow');
    await cards.getByRole('button', { name: 'Sleep when done' }).waitFor();
    await page.keyboard.press('Enter');
    await cards.getByText('ComfyUI goes to sleep when the queue is done.').waitFor();
    await engine.until(asleep);
    await page.getByText('Done.', { exact: true }).waitFor();
  });

  it('loses the work only when told so', async () => {
    engine = await startEngine({ environment: simulatedPage.environment });
    const { page, cards, command, run } = await open(simulatedPage);
    await simulatedPage.load(page, workflow('slow_progress_10s', { '2.seconds': 600 }));
    await run();
    await engine.until(({ queue }) => queue.running === 1);
    await command('Stoker.SleepNow');
    await cards.getByRole('button', { name: 'Sleep now, break it off' }).click();
    await engine.until(asleep);
    await cards.getByText('ComfyUI goes to sleep.').waitFor();
  });
});

describe('the badge', () => {
  it.each(['light', 'dark'] as const)(
    'tells in words who has the card, that it sleeps, and that Stoker is gone (%s)',
    async (scheme) => {
      engine = await startEngine({ environment: simulatedPage.environment });
      const { page, badge, shoot } = await open(simulatedPage, { colorScheme: scheme });
      const lease = await lend('blender');
      await badge.getByText('Card lent to blender', { exact: true }).waitFor();
      await shoot(`7-lent-${scheme}`);
      await fetch(`${engine.url}/manager/leases/${lease}`, { method: 'DELETE' });
      await badge.getByText(/^(Asleep|Waking: .*|Ready)$/).waitFor();

      await engine.post('/manager/stop', { force: true });
      await engine.until(asleep);
      await badge.getByText('Asleep', { exact: true }).waitFor();
      await page.setViewportSize({ width: 400, height: 700 });
      await shoot(`8-asleep-narrow-${scheme}`);
      expect(await ourFindings(page)).toEqual([]);

      await engine.kill();
      await badge.getByText('Stoker is silent', { exact: true }).waitFor();
      await shoot(`9-silent-${scheme}`);
    },
  );

  it('tells a start that failed, and Run says why and what to do', async () => {
    engine = await startEngine();
    const set = async (commandLine: string): Promise<void> => {
      const answer = await fetch(`${engine.url}/manager/settings`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ installation: { commandLine } }),
      });
      expect(answer.status).toBe(200);
    };
    await set(simulatorCommand());
    const { page, badge, cards, run, shoot } = await open(simulatedPage);
    await badge.getByText('Ready', { exact: true }).waitFor();
    await engine.post('/manager/stop');
    await engine.until(asleep);
    await set('/no/such/program {host} {port}');
    await run();
    await badge.getByText('Failed to start', { exact: true }).waitFor();
    expect(await badge.getAttribute('title')).toContain('/no/such/program');
    await cards.getByRole('heading', { name: 'Run was not accepted' }).waitFor();
    await cards.getByText('Check the start command and the Python path in Settings.').waitFor();
    await shoot('10-failed');
    expect(await ourFindings(page)).toEqual([]);
  });

  it('speaks German in a German browser', async () => {
    engine = await startEngine({ environment: slowStart });
    const { page, badge, command, cards, run, shoot } = await open(simulatedPage, { locale: 'de-DE' });
    await badge.getByText('Bereit', { exact: true }).waitFor();
    await command('Stoker.SleepNow');
    await cards.getByText('ComfyUI geht schlafen.').waitFor();
    await engine.until(asleep);
    await badge.getByText('Schläft', { exact: true }).waitFor();
    await run();
    await page.locator('#stoker-run-wait').getByRole('heading', { name: 'Run wartet auf ComfyUI' }).waitFor();
    await badge.getByText(/^Wacht auf: .+ s\)?$/).waitFor();
    await shoot('11-german');
  });
});

describe('nodes that changed while the page was open', () => {
  it.each([
    ['nodes', 'Nodes changed: reload when you like'],
    ['frontend', 'ComfyUI’s page was updated: reload when you like'],
  ] as const)('are told once, and only the button reloads (%s)', async (changed, headline) => {
    engine = await startEngine({ environment: simulatedPage.environment });
    const opened = await open(simulatedPage);
    const { page, cards, loads, shoot } = opened;
    const before = loads();
    // What ComfyUI has now is told by the engine; here another word of it is put into the page's mouth.
    await page.evaluate(
      (page) => {
        const channel = new BroadcastChannel('stoker.status');
        const tell = async () => {
          const status = (await (await fetch('/manager/status')).json()) as object;
          channel.postMessage({ kind: 'tell', told: { status: { ...status, page }, at: Date.now() } });
        };
        return tell();
      },
      { store: 'ready', changed, changedAt: new Date().toISOString(), writesKept: 0 },
    );
    await cards.getByRole('heading', { name: headline }).waitFor();
    await shoot(`12-changed-${changed}`);
    expect(await ourFindings(page)).toEqual([]);
    expect(loads()).toBe(before);
    await cards.getByRole('button', { name: 'Reload' }).click();
    await expect.poll(loads).toBe(before + 1);
    await opened.badge.waitFor();
    expect(await cards.count()).toBe(0);
  });
});

describe('many tabs, with an access token', () => {
  it('share one event stream, and another tab takes it over', async () => {
    const token = 'a-token-of-sufficient-length-0123456789';
    engine = await startEngine({ environment: { ...simulatedPage.environment, STOKER_NETWORK_TOKEN: token } });
    const authorization = { authorization: `Bearer ${token}` };
    await fetch(`${engine.url}/manager/start`, { method: 'POST', headers: authorization });
    const context = await browser.newContext({ locale: 'en-GB' });
    let streams = 0;
    context.on('request', (request) => {
      if (request.url().includes('/manager/events')) streams += 1;
    });
    const login = await context.newPage();
    await login.goto(`${engine.url}/manager/login?token=${token}`);
    await login.close();
    streams = 0;
    const tabs: Opened[] = [];
    // A browser has six connections to one address: with a stream for each, the seventh page would never load.
    for (let count = 0; count < 8; count += 1) tabs.push(await openIn(await context.newPage(), simulatedPage));
    for (const { badge } of tabs) await badge.getByText('Ready', { exact: true }).waitFor();
    expect(streams).toBe(1);

    await tabs[0]?.page.close();
    await tabs[7]?.command('Stoker.SleepNow');
    for (const { badge } of tabs.slice(1)) await badge.getByText('Asleep', { exact: true }).waitFor();
    expect(streams).toBe(2);
  });
});
