/**
 * The simulator's page in a real Chromium: it must look good, be accessible, and above all behave towards a gateway as
 * ComfyUI's own page does. And the pictures written without a codec must be what a browser takes them for.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ComfyuiProcess, startSimulator, stopAllComfyui } from '../../support/comfyui-process.ts';
import { accessibilityViolations } from '../../support/dashboard-browser.ts';
import { askJson } from '../../support/http-ask.ts';

const shots = resolve(import.meta.dirname, '../../output/simulator-page');
let browser: Browser;
let comfyui: ComfyuiProcess;

beforeAll(async () => {
  mkdirSync(shots, { recursive: true });
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await stopAllComfyui();
});
afterAll(() => browser.close());

interface Opened {
  page: Page;
  /** Requests so far, as `GET /path?query`. */
  requests: string[];
  sockets: string[];
  sentFrames: string[];
}

async function open(scheme: 'light' | 'dark' = 'light'): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 760 }, colorScheme: scheme });
  const opened: Opened = { page, requests: [], sockets: [], sentFrames: [] };
  const pathOf = (url: string) => url.replace(comfyui.url, '').replace(comfyui.url.replace('http', 'ws'), '');
  page.on('request', (request) => opened.requests.push(`${request.method()} ${pathOf(request.url())}`));
  page.on('websocket', (socket) => {
    opened.sockets.push(pathOf(socket.url()));
    socket.on('framesent', ({ payload }) => opened.sentFrames.push(String(payload)));
  });
  await page.goto(comfyui.url);
  await page.getByText('Connected', { exact: true }).waitFor();
  await page.waitForLoadState('networkidle');
  return opened;
}

const runButton = (page: Page) => page.getByTestId('queue-button');

