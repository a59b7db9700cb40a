/**
 * A person's day in a real browser: opens ComfyUI while it sleeps, sees it wake, works, walks away, comes back and presses Run.
 * With the simulator always; with a real ComfyUI on the CPU when STOKER_TEST_COMFYUI names its folder.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../support/browser.ts';
import { realComfyui } from '../../support/comfyui-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { workflow } from '../../support/workflows.ts';

const pictures = resolve(import.meta.dirname, '../../output/tab');
const simulator = `"${process.execPath}" "${join(process.env.STOKER_TEST_BUILD ?? '', 'simulator/comfyui.js')}" --listen {host} --port {port} --sim-start-seconds 2`;
const real = realComfyui();
if (real === undefined)
  console.warn('SKIPPED: the browser test against a real ComfyUI (set STOKER_TEST_COMFYUI=<folder> to run it).');

interface Subject {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Makes sure that pressing Run has something new to do. */
  prepareRun(page: Page): Promise<void>;
  /** Resolves when the picture of the last run is on the page. */
  pictureShown(page: Page): Promise<void>;
}

const simulated: Subject = {
  name: 'simulator',
  environment: { STOKER_INSTALLATION_COMMAND_LINE: simulator },
  async prepareRun(page) {
    await page.locator('#colour').fill(
      `#${Math.floor(Math.random() * 0xffffff)
        .toString(16)
        .padStart(6, '0')}`,
    );
  },
  async pictureShown(page) {
    await page.locator('#picture').waitFor({ state: 'visible' });
  },
};

const genuine: Subject = {
  name: 'real',
  environment: {
    STOKER_INSTALLATION_FOLDER: real?.folder ?? '',
    STOKER_INSTALLATION_PYTHON: real?.python ?? '',
    STOKER_INSTALLATION_ARGUMENTS: '["--cpu"]',
  },
  async prepareRun(page) {
    await page.waitForFunction(() => 'app' in window && 'graph' in (window.app as object));
    const graph = workflow('simple', { '1.color': Math.floor(Math.random() * 0xffffff) });
    await page.evaluate(async (loaded) => {
      const { app } = window as unknown as { app: { loadApiJson(graph: unknown, name: string): Promise<void> } };
      await app.loadApiJson(loaded, 'stoker-test');
    }, graph);
  },
  async pictureShown(page) {
    await page.waitForFunction(() => {
      const { app } = window as unknown as { app: { nodeOutputs: Record<string, unknown> } };
      return Object.keys(app.nodeOutputs ?? {}).length > 0;
    });
  },
};

describe.each([simulated, genuine])('the tab of a $name ComfyUI', (subject) => {
  const absent = subject === genuine && real === undefined;
  let browser: Browser;
  let engine: EngineProcess;

  beforeAll(async () => {
    if (absent) return;
    mkdirSync(pictures, { recursive: true });
    browser = await launchBrowser();
  });
  afterEach(stopEngines);
  afterAll(() => browser?.close());

  it.skipIf(absent)(
    'wakes from a click, survives the sleep with one socket, and shows the picture after Run',
    async () => {
      engine = await startEngine({ environment: { ...subject.environment, STOKER_IDLE_STOP_AFTER_SECONDS: '4' } });
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      let sockets = 0;
      let documents = 0;
      page.on('websocket', (socket) => {
        if (new URL(socket.url()).pathname.endsWith('/ws')) sockets += 1;
      });
      page.on('domcontentloaded', () => {
        documents += 1;
      });

      await page.goto(engine.url);
      await page.getByRole('heading', { name: /Waking ComfyUI/ }).waitFor();
      await page.screenshot({ path: join(pictures, `${subject.name}-1-waking.png`) });
      await page.locator('[data-testid="queue-button"]').waitFor({ timeout: 90_000 });
      await expect.poll(() => documents).toBe(2);
      await page.screenshot({ path: join(pictures, `${subject.name}-2-open.png`) });

      const asleep = await engine.until((status) => status.state === 'stopped', 90_000);
      expect(asleep.reasonCode).toBe('idle');
      expect(asleep.gateway.sockets).toBe(1);
      expect(await page.getByText('Reconnecting').isVisible()).toBe(false);
      await page.screenshot({ path: join(pictures, `${subject.name}-3-asleep.png`) });

      await subject.prepareRun(page);
      await page.locator('[data-testid="queue-button"]').first().click();
      await subject.pictureShown(page);
      await page.screenshot({ path: join(pictures, `${subject.name}-4-picture.png`) });
      expect(sockets).toBe(1);
      await expect.poll(() => documents).toBe(2);
      expect((await engine.status()).reasonCode).toBe('request');
    },
  );
});
