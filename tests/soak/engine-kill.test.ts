/**
 * kill -9 of the engine at random moments under load, again and again on one data folder. Not part of `npm test`:
 * `npm run soak` (STOKER_SOAK_KILLS=200; STOKER_SOAK_SEED repeats the plan of a run).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import getPort, { portNumbers } from 'get-port';
import { afterAll, afterEach, expect, it } from 'vitest';
import { type Status, StatusSchema } from '../../contract/status.ts';
import { simulatorEntry } from '../support/comfyui-process.ts';
import { processesWithEnvironment } from '../support/process-environment.ts';
import { type SeededRandom, seededRandom, soakSeed } from '../support/seeded-random.ts';
import { workflow } from '../support/workflows.ts';

const kills = Number(process.env.STOKER_SOAK_KILLS ?? 200);
const launches = Math.ceil(kills / 10);
const seed = soakSeed();
const marker = `kill-${process.pid}`;
const dataFolder = mkdtempSync(join(tmpdir(), 'stoker-kill-'));
/** quality.md: how long a ComfyUI may be left without an engine. */
const ALONE_LIMIT_MS = 15_000;

/** What is done between two kills. `calm` looks before it loads; `none` starts no engine and waits for the lifeline. */
type Kind = 'hammer' | 'calm' | 'none';

interface Engine {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  readonly output: () => string;
}

interface Accepted {
  readonly promptId: string;
  readonly comfyPid: number;
}

const engines: Engine[] = [];

afterEach(() => {
  for (const { child } of engines.splice(0)) child.kill('SIGKILL');
  for (const pid of marked()) process.kill(pid, 'SIGKILL');
});

afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));

function serve(port: number, simulatorFlags: string, folder = dataFolder): Engine {
  const main = join(process.env.STOKER_TEST_BUILD ?? '', 'cli/main.js');
  const child = spawn(process.execPath, [main, 'serve', '--port', String(port), '--data-dir', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      LANG: 'C.UTF-8',
      // Variables named STOKER_… do not reach ComfyUI.
      SOAK_MARKER: marker,
      STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} --sim-start-seconds 0.3 ${simulatorFlags}`,
    },
  });
  let output = '';
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.includes('Stoker ready:')) resolve();
    });
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const engine = { child, ready, output: () => output };
  engines.push(engine);
  return engine;
}

/** @throws when it ended by itself before */
async function kill({ child, output }: Engine): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    throw new Error(`the engine ended by itself (${child.exitCode ?? child.signalCode}):\n${output()}`);
  }
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

/** Everything that an engine of this test started, and itself. */
const marked = (): number[] => processesWithEnvironment('SOAK_MARKER', marker);

function isComfyui(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${simulatorEntry()}\0--listen`);
  } catch {
    return false;
  }
}

const comfyuis = (): number[] => marked().filter(isComfyui);

/** Looks all the time how many ComfyUI there are. */
function watchComfyuis(): { only(): number | null; twice(): readonly number[][]; stop(): void } {
  const twice: number[][] = [];
  let seen: number[] = [];
  const timer = setInterval(() => {
    seen = comfyuis();
    // One may have ended, and the next begun, while the look went on.
    if (seen.length > 1 && seen.filter(isComfyui).length > 1) twice.push(seen);
  }, 50);
  return { only: () => seen[0] ?? null, twice: () => twice, stop: () => clearInterval(timer) };
}

/** Looks without a pause: the moment that is waited for lasts a few milliseconds. */
async function comfyuiOf(enginePid: number, limitMs: number): Promise<number> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    for (const thread of readdirSync(`/proc/${enginePid}/task`)) {
      const children = readFileSync(`/proc/${enginePid}/task/${thread}/children`, 'utf8').trim().split(' ').map(Number);
      const found = children.find((pid) => pid > 0 && isComfyui(pid));
      if (found !== undefined) return found;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`engine ${enginePid} started no ComfyUI in ${limitMs} ms`);
}

