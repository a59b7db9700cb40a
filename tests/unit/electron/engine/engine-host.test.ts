import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createEngineHost, type EngineHost } from '../../../../electron/engine/engine-host.ts';
import { OUTPUT_FILE, startEngineProcess } from '../../../../electron/engine/engine-process.ts';
import { createEngineSearch, SEARCH_LIMITS, type SearchLimits } from '../../../../electron/engine/engine-search.ts';
import { SILENCE_LIMIT_MS } from '../../../../electron/engine/event-stream.ts';
import { createStartTokenOf } from '../../../../electron/engine/start-token.ts';
import { createStartedEngines } from '../../../../electron/engine/started-engines.ts';
import { shellWords } from '../../../../strings/en/shell.ts';
import { exampleStatus } from '../../../support/fake-engine.ts';
import { lives } from '../../../support/living-process.ts';
import { until } from '../../../support/until.ts';

interface Start {
  readonly pid: number;
  readonly args: readonly string[];
  readonly handedIn: string;
}

/** A program folder and a data folder with a tiny engine in them, real processes, and hosts on both. */
function createScene(behaviour: object = {}) {
  const root = mkdtempSync(join(tmpdir(), 'stoker-host-'));
  const program = join(root, 'program');
  const folder = join(root, 'data');
  mkdirSync(join(program, 'cli'), { recursive: true });
  mkdirSync(folder);
  const tinyEngine = resolve(import.meta.dirname, '../../../support/tiny-engine.mjs');
  writeFileSync(join(program, 'cli', 'main.js'), `import(${JSON.stringify(tinyEngine)});`);
  writeFileSync(join(folder, 'status.json'), JSON.stringify(exampleStatus()));
  const behave = (how: object) => writeFileSync(join(folder, 'behaviour.json'), JSON.stringify(how));
  behave(behaviour);

  function starts(): Start[] {
    try {
      const lines = readFileSync(join(folder, 'starts.log'), 'utf8').trim().split('\n');
      return lines.map((line) => JSON.parse(line) as Start);
    } catch {
      return [];
    }
  }

  const reached: boolean[] = [];
  const log: string[] = [];
  const hosts: EngineHost[] = [];
  interface Opening {
    readonly limits?: Partial<SearchLimits>;
    readonly silenceLimitMs?: number;
    readonly record?: string;
  }
  function openHost({ limits = {}, silenceLimitMs = SILENCE_LIMIT_MS, record = 'engine.json' }: Opening = {}) {
    const host = createEngineHost({
      search: createEngineSearch({
        folder: () => folder,
        startProcess: (dataFolder) =>
          startEngineProcess(
            { node: process.execPath, folder: program },
            { folder: dataFolder, demo: true, port: 0, secrets: { 'network.token': 'planted-secret-value' } },
          ),
        startTokenOf: createStartTokenOf(process.platform),
        startedEngines: createStartedEngines(join(root, record)),
        token: () => null,
        words: () => shellWords.engine,
        limits: { ...SEARCH_LIMITS, ...limits },
      }),
      onReached: async (_client, startedNow) => void reached.push(startedNow),
      words: () => shellWords.engine,
      log: (line) => log.push(line),
      silenceLimitMs,
    });
    hosts.push(host);
    host.start();
    return host;
  }
  return {
    folder,
    behave,
    starts,
    reached,
    log,
    openHost,
    end() {
      for (const host of hosts) host.close();
      for (const { pid } of starts()) if (lives(pid)) process.kill(pid, 'SIGKILL');
      rmSync(root, { recursive: true, force: true });
    },
  };
}

let scene: ReturnType<typeof createScene>;
afterEach(() => scene.end());

const connected = (host: EngineHost) => until(() => host.state().kind === 'connected');
const pidOf = (host: EngineHost): number => host.link.status()?.engine.pid ?? 0;

describe('starting', () => {
  it('starts an engine where none runs, and hands the secrets in over standard input alone', async () => {
    scene = createScene();
    const host = scene.openHost();
    await connected(host);
    const [start] = scene.starts();
    expect(start?.args).toEqual([
      'serve',
      '--data-dir',
      scene.folder,
      '--secrets-from-stdin',
      '--attended',
      '--demo',
      '--port',
      '0',
    ]);
    expect(start?.handedIn).toBe('{"secrets":{"network.token":"planted-secret-value"}}\n');
    expect(readFileSync(`/proc/${start?.pid}/environ`, 'utf8')).not.toContain('planted-secret-value');
    expect(scene.log.join()).not.toContain('planted-secret-value');
    expect(host.state()).toMatchObject({ kind: 'connected', ours: true });
    expect(scene.reached).toEqual([true]);
  });

  it('gives up at once when the port is taken, with the engine’s own words and code', async () => {
    const details = { next: 'Choose another port.' };
    scene = createScene({ failWith: { code: 'public_port_taken', message: 'nginx (process 7) listens.', details } });
    const host = scene.openHost();
    await until(() => host.state().kind === 'gaveUp');
    expect(host.state()).toEqual({
      kind: 'gaveUp',
      code: 'public_port_taken',
      reason: 'nginx (process 7) listens.',
    });
    expect(scene.starts()).toHaveLength(1);
  });

  it('tells the last lines of an engine that ended without a word, and comes back when the user tries again', async () => {
    scene = createScene({ exitCode: 7 });
    const host = scene.openHost();
    await until(() => host.state().kind === 'restarting');
    expect(host.state()).toMatchObject({ reason: expect.stringContaining('the reason in words') });
    expect(host.state()).toMatchObject({ reason: expect.stringContaining('exit code 7') });
    scene.behave({});
    await connected(host);
  });

  it('gives up in words when the data folder cannot be written', async () => {
    scene = createScene();
    rmSync(scene.folder, { recursive: true });
    writeFileSync(scene.folder, 'a file in its place');
    const host = scene.openHost();
    await until(() => host.state().kind === 'gaveUp');
    expect(host.state()).toMatchObject({
      code: 'data_folder_unusable',
      reason: expect.stringContaining(scene.folder),
    });
  });

  it('writes what the engine prints into its data folder', async () => {
    scene = createScene({ exitCode: 7 });
    const host = scene.openHost();
    await until(() => host.state().kind === 'restarting');
    expect(readFileSync(join(scene.folder, OUTPUT_FILE), 'utf8')).toContain('the reason in words');
  });
});

