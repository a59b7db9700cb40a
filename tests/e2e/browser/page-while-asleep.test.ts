/**
 * ComfyUI's page opened while ComfyUI sleeps, over the whole built product and in a real browser: it is there without ComfyUI, and Run in
 * it works. On the simulator always; on a real ComfyUI when STOKER_TEST_COMFYUI names its folder.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../support/browser.ts';
import { realComfyui, simulatorEntry } from '../../support/comfyui-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { askJson } from '../../support/http-ask.ts';
import { until } from '../../support/until.ts';
import { type Workflow, workflow } from '../../support/workflows.ts';

const pictures = resolve(import.meta.dirname, '../../output/page-while-asleep');
const nodes = resolve(import.meta.dirname, '../../fixtures/comfyui-nodes/lab_nodes');
const real = realComfyui();
if (real === undefined)
  console.warn('SKIPPED: the page of a real ComfyUI while it sleeps (set STOKER_TEST_COMFYUI=<folder> to run it).');

let base: string;
let browser: Browser;
let engine: EngineProcess;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await launchBrowser();
});
afterAll(() => browser?.close());
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'stoker-page-'));
  for (const folder of ['input', 'output', 'user', 'models/checkpoints', 'custom_nodes', 'data'])
    mkdirSync(join(base, folder), { recursive: true });
  cpSync(nodes, join(base, 'custom_nodes/lab_nodes'), { recursive: true });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await stopEngines();
  rmSync(base, { recursive: true, force: true });
});

async function start(more: Record<string, string> = {}): Promise<void> {
  const own: Record<string, string> =
    real === undefined
      ? {
          STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} --sim-start-seconds 3 --base-directory "${base}"`,
        }
      : {
          STOKER_INSTALLATION_FOLDER: real.folder,
          STOKER_INSTALLATION_PYTHON: real.python,
          STOKER_INSTALLATION_ARGUMENTS: JSON.stringify([
            '--cpu',
            '--base-directory',
            base,
            '--database-url',
            'sqlite:///:memory:',
          ]),
        };
  engine = await startEngine({ dataFolder: join(base, 'data'), environment: { ...own, ...more } });
}
async function wakeAndSleep(): Promise<void> {
  await engine.post('/manager/start');
  await engine.until(({ state, page }) => state === 'running' && page.store === 'ready', 90_000);
  await engine.post('/manager/stop');
  await engine.until(({ state }) => state === 'stopped');
}

interface Opened {
  readonly page: Page;
  sockets(): number;
  loads(): number;
}
async function open(): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });
  const page = await context.newPage();
  let sockets = 0;
  let loads = 0;
  page.on('websocket', () => {
    sockets += 1;
  });
  page.on('load', () => {
    loads += 1;
  });
  await page.goto(engine.url);
  await page.locator('[data-testid="queue-button"]').waitFor({ timeout: 60_000 });
  return { page, sockets: () => sockets, loads: () => loads };
}
async function load(page: Page, graph: Workflow): Promise<void> {
  if (real === undefined) {
    // As text: vitest would turn the import into one of its own.
    await page.evaluate(
      `import('/scripts/app.js').then(({ app }) => { app.currentPrompt = () => (${JSON.stringify(graph)}); })`,
    );
    return;
  }
  await page.waitForFunction(
    () =>
      Object.keys(
        (window as unknown as { LiteGraph?: { registered_node_types: object } }).LiteGraph?.registered_node_types ?? {},
      ).includes('LabSlow'),
    undefined,
    { timeout: 60_000 },
  );
  await page.evaluate(async (loaded) => {
    const { app } = window as unknown as { app: { loadApiJson(graph: unknown, name: string): Promise<void> } };
    await app.loadApiJson(loaded, 'stoker-test');
  }, graph);
}
const saved = (): string[] => readdirSync(join(base, 'output')).filter((name) => name.endsWith('.png'));
const shoot = (page: Page, name: string): Promise<unknown> =>
  page.screenshot({ path: join(pictures, `${real === undefined ? 'simulator' : 'comfyui'}-${name}.png`) });

describe("ComfyUI's page while ComfyUI sleeps", () => {
  it('opens without it, and a workflow loaded there is run without a reload and on one socket', async () => {
    await start({ STOKER_PAGE_OPENING_WAKES: 'false' });
    await wakeAndSleep();
    const { page, sockets, loads } = await open();
    await load(page, workflow('simple'));
    await shoot(page, '1-asleep');
    expect((await engine.status()).state).toBe('stopped');
    expect(saved()).toEqual([]);
    await page.locator('[data-testid="queue-button"]').click();
    await until(() => saved().length === 1, 90_000);
    expect((await engine.status()).state).toBe('running');
    await shoot(page, '2-picture');
    expect([sockets(), loads()]).toEqual([1, 1]);
  });

  it('keeps a setting that was changed there', async () => {
    await start({ STOKER_PAGE_WRITES_WHILE_ASLEEP: 'keep', STOKER_PAGE_OPENING_WAKES: 'false' });
    await wakeAndSleep();
    const { page } = await open();
    await page.evaluate(() =>
      fetch('/api/settings/Comfy.Sidebar.Size', { method: 'POST', body: JSON.stringify('small') }),
    );
    expect((await engine.status()).state).toBe('stopped');
    expect((await engine.status()).page.writesKept).toBeGreaterThan(0);
    await page.reload();
    const shown = await page.evaluate(async () => (await fetch('/api/settings')).json());
    expect(shown).toMatchObject({ 'Comfy.Sidebar.Size': 'small' });
    await engine.post('/manager/start');
    const { port } = await engine.until(
      ({ state, page: kept }) => state === 'running' && kept.writesKept === 0,
      90_000,
    );
    expect(await askJson(`http://127.0.0.1:${port}/settings`)).toMatchObject({ 'Comfy.Sidebar.Size': 'small' });
  });

  it.skipIf(real === undefined)('says so when a custom node was added between two sleeps', async () => {
    await start();
    await wakeAndSleep();
    writeFileSync(
      join(base, 'custom_nodes/added.py'),
      `class Added:
    @classmethod
    def INPUT_TYPES(cls): return {"required": {}}
    RETURN_TYPES = ("INT",)
    FUNCTION = "run"
    def run(self): return (1,)
NODE_CLASS_MAPPINGS = {"AddedBetween": Added}
`,
    );
    const { page } = await open();
    const { page: kept } = await engine.until(({ page: { changed } }) => changed === 'nodes', 90_000);
    expect(kept.changedAt).not.toBeNull();
    await page.reload();
    await page.waitForFunction(
      () =>
        'AddedBetween' in
        ((window as unknown as { LiteGraph?: { registered_node_types: object } }).LiteGraph?.registered_node_types ??
          {}),
      undefined,
      { timeout: 60_000 },
    );
    expect((await engine.status()).page.changed).toBe('none');
  });
});
