/**
 * ComfyUI's page after one wake that nobody visited: opened while ComfyUI sleeps it is whole, nothing in it waits for ComfyUI, and looking at
 * it wakes nothing.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../support/browser.ts';
import { stopEngines } from '../../support/engine-process.ts';
import { openPage } from '../../support/opened-page.ts';
import { pageKinds, startOn, UNREADABLE_FRONTEND } from '../../support/page-kinds.ts';
import { newBase, putToSleep, wake } from '../../support/sleeping-comfyui.ts';

const pictures = resolve(import.meta.dirname, '../../output/page-first-visit');
const kinds = [...pageKinds('the first visit of a sleeping page'), UNREADABLE_FRONTEND];

let base: string;
let browser: Browser;

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

describe.each(kinds)('the page of the $name', (kind) => {
  it.skipIf(kind.absent)('is whole at its first visit, asleep, and leaves ComfyUI asleep', async () => {
    const engine = await startOn(kind, base, { STOKER_PAGE_OPENING_WAKES: 'false' });
    await wake(engine);
    const { since } = await putToSleep(engine);
    const { page, settled, waiting, failed } = await openPage(browser, kind, engine.url);
    await settled();
    await page.screenshot({ path: join(pictures, `${kind.name.replaceAll(' ', '-')}.png`) });
    expect({ waiting: waiting(), failed: failed() }).toEqual({ waiting: [], failed: [] });
    const after = await engine.status();
    expect([after.state, after.since]).toEqual(['stopped', since]);
  });
});