describe('a running engine', () => {
  it('is attached to, and known as ours after a crash of the shell that started it', async () => {
    scene = createScene();
    const first = scene.openHost();
    await connected(first);
    const pid = pidOf(first);
    first.close();
    const second = scene.openHost();
    await connected(second);
    expect(pidOf(second)).toBe(pid);
    expect(second.state()).toMatchObject({ ours: true });
    expect(scene.reached).toEqual([true, false]);
  });

  it('is left alone on quitting when somebody else started it, and is not restarted', async () => {
    scene = createScene();
    const first = scene.openHost();
    await connected(first);
    const pid = pidOf(first);
    const stranger = scene.openHost({ record: 'another-shell.json' });
    await connected(stranger);
    expect(stranger.state()).toMatchObject({ ours: false });
    expect(await stranger.end(true)).toBe('done');
    await expect(stranger.restart(true)).rejects.toMatchObject({ code: 'engine_not_ours' });
    expect(lives(pid)).toBe(true);
  });

  it('is replaced by a new one when it is killed, and the old status is not shown meanwhile', async () => {
    scene = createScene();
    const host = scene.openHost();
    await connected(host);
    const pid = pidOf(host);
    const seen: (number | null)[] = [];
    host.link.onChange(() => {
      if (host.state().kind !== 'connected') seen.push(host.link.status()?.engine.pid ?? null);
    });
    process.kill(pid, 'SIGKILL');
    await until(() => host.state().kind === 'connected' && pidOf(host) !== pid);
    expect(scene.starts()).toHaveLength(2);
    expect(new Set(seen)).toEqual(new Set([null]));
  });

  it('is killed and replaced when it answers nothing any more', async () => {
    scene = createScene();
    const host = scene.openHost({ limits: { statusMs: 200, silenceMs: 1 }, silenceLimitMs: 300 });
    await connected(host);
    const pid = pidOf(host);
    // A suspended process lives on and answers nothing, as a hung one does.
    process.kill(pid, 'SIGSTOP');
    await until(() => host.state().kind === 'connected' && pidOf(host) !== pid);
    expect(lives(pid)).toBe(false);
  });
});

describe('ending', () => {
  it('leaves no process', async () => {
    scene = createScene();
    const host = scene.openHost();
    await connected(host);
    const pid = pidOf(host);
    expect(await host.end(false)).toBe('done');
    expect(lives(pid)).toBe(false);
    expect(host.state().kind).toBe('ending');
  });

  it('comes to nothing while there is work, unless forced', async () => {
    scene = createScene({ busy: true });
    const host = scene.openHost();
    await connected(host);
    const pid = pidOf(host);
    expect(await host.end(false)).toBe('busy');
    await connected(host);
    expect(pidOf(host)).toBe(pid);
    expect(await host.end(true)).toBe('done');
    expect(lives(pid)).toBe(false);
  });

  it('kills an engine that does not go', async () => {
    scene = createScene({ deaf: true });
    const host = scene.openHost({ limits: { endMs: 50 } });
    await connected(host);
    const pid = pidOf(host);
    expect(await host.end(true)).toBe('done');
    expect(lives(pid)).toBe(false);
  });

  it('ends an engine that is still starting', async () => {
    scene = createScene({ silent: true });
    const host = scene.openHost();
    await until(() => scene.starts().length === 1);
    await host.end(true);
    expect(lives(scene.starts()[0]?.pid ?? 0)).toBe(false);
  });

  it('starts another when it was there to change how the engine runs', async () => {
    scene = createScene();
    const host = scene.openHost();
    await connected(host);
    const pid = pidOf(host);
    let changed = false;
    const outcome = host.restart(false, () => {
      changed = !lives(pid);
    });
    expect(await outcome).toBe('done');
    await connected(host);
    expect(changed).toBe(true);
    expect(pidOf(host)).not.toBe(pid);
  });
});