async function statusOf(url: string): Promise<Status> {
  return StatusSchema.parse(await (await fetch(`${url}/manager/status`)).json());
}

/**
 * Four clients that queue, start and stop without a pause; an engine that is not there is asked again.
 * @param stopShare of what they do
 */
function load(
  url: string,
  random: SeededRandom,
  stopShare: number,
  comfyPid: () => number | null,
): { end(): Promise<Accepted[]> } {
  const accepted: Accepted[] = [];
  const ended = new AbortController();
  let color = 0;

  function post(path: string, body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body), signal: ended.signal });
  }

  async function act(): Promise<void> {
    const dice = random.next();
    if (dice < stopShare) await (await post('/manager/stop', { force: true })).arrayBuffer();
    else if (dice < stopShare + 0.2) await (await post('/manager/start', {})).arrayBuffer();
    else {
      color += 1;
      const slow = random.chance(0.1);
      const prompt = slow
        ? workflow('slow_progress_10s', { '2.seconds': 0.5, '2.steps': 5, '1.color': color })
        : workflow('minimal', { '1.color': color });
      const answer = await post('/prompt', { prompt });
      const body = (await answer.json()) as { prompt_id?: string };
      const pid = comfyPid();
      if (answer.status === 200 && body.prompt_id !== undefined && pid !== null) {
        accepted.push({ promptId: body.prompt_id, comfyPid: pid });
      }
    }
  }

  async function client(): Promise<void> {
    while (!ended.signal.aborted) {
      await act().catch(() => undefined);
      await delay(random.between(1, 60));
    }
  }

  const clients = Array.from({ length: 4 }, client);
  return {
    async end() {
      ended.abort();
      await Promise.all(clients);
      return accepted;
    },
  };
}

