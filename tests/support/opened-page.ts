/** ComfyUI's page in a real browser: what it asked for, what still waits, and the work in it. */
import type { Browser, Page, Request } from 'playwright-core';
import type { PageKind } from './page-kinds.ts';
import { until, untilFound } from './until.ts';
import type { Workflow } from './workflows.ts';

export interface OpenedPage {
  readonly page: Page;
  readonly cards: ReturnType<Page['locator']>;
  sockets(): number;
  loads(): number;
  /** Paths that were asked for and not answered yet, without streams. */
  waiting(): string[];
  /** What was answered with an error of a server, and paths that were answered by nobody. */
  failed(): string[];
  /** The page has its nodes, and nothing is on its way any more. */
  settled(): Promise<void>;
}

export async function openPage(browser: Browser, kind: PageKind, url: string): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'dark',
    locale: 'en-GB',
  });
  const page = await context.newPage();
  const open = new Set<Request>();
  const failed: string[] = [];
  let [sockets, loads] = [0, 0];
  page.on('websocket', () => {
    sockets += 1;
  });
  page.on('load', () => {
    loads += 1;
  });
  const own = (request: Request): boolean => request.url().startsWith(url);
  const path = (request: Request): string => request.url().slice(url.length);
  page.on('request', (request) => {
    if (own(request) && !path(request).startsWith('/manager/')) open.add(request);
  });
  // Chromium lets go of an answer without a body that nobody reads, and calls that a failure: what was answered counts.
  page.on('response', (answer) => {
    const request = answer.request();
    open.delete(request);
    if (own(request) && answer.status() >= 500) failed.push(`${path(request)}: ${answer.status()}`);
  });
  page.on('requestfailed', (request) => {
    if (open.delete(request)) failed.push(`${path(request)}: ${request.failure()?.errorText}`);
  });
  // Asked to leave with work that is not saved, this person says yes.
  page.on('dialog', (dialog) => void dialog.accept());
  await page.goto(url);
  await page.locator('[data-testid="queue-button"]').waitFor({ timeout: 60_000 });
  return {
    page,
    cards: page.locator('#stoker-overlay .card'),
    sockets: () => sockets,
    loads: () => loads,
    waiting: () => [...open].map(path),
    failed: () => failed,
    async settled() {
      if (kind.hasGraph) await untilNode(page, 'LabSlow');
      else await page.waitForFunction(() => Number(document.getElementById('nodes')?.textContent) > 0);
      await page.locator('#stoker-overlay .badge').waitFor({ timeout: 60_000 });
      await until(() => open.size === 0, 60_000);
    },
  };
}

/** The page offers that node. */
export async function untilNode(page: Page, name: string): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      wanted in
      ((window as unknown as { LiteGraph?: { registered_node_types: object } }).LiteGraph?.registered_node_types ?? {}),
    name,
    { timeout: 60_000 },
  );
}

async function closeDialogs(page: Page): Promise<void> {
  const dialogs = page.locator('[role="dialog"]');
  await untilFound(async () => {
    if ((await dialogs.count()) === 0) return true;
    await page.keyboard.press('Escape');
    return null;
  }, 'a page without dialogs');
}

/** Puts a workflow into the page. */
export async function loadWorkflow(kind: PageKind, page: Page, graph: Workflow): Promise<void> {
  if (!kind.hasGraph) {
    // As text: vitest would turn the import into one of its own.
    await page.evaluate(
      `import('/scripts/app.js').then(({ app }) => { app.currentPrompt = () => (${JSON.stringify(graph)}); })`,
    );
    return;
  }
  await untilNode(page, 'LabSlow');
  // What the page opens with may have nodes that are not there, which it says over everything.
  await closeDialogs(page);
  await page.evaluate(async (loaded) => {
    const { app } = window as unknown as { app: { loadApiJson(graph: unknown, name: string): Promise<void> } };
    await app.loadApiJson(loaded, 'stoker-test');
  }, graph);
}
