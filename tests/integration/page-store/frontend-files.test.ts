/** The frontend's own files come from where they are installed, asleep and awake, over the whole built product. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulatorEntry } from '../../support/comfyui-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { ask } from '../../support/http-ask.ts';

const SCRIPT = '/assets/index-BKeTeXLp.js';
let frontend: string;
let engine: EngineProcess;

beforeEach(async () => {
  frontend = mkdtempSync(join(tmpdir(), 'stoker-frontend-'));
  mkdirSync(join(frontend, 'assets/lib'), { recursive: true });
  writeFileSync(join(frontend, 'index.html'), `<!doctype html><script type="module" src=".${SCRIPT}"></script>`);
  writeFileSync(join(frontend, SCRIPT), 'export const line = "the same again and again";\n'.repeat(200));
  writeFileSync(join(frontend, 'assets/lib/index.js'), 'export {};');
  engine = await startEngine({
    environment: {
      STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} --sim-start-seconds 0 --front-end-root "${frontend}"`,
    },
  });
});
afterEach(async () => {
  await stopEngines();
  rmSync(frontend, { recursive: true, force: true });
});

/** @returns the process of ComfyUI, and its own address */
async function wake(): Promise<{ pid: number; direct: string }> {
  await engine.post('/manager/start');
  const { pid, port } = await engine.until(({ state, page }) => state === 'running' && page.store === 'ready');
  if (pid === null) throw new Error('it runs without a process');
  return { pid, direct: `http://127.0.0.1:${port}` };
}

describe("the frontend's files", () => {
  it('do not wait for a ComfyUI that computes', async () => {
    const { pid, direct } = await wake();
    const own = await ask(`${direct}${SCRIPT}`);
    process.kill(pid, 'SIGSTOP');
    try {
      const got = await ask(`${engine.url}${SCRIPT}`);
      expect([got.status, got.text]).toEqual([200, own.text]);
      const { etag = '' } = own.headers;
      expect(got.headers.etag).toBe(etag);
      expect((await ask(`${engine.url}${SCRIPT}`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });

  it('are told to be lasting where their name says their content, and else what ComfyUI tells', async () => {
    const { direct } = await wake();
    const lasting = async () => (await ask(`${engine.url}${SCRIPT}`)).headers['cache-control'];
    const other = async (from: string) => (await ask(`${from}/assets/lib/index.js`)).headers['cache-control'];
    const told = await other(direct);
    expect([await lasting(), await other(engine.url)]).toEqual(['public, max-age=31536000, immutable', told]);
    await engine.post('/manager/stop');
    await engine.until(({ state }) => state === 'stopped');
    expect([await lasting(), await other(engine.url)]).toEqual(['public, max-age=31536000, immutable', told]);
  });

  it('that are gone from the folder are asked of ComfyUI', async () => {
    const { direct } = await wake();
    rmSync(join(frontend, 'assets/lib/index.js'));
    const [got, own] = await Promise.all([engine.url, direct].map((from) => ask(`${from}/assets/lib/index.js`)));
    expect([got?.status, own?.status]).toEqual([404, 404]);
  });
});
