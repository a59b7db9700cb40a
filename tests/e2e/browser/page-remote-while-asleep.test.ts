/**
 * Remote work from ComfyUI's page while ComfyUI sleeps, or cannot start at all: a workflow is opened, edited and queued on RunPod, the picture
 * comes home, and the ComfyUI of this computer is not started for any of it.
 */
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Happening } from '../../../contract/events.ts';
import { launchBrowser } from '../../support/browser.ts';
import { type ComfyuiProcess, realComfyui, startSimulator, stopAllComfyui } from '../../support/comfyui-process.ts';
import { closeEventStreams, listen } from '../../support/engine-events.ts';
import { type EngineProcess, stopEngines } from '../../support/engine-process.ts';
import { loadWorkflow, openPage } from '../../support/opened-page.ts';
import { type PageKind, pageKinds, startOn } from '../../support/page-kinds.ts';
import { type RunpodProcess, startRunpod, stopRunpods } from '../../support/runpod-process.ts';
import { newBase, putToSleep, savedIn, wake } from '../../support/sleeping-comfyui.ts';
import { workflow } from '../../support/workflows.ts';

const pictures = resolve(import.meta.dirname, '../../output/page-remote-while-asleep');
const kinds = pageKinds('remote work from a sleeping page');

let base: string;
let browser: Browser;
let worker: ComfyuiProcess;
let runpod: RunpodProcess;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await launchBrowser();
  worker = await startSimulator({ arguments: ['--cpu'] });
});
afterAll(async () => {
  await browser?.close();
  await stopAllComfyui();
});
beforeEach(async () => {
  base = newBase();
  runpod = await startRunpod('--comfyui', worker.url);
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  closeEventStreams();
  await stopEngines();
  await stopRunpods();
  rmSync(base, { recursive: true, force: true });
});

/** The program that runs ComfyUI is a script of ours, which can be broken without a change of any setting. */
function throughScript(kind: PageKind): Record<string, string> {
  const script = join(base, 'program');
  const environment = kind.environment(base);
  const program = kind.isPython ? (realComfyui()?.python ?? '') : process.execPath;
  writeFileSync(script, `#!/bin/sh\nexec "${program}" "$@"\n`);
  chmodSync(script, 0o755);
  return kind.isPython
    ? { STOKER_INSTALLATION_PYTHON: script }
    : {
        STOKER_INSTALLATION_COMMAND_LINE: (environment.STOKER_INSTALLATION_COMMAND_LINE ?? '').replace(
          program,
          () => script,
        ),
      };
}
const breakProgram = (): void =>
  writeFileSync(join(base, 'program'), '#!/bin/sh\necho "ImportError: libtorch_cuda.so: cannot open" >&2\nexit 1\n');

async function start(kind: PageKind, more: Record<string, string> = {}): Promise<EngineProcess> {
  const engine = await startOn(kind, base, {
    STOKER_PAGE_OPENING_WAKES: 'false',
    STOKER_INSTALLATION_OUTPUT_DIRECTORY: join(base, 'output'),
    ...more,
  });
  const put = async (path: string, body: unknown): Promise<void> => {
    const answer = await fetch(`${engine.url}/manager${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBeLessThan(300);
  };
  await put('/secrets/endpoint.pod.key', { value: runpod.key });
  await put('/v1/endpoints/pod', {
    endpointId: runpod.endpoint,
    baseUrl: runpod.baseUrl,
    microDollarsPerSecond: 310,
  });
  return engine;
}

/** Loads a workflow and changes what its picture is called, in the page. */
async function edit(kind: PageKind, page: Page, name: string): Promise<void> {
  await loadWorkflow(kind, page, workflow('simple', kind.hasGraph ? {} : { '4.filename_prefix': name }));
  if (!kind.hasGraph) return;
  await page.evaluate((wanted) => {
    const { app } = window as unknown as {
      app: { graph: { nodes: { type: string; widgets: { name: string; value: unknown }[] }[] } };
    };
    const prefix = app.graph.nodes
      .find(({ type }) => type === 'SaveImage')
      ?.widgets.find(({ name: widget }) => widget === 'filename_prefix');
    if (prefix !== undefined) prefix.value = wanted;
  }, name);
}

async function queueOnRunpod(kind: PageKind, page: Page, name: string): Promise<void> {
  const cards = page.locator('#stoker-overlay .card');
  await page.getByRole('button', { name: /Queue on RunPod/ }).click();
  await cards.getByRole('heading', { name: 'Done: 1 file' }).waitFor({ timeout: 60_000 });
  const picture = cards.getByRole('img');
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(512);
  await page.screenshot({ path: join(pictures, `${kind.name.replaceAll(' ', '-')}-${name}.png`) });
}

/** Pictures that came home from a worker. */
const broughtHome = (): string[] =>
  readdirSync(join(base, 'output'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.png'));

const starts = (happenings: readonly Happening[]): string[] =>
  happenings.filter(({ kind }) => kind === 'state').map(({ message }) => message);

describe.each(kinds)('the page of the $name', (kind) => {
  it.skipIf(kind.absent)('queues on RunPod while ComfyUI sleeps, which goes on sleeping', async () => {
    const engine = await start(kind);
    await wake(engine);
    const { since } = await putToSleep(engine);
    const events = await listen(engine.url, ['happening']);
    const { page, failed } = await openPage(browser, kind, engine.url);
    await edit(kind, page, 'edited_asleep');
    await queueOnRunpod(kind, page, '1-asleep');

    const [input] = await runpod.inputs();
    expect(JSON.stringify(input?.input.workflow)).toContain('edited_asleep');
    expect(broughtHome()).toEqual([expect.stringMatching(/^stoker[/\\].*edited_asleep/)]);
    expect(savedIn(base)).toEqual([]);
    const after = await engine.status();
    expect([after.state, after.since, starts(events.of('happening'))]).toEqual(['stopped', since, []]);
    expect(failed()).toEqual([]);
  });

  it.skipIf(kind.absent)('queues on RunPod where ComfyUI cannot start any more, also after it failed to', async () => {
    const engine = await start(kind, throughScript(kind));
    await wake(engine);
    const { since } = await putToSleep(engine);
    breakProgram();
    const { page } = await openPage(browser, kind, engine.url);
    await edit(kind, page, 'edited_broken');
    await queueOnRunpod(kind, page, '2-broken');
    const after = await engine.status();
    expect([after.state, after.since, broughtHome().length]).toEqual(['stopped', since, 1]);

    await engine.post('/manager/start');
    await engine.until(({ state }) => state === 'failed', 90_000);
    const { page: again } = await openPage(browser, kind, engine.url);
    await again.locator('#stoker-overlay .badge').getByText('Failed to start', { exact: true }).waitFor();
    await edit(kind, again, 'edited_failed');
    await queueOnRunpod(kind, again, '3-failed');
    expect([(await engine.status()).state, broughtHome().length]).toEqual(['failed', 2]);
  });
});
