/** How a shell starts and ends its engine: secrets over standard input, `POST /manager/quit`, and what refuses it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { MANAGER_ROUTES } from '../../../contract/manager-api.ts';
import { simulatorEntry } from '../../support/comfyui-process.ts';
import { startEngine, stopEngines } from '../../support/engine-process.ts';
import { isAlive } from '../../support/fake-nvidia-smi.ts';
import { workflow } from '../../support/workflows.ts';

const simulated = (flags = ''): Record<string, string> => ({
  STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} ${flags}`,
});

afterEach(stopEngines);

describe('quit', () => {
  it('answers, then ends the engine and ComfyUI with exit code 0', async () => {
    const engine = await startEngine({ environment: simulated() });
    await engine.post(MANAGER_ROUTES.start);
    const { pid } = await engine.until(({ state }) => state === 'running');
    const answer = await engine.post(MANAGER_ROUTES.quit);
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ ending: true });
    expect(await engine.exited).toBe(0);
    expect(isAlive(pid ?? 0)).toBe(false);
  });

  it('is refused while a prompt runs, and done when that is accepted', async () => {
    const engine = await startEngine({ environment: simulated() });
    await engine.post('/prompt', { prompt: workflow('slow_progress_10s') });
    await engine.until(({ queue }) => queue.running === 1);
    const refused = await engine.post(MANAGER_ROUTES.quit);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      error: { code: 'work_in_progress', details: { running: 1, pending: 0, held: 0 } },
    });
    expect((await engine.post(MANAGER_ROUTES.quit, { force: true })).status).toBe(202);
    expect(await engine.exited).toBe(0);
  });

  it('is refused while a request waits for ComfyUI to wake', async () => {
    const engine = await startEngine({ environment: simulated('--sim-start-seconds 60') });
    const held = engine.post('/prompt', { prompt: workflow('simple') }).catch(() => undefined);
    await engine.until(({ gateway }) => gateway.heldRequests === 1);
    const refused = await engine.post(MANAGER_ROUTES.quit);
    expect(await refused.json()).toMatchObject({ error: { code: 'work_in_progress', details: { held: 1 } } });
    expect((await engine.post(MANAGER_ROUTES.quit, { force: true })).status).toBe(202);
    expect(await engine.exited).toBe(0);
    await held;
  });

  it('is not for the page of another site', async () => {
    const engine = await startEngine();
    const answer = await fetch(`${engine.url}${MANAGER_ROUTES.quit}`, {
      method: 'POST',
      headers: { origin: 'https://example.com', 'sec-fetch-site': 'cross-site' },
    });
    expect(answer.status).toBe(403);
    expect((await engine.status()).state).toBe('stopped');
  });
});

describe('an engine that a shell starts', () => {
  const token = 'planted-secret-0123456789';

  it('takes secrets from standard input, and leaves them on no disk', async () => {
    const engine = await startEngine({
      words: ['--attended', '--secrets-from-stdin'],
      input: `${JSON.stringify({ secrets: { 'network.token': token } })}\n`,
    });
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${engine.url}${MANAGER_ROUTES.status}`)).status).toBe(401);
    const answer = await fetch(`${engine.url}${MANAGER_ROUTES.secrets}`, { headers });
    expect(await answer.json()).toEqual({ secrets: [{ name: 'network.token', place: 'memory' }] });
    const quit = await fetch(`${engine.url}${MANAGER_ROUTES.quit}`, { method: 'POST', headers });
    expect(quit.status).toBe(202);
    expect(await engine.exited).toBe(0);
    expect(readFileSync(join(engine.dataFolder, 'stoker.db'), 'latin1')).not.toContain(token);
  });

  it('ends with exit code 2 and words when standard input holds something else', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'stoker-test-'));
    const program = join(process.env.STOKER_TEST_BUILD ?? '', 'cli/main.js');
    const child = spawn(
      process.execPath,
      [program, 'serve', '--port', '0', '--data-dir', dataFolder, '--secrets-from-stdin'],
      { stdio: ['pipe', 'ignore', 'pipe'] },
    );
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdin.end(`{"secrets":{"network.token":"${token}"\n`);
    const [code] = await once(child, 'close');
    rmSync(dataFolder, { recursive: true, force: true });
    expect(code).toBe(2);
    expect(stderr).toContain('The secrets on standard input cannot be used. The line is not JSON.');
    expect(stderr).not.toContain(token);
  });
});
