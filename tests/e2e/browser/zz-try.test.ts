import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { it } from 'vitest';
import { launchBrowser } from '../../support/browser.ts';
import { startEngine, stopEngines } from '../../support/engine-process.ts';

it('tries', async () => {
  const base = mkdtempSync(join(tmpdir(), 'uic-base-'));
  for (const f of ['input', 'output', 'custom_nodes', 'models', 'user']) mkdirSync(join(base, f), { recursive: true });
  cpSync(resolve(import.meta.dirname, '../../fixtures/comfyui-nodes/lab_nodes'), join(base, 'custom_nodes/lab_nodes'), { recursive: true });
  const engine = await startEngine({
    environment: {
      STOKER_INSTALLATION_FOLDER: '/opt/real/ComfyUI',
      STOKER_INSTALLATION_PYTHON: '/opt/real/venv/bin/python',
      STOKER_INSTALLATION_ARGUMENTS: JSON.stringify(['--cpu', '--base-directory', base, '--database-url', 'sqlite:///:memory:']),
    },
  });
  const browser = await launchBrowser();
  console.log('data', engine.dataFolder);
  await engine.post('/manager/start');
  await engine.until((s) => s.state === 'running');
  let t = Date.now();
  const s = await engine.until((x) => x.page.store === 'ready', 60_000);
  console.log('ready after', Date.now() - t, JSON.stringify(s.page));
  const open = async (label: string) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const missing: string[] = [];
    page.on('response', (r) => { if (r.status() >= 400) missing.push(`${r.status()} ${r.request().method()} ${r.url()}`); });
    const pending = new Set<string>();
    page.on('request', (r) => pending.add(`${r.method()} ${r.url()}`));
    page.on('requestfinished', (r) => pending.delete(`${r.method()} ${r.url()}`));
    const from = Date.now();
    await page.goto(engine.url);
    const load = Date.now() - from;
    try {
    await page.waitForFunction('window.LiteGraph && Object.keys(window.LiteGraph.registered_node_types).length > 100', undefined, { timeout: 40000, polling: 20 });
    } catch (e) { console.log(String(e)); }
    console.log(label, 'load', load, 'catalogue', Date.now() - from, 'state', (await engine.status()).state, missing, [...pending]);
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `/tmp/uic/${label}.png` });
    return { page, context, missing, pending };
  };
  const a = await open('awake'); await a.context.close();
  const a2 = await open('awake2'); await a2.context.close();
  await engine.post('/manager/stop');
  await engine.until((x) => x.state === 'stopped');
  const b = await open('asleep');
  await engine.until((x) => x.state === 'running');
  await b.page.waitForTimeout(3000);
  console.log('after wake', JSON.stringify((await engine.status()).page), b.missing, [...b.pending]);
  console.log(engine.stderr().slice(-2000));
  await browser.close();
  await stopEngines();
}, 200_000);