/** Opens a copy, so that the next engine meets what the killed one left. */
function checkDatabase(): void {
  const file = join(dataFolder, 'stoker.db');
  if (!existsSync(file)) return;
  const folder = mkdtempSync(join(tmpdir(), 'stoker-kill-database-'));
  try {
    for (const suffix of ['', '-wal']) {
      if (existsSync(file + suffix)) copyFileSync(file + suffix, join(folder, `copy.db${suffix}`));
    }
    const database = new DatabaseSync(join(folder, 'copy.db'));
    expect(database.prepare('PRAGMA quick_check').all()).toEqual([{ quick_check: 'ok' }]);
    database.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Files that an engine kept aside because they were damaged. */
function keptAside(): string[] {
  return readdirSync(dataFolder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.bad/.test(name));
}

function describePid(pid: number): string {
  try {
    return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`;
  } catch {
    return `${pid} gone`;
  }
}

/** @param deadline of `performance.now()` */
async function expectBy(deadline: number, what: string, left: () => Promise<number[]>): Promise<void> {
  for (;;) {
    const pids = await left();
    if (pids.length === 0) return;
    if (performance.now() > deadline) throw new Error(`${what}: ${pids.map(describePid).join('; ')}`);
    await delay(50);
  }
}

/** What the adopted ComfyUI was given before must be in its queue or its history. */
async function lostPrompts(url: string, accepted: readonly Accepted[], comfyPid: number): Promise<string[]> {
  const wanted = accepted.filter((prompt) => prompt.comfyPid === comfyPid).map(({ promptId }) => promptId);
  const queue = await (await fetch(`${url}/queue`)).text();
  const history = await (await fetch(`${url}/history`)).text();
  return wanted.filter((promptId) => !queue.includes(promptId) && !history.includes(promptId));
}

it(`${kills} kills of the engine under load (seed ${seed})`, { timeout: kills * 60_000 }, async () => {
  const random = seededRandom(seed);
  // Below the range that the system hands out: nobody takes it while no engine lives.
  const port = await getPort({ host: '127.0.0.1', port: portNumbers(20_000, 30_000) });
  const url = `http://127.0.0.1:${port}`;
  const watch = watchComfyuis();
  const told = { adopted: 0, leftAlone: 0, killedEarly: 0, accepted: 0, checked: 0, slowestGoneMs: 0 };
  let accepted: Accepted[] = [];
  let killedAt = performance.now();

  for (let count = 1; count <= kills; count += 1) {
    const kind: Kind = random.pick(['hammer', 'hammer', 'hammer', 'hammer', 'calm', 'calm', 'calm', 'none']);
    // Most engines are restarted at once; some around the moment when the lifeline gives up waiting.
    const pauseMs = random.chance(0.88) ? random.between(0, 500) : random.between(7_000, 14_000);
    const livesMs = random.chance(0.3) ? random.between(0, 700) : random.between(500, 4_000);
    const stopShare = random.pick([0, 0, 0.02, 0.1]);
    const flags = random.chance(0.3) ? '--sim-fork-grandchild' : '';

    if (kind === 'none') {
      const alone = marked().length;
      await expectBy(killedAt + ALONE_LIMIT_MS, `kill ${count - 1}, no engine: left running`, async () => marked());
      if (alone > 0) {
        told.leftAlone += 1;
        told.slowestGoneMs = Math.max(told.slowestGoneMs, performance.now() - killedAt);
      }
    } else {
      await delay(pauseMs);
    }

    const engine = serve(port, flags);
    if (kind === 'calm') {
      await Promise.race([engine.ready, delay(20_000)]);
      expect(engine.output()).toContain('Stoker ready:');
      const deadline = Math.max(killedAt + ALONE_LIMIT_MS, performance.now() + 1_000);
      await expectBy(deadline, `kill ${count - 1}: neither adopted nor gone`, async () => {
        const { pid } = await statusOf(url);
        return comfyuis().filter((comfyPid) => comfyPid !== pid);
      });
      const status = await statusOf(url);
      if (status.reasonCode === 'adopted' && status.state === 'running' && status.pid !== null) {
        told.adopted += 1;
        told.checked += accepted.filter(({ comfyPid }) => comfyPid === status.pid).length;
        expect(await lostPrompts(url, accepted, status.pid)).toEqual([]);
      }
    }
    const clients = load(url, seededRandom(random.between(0, 1e9)), stopShare, watch.only);
    await delay(livesMs);
    if (!engine.output().includes('Stoker ready:')) told.killedEarly += 1;
    await kill(engine);
    killedAt = performance.now();
    // What an adopted ComfyUI was given by an earlier engine still counts.
    accepted = [...accepted, ...(await clients.end())].filter(({ comfyPid }) => comfyPid === watch.only());
    told.accepted += accepted.length;

    expect(watch.twice(), `two ComfyUI at once by kill ${count}`).toEqual([]);
    checkDatabase();
    expect(keptAside(), `kept aside by kill ${count}`).toEqual([]);
    if (count % 10 === 0) console.log(`kill ${count}:`, JSON.stringify(told));
  }

  await expectBy(killedAt + ALONE_LIMIT_MS, 'after the last kill', async () => marked());
  watch.stop();
  // Otherwise nothing was tried.
  expect(told.adopted).toBeGreaterThan(0);
});

it(`${launches} kills in the moment of a launch, and no engine after: ComfyUI does not stay (seed ${seed})`, {
  timeout: launches * 30_000,
}, async () => {
  const random = seededRandom(seed);
  for (let count = 1; count <= launches; count += 1) {
    const engine = serve(0, '', join(dataFolder, `launch-${count}`));
    await Promise.race([engine.ready, delay(20_000)]);
    const url = /Stoker ready: (\S+)\/manager/.exec(engine.output())?.[1];
    const answered = fetch(`${url}/manager/start`, { method: 'POST' }).catch(() => undefined);
    const { pid = 0 } = engine.child;
    await comfyuiOf(pid, 20_000);
    const afterMs = random.pick([0, 0, 1, 3, 10]);
    if (afterMs > 0) await delay(afterMs);
    await kill(engine);
    await answered;
  }
  await expectBy(performance.now() + ALONE_LIMIT_MS, 'left running after its launch', async () => marked());
});
