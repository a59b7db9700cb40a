/**
 * ComfyUI's page opened while ComfyUI sleeps, over the whole built product and in a real browser: it is there without ComfyUI, and Run in
 * it works; what is saved there is kept; nodes that changed meanwhile are told, and the work in the page stays; and
 * it opens where what is kept is gone.
 */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../support/browser.ts';
import { type EngineProcess, stopEngines } from '../../support/engine-process.ts';
import { askJson } from '../../support/http-ask.ts';
import { loadWorkflow, type OpenedPage, openPage, untilNode } from '../../support/opened-page.ts';
import { type PageKind, pageKinds, startOn, writeNode } from '../../support/page-kinds.ts';
import { newBase, putToSleep, savedIn, wake } from '../../support/sleeping-comfyui.ts';
import { until } from '../../support/until.ts';
import { workflow } from '../../support/workflows.ts';

const pictures = resolve(import.meta.dirname, '../../output/page-while-asleep');

let base: string;
let browser: Browser;
let engine: EngineProcess;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await launchBrowser();
});
afterAll(() => browser?.close());
beforeEach(() => {
  base = newBase();
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await stopEngines();
  rmSync(base, { recursive: true, force: true });
});

const shoot = (kind: PageKind, page: Page, name: string): Promise<unknown> =>
  page.screenshot({ path: join(pictures, `${kind.name.replaceAll(' ', '-')}-${name}.png`) });

/** Something that only this page knows. */
async function edit(kind: PageKind, { page }: OpenedPage): Promise<() => Promise<unknown>> {
  await loadWorkflow(kind, page, workflow('simple'));
  if (!kind.hasGraph) {
    await page.locator('#colour').fill('#c04020');
    return () => page.locator('#colour').inputValue();
  }
  await page.evaluate(() => {
    const { app, LiteGraph } = window as unknown as {
      app: { graph: { add(node: unknown): void } };
      LiteGraph: { createNode(type: string): { title: string; pos: number[] } };
    };
    const node = LiteGraph.createNode('LabSlow');
    node.title = 'my own';
    node.pos = [200, 420];
    app.graph.add(node);
  });
  return () =>
    page.evaluate(() => {
      const { app } = window as unknown as { app: { graph: { serialize(): { nodes: { title: string }[] } } } };
      return app.graph.serialize().nodes.map(({ title, ...node }) => [title, JSON.stringify(node)]);
    });
}

describe.each(pageKinds("ComfyUI's page while it sleeps"))('the page of the $name, asleep', (kind) => {
  it.skipIf(kind.absent)('opens, and a workflow loaded there is run without a reload and on one socket', async () => {
    engine = await startOn(kind, base, { STOKER_PAGE_OPENING_WAKES: 'false' });
    await wake(engine);
    await putToSleep(engine);
    const { page, sockets, loads } = await openPage(browser, kind, engine.url);
    await loadWorkflow(kind, page, workflow('simple'));
    await shoot(kind, page, '1-asleep');
    expect((await engine.status()).state).toBe('stopped');
    expect(savedIn(base)).toEqual([]);
    await page.locator('[data-testid="queue-button"]').click();
    await until(() => savedIn(base).length === 1, 90_000);
    expect((await engine.status()).state).toBe('running');
    await shoot(kind, page, '2-picture');
    expect([sockets(), loads()]).toEqual([1, 1]);
  });

  it.skipIf(kind.absent)('keeps a setting that was changed there', async () => {
    engine = await startOn(kind, base, {
      STOKER_PAGE_WRITES_WHILE_ASLEEP: 'keep',
      STOKER_PAGE_OPENING_WAKES: 'false',
    });
    await wake(engine);
    await putToSleep(engine);
    const { page } = await openPage(browser, kind, engine.url);
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

  it.skipIf(kind.absent)(
    'tells once that a node was added, keeps the work, and has the node after a reload',
    async () => {
      engine = await startOn(kind, base);
      await wake(engine);
      await putToSleep(engine);
      writeNode(kind, base, 'AddedBetween', { seed: ['INT', {}] });
      // Opening it wakes ComfyUI in the background.
      const opened = await openPage(browser, kind, engine.url);
      const { page, cards, loads } = opened;
      const work = await edit(kind, opened);
      const before = await work();
      const notice = cards.filter({
        has: page.getByRole('heading', { name: 'Nodes changed: reload when you like' }),
      });
      await notice.waitFor({ timeout: 90_000 });
      await shoot(kind, page, '3-node-added');
      expect([await work(), loads(), await cards.count()]).toEqual([before, 1, 1]);

      await notice.getByRole('button', { name: 'Reload' }).click();
      await expect.poll(loads).toBe(2);
      await opened.settled();
      if (kind.hasGraph) await untilNode(page, 'AddedBetween');
      expect(Object.keys(await askJson(`${engine.url}/object_info`))).toContain('AddedBetween');
      expect([await cards.count(), (await engine.status()).page.changed]).toEqual([0, 'none']);
    },
  );

  it.skipIf(kind.absent)(
    'tells a page that stayed open over the sleep that inputs changed, and does not repeat it',
    async () => {
      writeNode(kind, base, 'Moving', { seed: ['INT', {}] });
      engine = await startOn(kind, base);
      await wake(engine);
      const opened = await openPage(browser, kind, engine.url);
      const { page, cards, loads, sockets } = opened;
      const work = await edit(kind, opened);
      const before = await work();
      await opened.settled();
      await putToSleep(engine);
      writeNode(kind, base, 'Moving', { seed: ['INT', {}], text: ['STRING', { default: 'new' }] });
      await wake(engine);
      const notice = cards.filter({
        has: page.getByRole('heading', { name: 'Nodes changed: reload when you like' }),
      });
      await notice.waitFor();
      await shoot(kind, page, '4-inputs-changed');
      await notice.getByRole('button', { name: 'Close' }).click();
      await expect.poll(() => cards.count()).toBe(0);
      await putToSleep(engine);
      await page.locator('#stoker-overlay .badge').getByText('Asleep', { exact: true }).waitFor();
      await wake(engine);
      await page.locator('#stoker-overlay .badge').getByText('Ready', { exact: true }).waitFor();
      expect([await cards.count(), await work(), loads(), sockets()]).toEqual([0, before, 1, 1]);
      await page.reload();
      await opened.settled();
      expect([await cards.count(), (await engine.status()).page.changed]).toEqual([0, 'none']);
    },
  );

  it.skipIf(kind.absent).each(['deleted', 'damaged'])(
    'opens although what is kept was %s, and sleeping again',
    async (how) => {
      engine = await startOn(kind, base, { STOKER_PAGE_OPENING_WAKES: 'false' });
      await wake(engine);
      await putToSleep(engine);
      const folder = join(base, 'data/comfyui/page');
      if (how === 'deleted') rmSync(folder, { recursive: true });
      else
        for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
          if (statSync(join(folder, file)).isFile()) writeFileSync(join(folder, file), 'nonsense');
      const slower = await openPage(browser, kind, engine.url);
      await slower.settled();
      await loadWorkflow(kind, slower.page, workflow('simple'));
      await shoot(kind, slower.page, `5-${how}`);
      await engine.until(({ state, page }) => state === 'running' && page.store === 'ready', 90_000);
      const { since } = await putToSleep(engine);
      const again = await openPage(browser, kind, engine.url);
      await again.settled();
      const after = await engine.status();
      expect([after.state, after.since, again.failed()]).toEqual(['stopped', since, []]);
    },
  );
});
