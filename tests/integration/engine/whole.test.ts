/** The whole product as a person has it: the built program, a real ComfyUI process (the simulator), real sockets. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ComfyTab, openTab } from '../../support/comfy-tab.ts';
import {
  type EngineProcess,
  type EngineProcessOptions,
  startEngine,
  stopEngines,
} from '../../support/engine-process.ts';
import { workflow } from '../../support/workflows.ts';

const simulator = (flags = ''): string =>
  `"${process.execPath}" "${join(process.env.STOKER_TEST_BUILD ?? '', 'simulator/comfyui.js')}" --listen {host} --port {port} --sim-start-seconds 0.3 ${flags}`;

const tabs: ComfyTab[] = [];

async function tabOf(engine: EngineProcess): Promise<ComfyTab> {
  const tab = await openTab(engine.url);
  tabs.push(tab);
  return tab;
}

function start(options: EngineProcessOptions = {}, flags = ''): Promise<EngineProcess> {
  return startEngine({
    ...options,
    environment: { STOKER_INSTALLATION_COMMAND_LINE: simulator(flags), ...options.environment },
  });
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie still has a pid; what counts is that it no longer runs.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function gone(pid: number, limitMs = 30_000): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (alive(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  return !alive(pid);
}

afterEach(async () => {
  for (const tab of tabs.splice(0)) tab.close();
  await stopEngines();
});

describe('sleep and wake', () => {
  it('a prompt wakes a sleeping ComfyUI and its picture comes back (ComfyUI#1676)', async () => {
    const engine = await start();
    expect((await engine.status()).state).toBe('stopped');

    const tab = await tabOf(engine);
    const queued = await tab.queue(workflow('simple'));
    expect(queued.status).toBe(200);
    const executed = await tab.next((message) => message.type === 'executed');
    const output = executed.data.output as { images: { filename: string; type: string }[] };
    const image = output.images[0];
    const picture = await fetch(`${engine.url}/api/view?filename=${image?.filename}&type=${image?.type}`);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(
      Buffer.from(await picture.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  it('an open tab neither keeps the card busy nor notices the sleep (sablier#402, llama-swap#1001)', async () => {
    const engine = await start({ environment: { STOKER_IDLE_STOP_AFTER_SECONDS: '1' } });
    const tab = await tabOf(engine);
    await tab.queue(workflow('minimal'));
    await tab.next((message) => message.type === 'execution_success');
    const awake = await engine.status();
    const asleep = await engine.until((status) => status.state === 'stopped');
    expect(asleep.reasonCode).toBe('idle');
    expect(await gone(awake.pid ?? 0)).toBe(true);

    const seen = tab.messages.length;
    const second = await tab.queue(workflow('minimal', { '1.color': 7 }));
    await tab.next(
      (message) => message.type === 'execution_success' && message.data.prompt_id === second.promptId,
      seen,
    );
    expect(tab.closes()).toBe(0);
  });

  it('running work is never put to sleep', async () => {
    const engine = await start({ environment: { STOKER_IDLE_STOP_AFTER_SECONDS: '1' } });
    const tab = await tabOf(engine);
    const queued = await tab.queue(workflow('slow_progress_10s', { '2.seconds': 4, '2.steps': 8 }));
    const busy = await engine.until((status) => status.queue.running === 1);
    expect(busy.idle.blockedBy).toContain('running');
    expect(busy.idle.stopsAt).toBeNull();
    await tab.next((message) => message.type === 'execution_success' && message.data.prompt_id === queued.promptId);
    await engine.until((status) => status.state === 'stopped' && status.reasonCode === 'idle');
  });

  it('reads of a monitor get what is true while asleep and wake nothing', async () => {
    const engine = await start();
    expect(await (await fetch(`${engine.url}/queue`)).json()).toEqual({ queue_running: [], queue_pending: [] });
    expect(await (await fetch(`${engine.url}/api/history`)).json()).toEqual({});
    const stats = await fetch(`${engine.url}/system_stats`);
    expect(stats.status).toBe(503);
    expect(await stats.json()).toMatchObject({ source: 'stoker', error: { code: 'asleep' } });
    expect((await engine.status()).state).toBe('stopped');
  });

  it('shows the last known history while asleep', async () => {
    const engine = await start({ environment: { STOKER_IDLE_STOP_AFTER_SECONDS: '1' } });
    const tab = await tabOf(engine);
    const queued = await tab.queue(workflow('minimal'));
    await tab.next((message) => message.type === 'execution_success');
    await engine.until((status) => status.state === 'stopped');
    const history = (await (await fetch(`${engine.url}/history`)).json()) as Record<string, unknown>;
    expect(Object.keys(history)).toEqual([queued.promptId]);
  });
});

describe('when something dies', () => {
  it('kill -9 of ComfyUI: told with the reason, restarted, the tab stays open (ComfyUI#12441)', async () => {
    const engine = await start();
    const tab = await tabOf(engine);
    await engine.post('/manager/start');
    const before = await engine.status();
    process.kill(before.pid ?? 0, 'SIGKILL');
    await engine.until((status) => status.state === 'backingOff' || status.pid !== before.pid);
    const after = await engine.until((status) => status.state === 'running' && status.pid !== before.pid);
    expect(after.reasonCode).toBe('crashRecovery');
    expect(tab.closes()).toBe(0);
    const happenings = (await (await fetch(`${engine.url}/manager/happenings`)).json()) as {
      happenings: { message: string }[];
    };
    expect(happenings.happenings.map(({ message }) => message).join('\n')).toMatch(/SIGKILL/);
  });

  it('kill -9 of the engine: ComfyUI is gone within the lifeline, nothing is left running (llama-swap#138)', async () => {
    const engine = await start();
    await engine.post('/manager/start');
    const { pid } = await engine.status();
    await engine.kill();
    expect(await gone(pid ?? 0)).toBe(true);
  });

  it('kill -9 of the engine in the middle of a prompt: the next engine takes ComfyUI over and the prompt goes on', async () => {
    const first = await start();
    const tab = await tabOf(first);
    const queued = await tab.queue(workflow('slow_progress_10s', { '2.seconds': 6 }));
    await first.until((status) => status.queue.running === 1);
    const { pid } = await first.status();
    await first.kill();

    const second = await start({ dataFolder: first.dataFolder });
    const adopted = await second.until((status) => status.state === 'running');
    expect(adopted.pid).toBe(pid);
    expect(adopted.reasonCode).toBe('adopted');
    await second.until((status) => status.queue.known && status.queue.running === 0);
    const history = (await (await fetch(`${second.url}/history/${queued.promptId}`)).json()) as Record<
      string,
      { status: { status_str: string } }
    >;
    expect(history[queued.promptId]?.status.status_str).toBe('success');
  });

  it('SIGTERM ends everything and leaves with 0', async () => {
    const engine = await start({}, '--sim-fork-grandchild --sim-ignore-signals SIGTERM');
    await engine.post('/manager/start');
    const { pid } = await engine.status();
    expect(await engine.stop()).toBe(0);
    expect(alive(pid ?? 0)).toBe(false);
  });

  it('a second engine on the same data folder is told who holds it', async () => {
    const first = await start();
    await expect(start({ dataFolder: first.dataFolder })).rejects.toThrow(new RegExp(`${first.pid}`));
  });
});

describe('stopping with work', () => {
  it('asks before work is lost, and does not when forced (Comfy-Desktop#654)', async () => {
    const engine = await start();
    const tab = await tabOf(engine);
    await tab.queue(workflow('slow_progress_10s'));
    await engine.until((status) => status.queue.running === 1);
    const refused = await engine.post('/manager/stop');
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ error: { code: 'work_in_progress' } });
    expect((await engine.post('/manager/stop', { force: true })).status).toBe(200);
    expect((await engine.status()).state).toBe('stopped');
  });

  it('stop when the queue is done waits for the last picture', async () => {
    const engine = await start();
    const tab = await tabOf(engine);
    const queued = await tab.queue(workflow('slow_progress_10s', { '2.seconds': 2 }));
    await engine.post('/manager/stop', { whenDone: true });
    expect((await engine.status()).idle.stopWhenDone).toBe(true);
    await tab.next((message) => message.type === 'execution_success' && message.data.prompt_id === queued.promptId);
    const stopped = await engine.until((status) => status.state === 'stopped');
    expect(stopped.reasonCode).toBe('queueDone');
    expect(stopped.idle.stopWhenDone).toBe(false);
  });
});

describe('a start that fails', () => {
  it('says what happened, why, and what to do, with the last log lines', async () => {
    const engine = await start({}, '--sim-exit-node 7');
    const answer = await engine.post('/manager/start');
    expect(answer.status).toBe(502);
    const body = (await answer.json()) as {
      error: { code: string; details: { next: string; failure: { logTail: string[] } } };
    };
    expect(body.error.code).toBe('exited_early');
    expect(body.error.details.next).not.toBe('');
    expect(body.error.details.failure.logTail.length).toBeGreaterThan(0);
    expect((await engine.status()).error?.offerWithoutCustomNodes).toBe(true);
  });

  it('without any ComfyUI configured says so instead of trying', async () => {
    const engine = await startEngine();
    const answer = await engine.post('/manager/start');
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ error: { code: 'not_configured' } });
  });
});

it('a start command of the reference system works as it is, with its steps and its port', async () => {
  const folder = join(process.env.STOKER_TEST_BUILD ?? '', 'simulator');
  const engine = await startEngine({
    environment: { COMFYUI_START_CMD: `cd "${folder}" && "${process.execPath}" comfyui.js --sim-start-seconds 0.2` },
  });
  const tab = await tabOf(engine);
  expect((await tab.queue(workflow('minimal'))).status).toBe(200);
  await tab.next((message) => message.type === 'execution_success');
  const { pid } = await engine.status();
  expect(await engine.stop()).toBe(0);
  expect(alive(pid ?? 0)).toBe(false);
});

it('the demo works with nothing installed', async () => {
  const engine = await startEngine({ demo: true });
  expect((await engine.status()).engine.demo).toBe(true);
  expect((await engine.post('/manager/start')).status).toBe(200);
  const openapi = (await (await fetch(`${engine.url}/manager/openapi.json`)).json()) as { paths: object };
  expect(Object.keys(openapi.paths)).toContain('/manager/status');
  expect(existsSync(engine.dataFolder)).toBe(true);
});
