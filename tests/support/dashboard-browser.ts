/** A real Chromium on the built dashboard: one browser for a test file, a fresh context for each page, what the page complained about. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { type DashboardEngine, type Scene, startDashboardEngine } from './dashboard-engine.ts';
import { type FakeShell, installFakeShell } from './fake-shell.ts';

const AXE_SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Look {
  readonly scheme: 'light' | 'dark';
  readonly width: number;
  readonly height?: number;
}

export const WIDE: Look = { scheme: 'light', width: 1280 };

export interface Surroundings {
  /** What the browser prefers, for example `de-DE`. */
  readonly locale?: string;
  /** A desktop shell around the page; without one it is a plain browser. */
  readonly shell?: FakeShell;
}

export interface DashboardPage {
  readonly page: Page;
  readonly engine: DashboardEngine;
  /** Errors and refusals of the content security policy, as the console told them. */
  readonly complaints: readonly string[];
}

export interface DashboardBrowser {
  /** Starts an engine with the scene and opens `path` of it. */
  open(scene: Scene, path?: string, look?: Look, around?: Surroundings): Promise<DashboardPage>;
  /** Closes pages and engines of one test. */
  closePages(): Promise<void>;
  close(): Promise<void>;
}

export function builtRenderer(): string {
  const build = process.env.STOKER_TEST_BUILD;
  if (build === undefined) throw new Error('STOKER_TEST_BUILD is unset: run through vitest, which builds once');
  return join(build, 'renderer');
}

export async function launchDashboardBrowser(): Promise<DashboardBrowser> {
  const browser = await launchBrowser();
  const contexts: BrowserContext[] = [];
  const engines: DashboardEngine[] = [];

  async function closePages(): Promise<void> {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    await Promise.all(engines.splice(0).map((engine) => engine.close()));
  }

  return {
    async open(scene, path = '/manager', look = WIDE, around = {}) {
      const engine = await startDashboardEngine(builtRenderer(), scene);
      engines.push(engine);
      const context = await browser.newContext({
        viewport: { width: look.width, height: look.height ?? 900 },
        colorScheme: look.scheme,
        locale: around.locale ?? 'en-GB',
        timezoneId: 'UTC',
        reducedMotion: 'reduce',
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      contexts.push(context);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      if (around.shell !== undefined) await installFakeShell(page, around.shell);
      await page.goto(engine.url + path);
      return { page, engine, complaints };
    },
    closePages,
    async close() {
      await closePages();
      await browser.close();
    },
  };
}

/** What axe finds wrong on the page as it stands, one line each. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  // The page's policy forbids foreign scripts; evaluating from outside is not one.
  await page.evaluate(AXE_SOURCE);
  const results = await page.evaluate<AxeResults>(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
  );
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}
