/** The waking page in a real browser: every state it can show, and the way to ComfyUI's own page. */
import { mkdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Failure } from '../../../contract/supervisor-state.ts';
import type { WakingSnapshot } from '../../../engine/gateway/waking-page.ts';
import { launchBrowser } from '../../support/browser.ts';
import { accessibilityViolations } from '../../support/dashboard-browser.ts';
import { closeGatewayHosts, type GatewayHost, startGatewayHost } from '../../support/gateway-host.ts';
import { until } from '../../support/until.ts';

const OUTPUT = resolve(import.meta.dirname, '../../output/waking-page');

let browser: Browser;

beforeAll(async () => {
  mkdirSync(OUTPUT, { recursive: true });
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await closeGatewayHosts();
});

const failure = (more: Partial<Failure> = {}): Failure => ({
  code: 'exited_early',
  message: 'ComfyUI ended with exit code 1 while it loaded the custom node ComfyUI-Impact-Pack.',
  exitCode: 1,
  signal: null,
  suspect: 'ComfyUI-Impact-Pack',
  offerWithoutCustomNodes: true,
  logTail: [
    'Traceback (most recent call last):',
    '  File "/opt/ComfyUI/nodes.py", line 2129, in load_custom_node',
    "ModuleNotFoundError: No module named '</script><b>segment_anything</b>'",
  ],
  ...more,
});

const starting = (boot: Partial<NonNullable<WakingSnapshot['boot']>> = {}): WakingSnapshot => ({
  state: 'starting',
  boot: { phase: 'python', detail: null, elapsedSeconds: 1.2, expectedSeconds: 13, attempt: 1, ...boot },
  retryAt: null,
  error: null,
});

const SCENES: Record<string, WakingSnapshot> = {
  python: starting(),
  'custom-nodes': starting({ phase: 'customNodes', detail: 'ComfyUI-Impact-Pack', elapsedSeconds: 8.4 }),
  'first-start': starting({ phase: 'torch', elapsedSeconds: 4, expectedSeconds: null }),
  'longer-than-usual': starting({ phase: 'server', elapsedSeconds: 21, attempt: 2 }),
  failed: { state: 'failed', boot: null, retryAt: null, error: failure() },
  'not-configured': {
    state: 'failed',
    boot: null,
    retryAt: null,
    error: failure({
      code: 'not_configured',
      message: 'No ComfyUI is set up yet.',
      exitCode: null,
      suspect: null,
      offerWithoutCustomNodes: false,
      logTail: [],
    }),
  },
  'backing-off': {
    state: 'backingOff',
    boot: null,
    retryAt: new Date(Date.now() + 3_600_000).toISOString(),
    error: failure({ code: 'crashed', message: 'ComfyUI was killed by SIGKILL.', offerWithoutCustomNodes: false }),
  },
  asleep: { state: 'stopped', boot: null, retryAt: null, error: null },
  'going-to-sleep': { state: 'stopping', boot: null, retryAt: null, error: null },
};

interface Visit {
  readonly host: GatewayHost;
  readonly page: Page;
  readonly complaints: string[];
  /** Bodies of POST /manager/start. */
  readonly starts: unknown[];
  tell(snapshot: WakingSnapshot): void;
}

interface VisitOptions {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  readonly path?: string;
  readonly scene?: WakingSnapshot;
}

/** Opens a page of a ComfyUI that sleeps; the manager's events are the test's words. */
async function visit({ width = 1280, scheme = 'light', path = '/', scene }: VisitOptions = {}): Promise<Visit> {
  const streams: ServerResponse[] = [];
  const starts: unknown[] = [];
  let last = scene ?? null;
  const say = (stream: ServerResponse, snapshot: WakingSnapshot): void => {
    stream.write(`event: status\ndata: ${JSON.stringify(snapshot)}\n\n`);
  };
  const manager = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url?.startsWith('/manager/events')) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.flushHeaders();
      streams.push(response);
      if (last !== null) say(response, last);
    } else if (request.url === '/manager/start') {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        starts.push(JSON.parse(body));
        response.end('{}');
      });
    } else {
      response.end('dashboard');
    }
  };
  const host = await startGatewayHost({ asleep: true, manager });
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // The page itself is a 503, which the console notes.
    if (message.type() === 'error' && !message.text().includes('503')) complaints.push(message.text());
  });
  await page.goto(host.url + path);
  await until(() => streams.length > 0);
  return {
    host,
    page,
    complaints,
    starts,
    tell(snapshot) {
      last = snapshot;
      for (const stream of streams) say(stream, snapshot);
    },
  };
}

const headline = (page: Page) => page.locator('#headline');