describe('the page', () => {
  it('makes the first requests of a ComfyUI page, in its order', async () => {
    comfyui = await startSimulator();
    const { requests, sockets, sentFrames } = await open();
    const api = requests.filter((request) => request.includes('/api/') && !request.includes('user.css'));
    expect(api).toEqual([
      'GET /api/system_stats',
      'GET /api/users',
      'GET /api/i18n',
      'GET /api/settings',
      'POST /api/settings/Comfy.InstalledVersion',
      'GET /api/userdata?dir=workflows&recurse=true&split=false&full_info=true',
      'GET /api/userdata?dir=subgraphs%2F&recurse=true&split=false&full_info=true',
      'GET /api/extensions',
      'GET /api/object_info',
      'GET /api/queue',
      'GET /api/history?max_items=64',
      'GET /api/userdata/comfy.templates.json',
      'POST /api/settings/Comfy.TutorialCompleted',
      'GET /api/workflow_templates',
      'GET /api/experiment/models',
    ]);
    expect(requests).toContain('GET /extensions/core/about.js');
    expect(sockets).toEqual(['/ws']);
    expect(JSON.parse(sentFrames[0] ?? '')).toEqual({
      type: 'feature_flags',
      data: { supports_preview_metadata: true, supports_manager_v4_ui: true },
    });
  });

  it.each(['light', 'dark'] as const)('runs a job with previews and shows its picture (%s)', async (scheme) => {
    comfyui = await startSimulator();
    const { page } = await open(scheme);
    expect(await page.getByLabel('Seconds').isVisible()).toBe(false);
    await page.screenshot({ path: join(shots, `${scheme}-open.png`) });
    await page.getByLabel('Workflow').selectOption('slow');
    await page.getByLabel('Seconds').fill('2');
    await runButton(page).click();
    await page.getByAltText('Preview').waitFor();
    await page.screenshot({ path: join(shots, `${scheme}-running.png`) });
    await page.getByText('Done.').waitFor();
    await page.getByAltText(/^simulated_slow_\d+_\.png$/).waitFor();
    await page.screenshot({ path: join(shots, `${scheme}-done.png`) });
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  it('says what failed', async () => {
    comfyui = await startSimulator();
    const { page } = await open();
    await page.getByLabel('Workflow').selectOption('failing');
    await runButton(page).click();
    await page.getByText('Failed: told to fail').waitFor();
    await page.screenshot({ path: join(shots, 'light-failed.png') });
  });

  it('cancels the job it started', async () => {
    comfyui = await startSimulator();
    const { page } = await open();
    await page.getByLabel('Workflow').selectOption('slow');
    await page.getByLabel('Seconds').fill('600');
    await runButton(page).click();
    await page.getByText('Running…').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await comfyui.line(/^Interrupting prompt /);
  });

  it('shows Reconnecting while ComfyUI is away, and comes back under the same client id', async () => {
    comfyui = await startSimulator();
    const { port, baseDirectory } = comfyui;
    const { page, sockets, requests } = await open();
    const before = requests.length;
    comfyui.signal('SIGKILL');
    await page.getByRole('alert').getByText('Reconnecting…').waitFor();
    await page.screenshot({ path: join(shots, 'light-reconnecting.png') });
    expect(requests.slice(before, before + 2)).toEqual(['GET /api/queue', 'GET /api/history?max_items=64']);
    await comfyui.ended;
    comfyui = await startSimulator({ port, baseDirectory });
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(await page.getByRole('alert').isVisible()).toBe(false);
    expect(sockets.at(-1)).toMatch(/^\/ws\?clientId=[0-9a-f]{32}$/);
  });

  it('loads a module that a gateway adds to the list of extensions', async () => {
    comfyui = await startSimulator();
    const page = await browser.newPage();
    const module = `import { app } from '../../scripts/app.js';
      import { api } from '../../scripts/api.js';
      app.registerExtension({ name: 'Gateway', actionBarButtons: [{ label: 'Offload', tooltip: api.clientId ?? '' }],
        async setup() {
          app.extensionManager.toast.add({ severity: 'info', summary: 'Hello', detail: 'from the gateway', life: 60000 });
          app.extensionManager.registerSidebarTab({ id: 'jobs', title: 'Jobs', type: 'custom',
            async render(element) { element.textContent = Object.keys((await app.graphToPrompt()).output).join(' '); } });
        } });`;
    await page.route('**/api/extensions', (route) => route.fulfill({ json: ['/extensions/gateway/page.js'] }));
    await page.route('**/extensions/gateway/page.js', (route) =>
      route.fulfill({ contentType: 'application/javascript', body: module }),
    );
    await page.goto(comfyui.url);
    await page.getByRole('button', { name: 'Offload' }).waitFor();
    await page.getByText('from the gateway').waitFor();
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    await page.getByText('1 2 3 4', { exact: true }).waitFor();
  });
});

describe('a picture in another form', () => {
  /** The picture as Chromium decodes it: RGBA of every pixel. */
  async function decoded(page: Page, path: string): Promise<number[]> {
    return page.evaluate(async (source) => {
      const image = await createImageBitmap(await (await fetch(source)).blob());
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext('2d');
      context?.drawImage(image, 0, 0);
      return [...(context?.getImageData(0, 0, image.width, image.height).data ?? [])];
    }, path);
  }

  /** Noise, runs, and a gradient; opaque, because a canvas does not keep colours under transparency. */
  function testPicture(): PNG {
    const picture = new PNG({ width: 41, height: 29 });
    for (let pixel = 0; pixel < 41 * 29; pixel += 1) {
      const [x, y] = [pixel % 41, Math.floor(pixel / 41)];
      const noise = (pixel * 7919) % 251;
      picture.data.set(y < 10 ? [noise, 255 - noise, x] : y < 20 ? [9, 8, 7] : [x * 6, y * 8, 128], pixel * 4);
      picture.data[pixel * 4 + 3] = 255;
    }
    return picture;
  }

  it('is the same, pixel for pixel, as WebP, and close to it as JPEG', async () => {
    comfyui = await startSimulator();
    const picture = testPicture();
    writeFileSync(join(comfyui.baseDirectory, 'output/p.png'), PNG.sync.write(picture));
    const page = await browser.newPage();
    await page.goto(comfyui.url);
    expect(await decoded(page, '/view?filename=p.png&preview=webp')).toEqual([...picture.data]);
    const jpeg = await decoded(page, '/view?filename=p.png&preview=jpeg;100');
    const farthest = jpeg.reduce((most, value, at) => Math.max(most, Math.abs(value - (picture.data[at] ?? 0))), 0);
    expect(farthest).toBeLessThan(6);
  });
});

describe('settings the page wrote', () => {
  it('are there for the next visit, which writes them no more', async () => {
    comfyui = await startSimulator();
    await open();
    const { requests } = await open();
    expect(requests.filter((request) => request.startsWith('POST'))).toEqual([]);
    expect(await askJson(`${comfyui.url}/settings`)).toEqual({
      'Comfy.InstalledVersion': '1.27.10',
      'Comfy.TutorialCompleted': true,
    });
  });
});
