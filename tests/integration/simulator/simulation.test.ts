/** The simulator's own flags and levers: every way in which it can be made slow, stubborn, unwell or dead. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startSimulator, stopAllComfyui } from '../../support/comfyui-process.ts';
import { ask, askJson, post } from '../../support/http-ask.ts';
import { lives, pidsWith } from '../../support/living-process.ts';
import { connectSocket, cutSocketClients } from '../../support/socket-client.ts';
import { until } from '../../support/until.ts';
import { workflow } from '../../support/workflows.ts';

const gibibyte = 1024 ** 3;
const strays: number[] = [];

afterEach(async () => {
  cutSocketClients();
  await stopAllComfyui();
  for (const pid of strays.splice(0)) if (lives(pid)) process.kill(pid, 'SIGKILL');
});

const start = (...words: string[]) => startSimulator({ arguments: words });
const spawned = (...words: string[]) => startSimulator({ arguments: words, until: 'spawned' });
const unanswered = (url: string) => expect(ask(url, { patienceMs: 300 })).rejects.toThrow('no answer');

describe('a start', () => {
  it('--sim-never-ready stays alive after its custom nodes and opens no port', async () => {
    const comfyui = await spawned('--sim-never-ready');
    await comfyui.line(/^No target revision found\.$/);
    await expect(ask(`${comfyui.url}/queue`)).rejects.toThrow('ECONNREFUSED');
    expect(lives(comfyui.pid)).toBe(true);
  });

  it('--sim-exit-at-start ends with the code and a traceback', async () => {
    const comfyui = await spawned('--sim-exit-at-start', '3');
    expect(await comfyui.ended).toEqual({ code: 3, signal: null });
    expect(comfyui.stderrLines.at(-1)).toBe('RuntimeError: told to exit at start with code 3');
  });

  it('--sim-print-megabytes prints so much before the first line of the boot', async () => {
    const comfyui = await start('--sim-print-megabytes', '2');
    const boot = comfyui.stderrLines.indexOf('Checkpoint files will always be loaded safely.');
    const printed = comfyui.stderrLines.slice(0, boot).reduce((sum, line) => sum + line.length + 1, 0);
    expect(printed).toBe(2 * 1024 * 1024);
  });

  it('--sim-nodes names further custom nodes', async () => {
    const comfyui = await start('--sim-nodes', 'Manager,rgthree');
    const names = comfyui.stderrLines.flatMap((line) => /^ {3}0\.0 seconds: .*\/([^/]+)$/.exec(line)?.[1] ?? []);
    expect(names).toEqual(['lab_nodes', 'Manager', 'rgthree']);
  });
});

describe('signals and children', () => {
  it('--sim-ignore-signals survives those signals', async () => {
    const comfyui = await start('--sim-ignore-signals', 'SIGTERM,SIGINT');
    comfyui.signal('SIGTERM');
    comfyui.signal('SIGINT');
    expect((await ask(`${comfyui.url}/queue`)).status).toBe(200);
    expect(comfyui.stderrLines).not.toContain('Stopped server');
  });

  it('--sim-fork-grandchild leaves a child that outlives it and ignores SIGTERM', async () => {
    const comfyui = await start('--sim-fork-grandchild');
    const pid = Number((await comfyui.line(/^grandchild pid \d+$/)).split(' ')[2]);
    strays.push(pid);
    await comfyui.stop();
    process.kill(pid, 'SIGTERM');
    process.kill(pid, 'SIGCONT');
    expect(lives(pid)).toBe(true);
  });
});

describe('hanging', () => {
  it('accepts connections and answers nothing until it is released', async () => {
    const comfyui = await start();
    await post(`${comfyui.url}/sim/hang`, {});
    await unanswered(`${comfyui.url}/queue`);
    const held = ask(`${comfyui.url}/queue`);
    expect((await post(`${comfyui.url}/sim/unhang`, {})).status).toBe(200);
    expect((await held).status).toBe(200);
  });

  it('keeps the messages of its sockets back', async () => {
    const comfyui = await start();
    const socket = await connectSocket(`${comfyui.url.replace('http', 'ws')}/ws?clientId=a`);
    await socket.heard(1);
    await post(`${comfyui.url}/prompt`, { prompt: workflow('slow_progress_10s', { '2.seconds': 0.4, '2.steps': 2 }) });
    await socket.heard(3);
    await post(`${comfyui.url}/sim/hang`, {});
    await comfyui.line(/^Prompt executed in /);
    const heard = socket.messages.length;
    await unanswered(`${comfyui.url}/queue`);
    expect(socket.messages.length).toBe(heard);
    await post(`${comfyui.url}/sim/unhang`, {});
    await until(() => socket.messages.length > heard);
  });

  it('--sim-hang-after-seconds comes by itself', async () => {
    const comfyui = await start('--sim-hang-after-seconds', '0');
    await unanswered(`${comfyui.url}/queue`);
    expect(lives(comfyui.pid)).toBe(true);
  });
});

describe('crashing', () => {
  it.each([
    ['segv', { code: null, signal: 'SIGSEGV' }],
    ['kill', { code: null, signal: 'SIGKILL' }],
    ['exit', { code: 3, signal: null }],
  ])('how=%s ends the process so', async (how, end) => {
    const comfyui = await start();
    expect((await post(`${comfyui.url}/sim/crash?how=${how}`, {})).status).toBe(200);
    expect(await comfyui.ended).toEqual(end);
  });

  it('--sim-crash-after-seconds comes by itself', async () => {
    const comfyui = await start('--sim-crash-after-seconds', '0.1');
    expect(await comfyui.ended).toEqual({ code: null, signal: 'SIGSEGV' });
  });
});

describe('a restart by exec', () => {
  it('drops the request, exits with 0 and answers on the same port as another process', async () => {
    const baseDirectory = mkdtempSync(join(tmpdir(), 'stoker-restart-'));
    const comfyui = await startSimulator({ arguments: ['--sim-restart-by-exec'], baseDirectory });
    await expect(post(`${comfyui.url}/manager/reboot`, {})).rejects.toThrow();
    await until(() => pidsWith(baseDirectory).some((pid) => pid !== comfyui.pid));
    strays.push(...pidsWith(baseDirectory));
    expect((await comfyui.stop()).code).toBe(0);
    const answers = () =>
      ask(`${comfyui.url}/queue`).then(
        ({ status }) => status,
        () => 0,
      );
    while ((await answers()) !== 200);
    rmSync(baseDirectory, { recursive: true, force: true });
  });

  it('exists only when asked for', async () => {
    const comfyui = await start();
    expect((await post(`${comfyui.url}/manager/reboot`, {})).status).toBe(405);
  });
});

describe('video memory', () => {
  type Stats = { devices: { name: string; type: string; vram_total: number; vram_free: number }[] };
  const device = async (url: string) => (await askJson<Stats>(`${url}/system_stats`)).devices[0];
  const used = async (url: string) => {
    const stats = await device(url);
    return stats ? (stats.vram_total - stats.vram_free) / gibibyte : 0;
  };

  it('is that of a card named as simulated, of the size asked for', async () => {
    const comfyui = await start('--sim-vram-total-gb', '12');
    expect(await device(comfyui.url)).toMatchObject({
      name: 'cuda:0 Simulated GPU',
      type: 'cuda',
      vram_total: 12 * gibibyte,
      vram_free: 12 * gibibyte,
    });
  });

  it('is taken by the first prompt and given back by /free, but for the context', async () => {
    const comfyui = await start('--sim-load-seconds', '0.2');
    await post(`${comfyui.url}/prompt`, { prompt: workflow('minimal') });
    await comfyui.line(/^Requested to load SimulatedModel$/);
    await comfyui.line(/^Prompt executed in /);
    expect(await used(comfyui.url)).toBeCloseTo(6.9, 1);
    await post(`${comfyui.url}/free`, { unload_models: true, free_memory: true });
    for (let left = 7; left > 1; left = await used(comfyui.url));
    expect(await used(comfyui.url)).toBeCloseTo(0.4, 1);
  });

  it('does not exist with --cpu', async () => {
    const comfyui = await start('--cpu');
    expect(await device(comfyui.url)).toMatchObject({ name: 'cpu', type: 'cpu', index: null });
  });
});

describe('extra model paths', () => {
  it('that name a missing file end the start with 1', async () => {
    const comfyui = await spawned('--extra-model-paths-config', '/nowhere/extra.yaml');
    expect((await comfyui.ended).code).toBe(1);
    expect(comfyui.stderrLines.join('\n')).toContain('/nowhere/extra.yaml');
  });
});