describe.each(Object.entries(SCENES))('the scene %s', (name, scene) => {
  it.each([
    [320, 'light'],
    [320, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const)('fits %i px in %s, complains about nothing, and is accessible', async (width, scheme) => {
    const { page, complaints } = await visit({ width, scheme, scene });
    const failed = scene.state === 'failed' || scene.state === 'backingOff';
    await page.locator(failed ? '#failure:not([hidden])' : `#${scene.boot === null ? 'headline' : 'boot'}`).waitFor();
    await page.screenshot({ path: `${OUTPUT}/${name}-${scheme}-${width}.png`, fullPage: true });
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe('a start', () => {
  it('shows each phase as it comes, custom nodes by name', async () => {
    const { page, tell } = await visit({ scene: SCENES.python as WakingSnapshot });
    await page.locator('[data-phase="python"][aria-current="step"]').waitFor();
    tell(SCENES['custom-nodes'] as WakingSnapshot);
    await page.locator('[data-phase="customNodes"][aria-current="step"]').getByText('ComfyUI-Impact-Pack').waitFor();
    expect(await page.locator('[data-state="done"]').count()).toBe(3);
    expect(await page.locator('#expected').textContent()).toBe('usually 13 s');
    // A screen reader is told the phase, not the seconds.
    expect(await page.getByRole('status').textContent()).toContain('Loading custom nodes: ComfyUI-Impact-Pack');
    expect(await page.getByRole('status').textContent()).not.toMatch(/\d+ s/);
  });

  it('ends in ComfyUI’s own page, at the address that was wanted', async () => {
    const { host, page, tell } = await visit({
      path: '/?workflow=a%2Fb#hash=1',
      scene: SCENES.python as WakingSnapshot,
    });
    host.supervisor.wake();
    tell({ state: 'running', boot: null, retryAt: null, error: null });
    const upstream = await host.upstream.connection(0);
    expect(await upstream.until('\r\n\r\n')).toMatch(/^GET \/\?workflow=a%2Fb HTTP/);
    const html = '<!doctype html><title>ComfyUI</title><h1>here</h1>';
    upstream.write(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${html.length}\r\n\r\n${html}`);
    await page.getByRole('heading', { name: 'here' }).waitFor();
    expect(page.url()).toBe(`${host.url}/?workflow=a%2Fb#hash=1`);
  });
});

describe('a start that failed', () => {
  it('says why, shows the last lines as text, and what to do', async () => {
    const { page } = await visit({ scene: SCENES.failed as WakingSnapshot });
    await headline(page).getByText('ComfyUI did not start').waitFor();
    expect(await page.locator('#reason').textContent()).toContain('exit code 1');
    expect(await page.locator('#tail').textContent()).toContain('</script><b>segment_anything</b>');
    expect(await page.locator('#code').textContent()).toBe('exited_early');
    expect(await page.title()).toBe('ComfyUI did not start');
  });

  it.each([
    ['Try again', {}],
    ['Start without custom nodes', { withoutCustomNodes: true }],
  ])('%s', async (name, body) => {
    const { page, starts } = await visit({ scene: SCENES.failed as WakingSnapshot });
    await page.getByRole('button', { name }).click();
    await until(() => starts.length === 1);
    expect(starts).toEqual([body]);
  });

  it('does not offer what would not help', async () => {
    const { page } = await visit({ scene: SCENES['not-configured'] as WakingSnapshot });
    await headline(page).getByText('ComfyUI did not start').waitFor();
    expect(await page.getByRole('button', { name: 'Start without custom nodes' }).isVisible()).toBe(false);
    expect(await page.locator('#log').isVisible()).toBe(false);
    expect(await page.getByRole('link', { name: 'Settings' }).getAttribute('href')).toBe('/manager/settings');
  });

  it('leads to the dashboard', async () => {
    const { host, page } = await visit({ scene: SCENES.failed as WakingSnapshot });
    await page.getByRole('link', { name: 'Dashboard' }).click();
    await page.getByText('dashboard').waitFor();
    expect(page.url()).toBe(`${host.url}/manager`);
  });
});

it('put to sleep by somebody else, it offers to wake it', async () => {
  const { page, starts, tell } = await visit({ scene: SCENES.python as WakingSnapshot });
  tell(SCENES.asleep as WakingSnapshot);
  await page.getByRole('button', { name: 'Wake ComfyUI' }).click();
  await until(() => starts.length === 1);
});

it('knows its state before the first event', async () => {
  const { page } = await visit();
  expect(await headline(page).textContent()).toBe('ComfyUI is asleep');
});

it('without scripts, it looks again by itself', async () => {
  const host = await startGatewayHost({ asleep: true });
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(host.url);
  expect(await page.locator('noscript').allTextContents()).toContainEqual(expect.stringContaining('five seconds'));
  expect(await page.content()).toContain('http-equiv="refresh"');
});
