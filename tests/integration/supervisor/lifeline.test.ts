import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createStartLifeline } from '../../../engine/supervisor/processes/lifeline.ts';
import { lifelineScript } from '../../../engine/supervisor/processes/lifeline-script.ts';
import { createProcessRecords, type ProcessRecord } from '../../../engine/supervisor/processes/orphans.ts';
import { createProcessTable, type ProcessInfo } from '../../../engine/supervisor/processes/process-table.ts';
import { createRealProcesses, firstLine, type RealProcesses, waitFor } from '../../support/real-processes.ts';
import type { StandInOptions, StandInReport } from '../../support/stand-in-engine.ts';

const root = resolve(import.meta.dirname, '../../..');
const table = createProcessTable();
let built: string;
let folder: string;
let recordFile: string;
let processes: RealProcesses;

beforeAll(async () => {
  const cache = join(root, 'node_modules/.cache/stoker-test');
  mkdirSync(cache, { recursive: true });
  built = mkdtempSync(join(cache, 'stand-in-'));
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: { ssr: join(root, 'tests/support/stand-in-engine.ts'), outDir: built, target: 'node20' },
  });
});

afterAll(() => rmSync(built, { recursive: true, force: true }));

beforeEach(() => {
  folder = mkdtempSync(join(built, 'scene-'));
  recordFile = join(folder, 'comfyui process.json');
  processes = createRealProcesses();
});

afterEach(() => processes.endAll());

interface Scene extends StandInReport {
  readonly engine: ChildProcess & { readonly pid: number };
  readonly watcher: ProcessInfo;
}

/** ComfyUI that ends at SIGTERM as the real one does, with a helper in its group that does not. */
const WITH_STUBBORN_HELPER = `sh -c 'trap "" TERM; while :; do sleep 1; done' & while :; do sleep 1; done`;
const STUBBORN = `trap '' TERM; while :; do sleep 1; done`;

async function launch(options: Partial<StandInOptions> = {}): Promise<Scene> {
  const whole: StandInOptions = {
    recordFile,
    comfyui: WITH_STUBBORN_HELPER,
    waitSeconds: 1,
    graceSeconds: 1,
    ...options,
  };
  const engine = processes.start(process.execPath, [join(built, 'stand-in-engine.js'), JSON.stringify(whole)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const report = JSON.parse(await firstLine(engine)) as StandInReport;
  const watcher = await waitFor('the watcher', async () => (await watchers())[0]);
  return { engine, watcher, ...report };
}

async function watchers(): Promise<ProcessInfo[]> {
  return (await table.list()).filter(
    (process) => process.command.includes('stoker-lifeline') && process.command.includes(recordFile),
  );
}

async function groupOf(pid: number): Promise<ProcessInfo[]> {
  return (await table.list()).filter((process) => process.groupId === pid);
}

/** What an engine that adopts writes down; this process stands for it. */
function adopt(changes: Partial<ProcessRecord> = {}): void {
  const records = createProcessRecords({ file: recordFile, table });
  const record = records.read();
  if (record === null) throw new Error('the stand-in wrote no record');
  records.write({ ...record, enginePid: process.pid, ...changes });
}

const gone = (pid: number) => async () => (await table.find(pid)) === null;
const noWatcher = async () => (await watchers()).length === 0;

describe('when the engine is killed', () => {
  test('ComfyUI and what it started end with it (pains 15, 17)', async () => {
    const scene = await launch();
    expect(await groupOf(scene.rootPid)).not.toHaveLength(0);
    scene.engine.kill('SIGKILL');
    await waitFor('the group to end', async () => (await groupOf(scene.rootPid)).length === 0);
    await waitFor('the watcher to end', noWatcher);
  });

  test('a ComfyUI that ignores SIGTERM ends too', async () => {
    const scene = await launch({ comfyui: STUBBORN });
    scene.engine.kill('SIGKILL');
    await waitFor('ComfyUI to end', gone(scene.rootPid));
  });

  test('a program started later does not keep it alive by holding the pipe', async () => {
    const scene = await launch();
    scene.engine.kill('SIGKILL');
    await waitFor('ComfyUI to end', gone(scene.rootPid));
    expect(await table.find(scene.laterPid)).not.toBeNull();
  });

  test('a ComfyUI that another engine adopts in time is spared', async () => {
    const scene = await launch({ waitSeconds: 600 });
    scene.engine.kill('SIGKILL');
    adopt();
    await waitFor('the watcher to end', noWatcher);
    expect(await table.find(scene.rootPid)).not.toBeNull();
  });

  test.each([
    ['that is dead as well', (record: string) => record.replace(/"enginePid":\d+/, '"enginePid":999999')],
    ['of another ComfyUI', (record: string) => record.replace(/"pid":\d+/, `"pid":1${process.pid}`)],
    ['that cannot be read', () => '{"pid":'],
  ])('a record of an adopter %s does not spare it', async (_what, change) => {
    const scene = await launch();
    const record = readFileSync(recordFile, 'utf8').replace(/"enginePid":\d+/, `"enginePid":${process.pid}`);
    writeFileSync(recordFile, change(record));
    scene.engine.kill('SIGKILL');
    await waitFor('ComfyUI to end', gone(scene.rootPid));
  });

  test('a ComfyUI that ends by itself ends the watch', async () => {
    const scene = await launch({ waitSeconds: 600, comfyui: 'exec sleep 600' });
    scene.engine.kill('SIGKILL');
    process.kill(scene.rootPid, 'SIGKILL');
    await waitFor('the watcher to end', noWatcher);
  });
});

describe('while the engine lives', () => {
  test('closing its terminal, Ctrl-C and a kill of its group do not take the watch off', async () => {
    const scene = await launch();
    expect(scene.watcher.groupId).toBe(scene.watcher.pid);
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.kill(scene.watcher.pid, signal);
    scene.engine.kill('SIGKILL');
    await waitFor('ComfyUI to end', gone(scene.rootPid));
  });

  test('released, it goes without harm, also when the engine is killed after', async () => {
    const scene = await launch();
    const released = firstLine(scene.engine);
    scene.engine.stdin?.write('release\n');
    expect(await released).toBe('released');
    await waitFor('the watcher to end', noWatcher);
    scene.engine.kill('SIGKILL');
    await waitFor('the engine to end', gone(scene.engine.pid));
    expect(await table.find(scene.rootPid)).not.toBeNull();
  });

  test('it does not keep the engine from ending, and an end without release is an end of ComfyUI', async () => {
    const scene = await launch();
    scene.engine.stdin?.end();
    await waitFor('the engine to end', gone(scene.engine.pid));
    await waitFor('ComfyUI to end', gone(scene.rootPid));
  });
});

describe('a ComfyUI that restarted itself under a new pid (pain 19)', () => {
  /** The pid of the process that took the place of `first` in its group, after `first` is gone. */
  async function restart(first: number): Promise<number> {
    const successor = await waitFor('the successor', async () =>
      (await groupOf(first)).find((member) => member.command === 'sleep 605'),
    );
    process.kill(first, 'SIGKILL');
    await waitFor('the first to end', gone(first));
    return successor.pid;
  }

  test('is ended with the group it stayed in', async () => {
    const first = processes.start('/bin/sh', ['-c', 'sleep 605 & sleep 606 & wait'], { detached: true });
    const successor = await restart(first.pid);
    const args = ['-c', lifelineScript(process.platform), 'stoker-lifeline'];
    const words = [successor, recordFile, 1, 1, process.pid].map(String);
    const watcher = processes.start('/bin/sh', [...args, ...words], { stdio: ['pipe', 'ignore', 'inherit'] });
    watcher.stdin?.end();
    await waitFor('the group to end', async () => (await groupOf(first.pid)).length === 0);
  });

  test('is ended when the engine was killed before it heard of the restart', async () => {
    const scene = await launch({ comfyui: 'sleep 605 & wait' });
    const successor = await restart(scene.rootPid);
    scene.engine.kill('SIGKILL');
    await waitFor('the successor to end', gone(successor));
  });

  test('is spared when the next engine adopts it under the new pid', async () => {
    const scene = await launch({ comfyui: 'sleep 605 & wait', waitSeconds: 600 });
    const successor = await restart(scene.rootPid);
    scene.engine.kill('SIGKILL');
    adopt({ pid: successor });
    await waitFor('the watcher to end', noWatcher);
    expect(await table.find(successor)).not.toBeNull();
  });
});

describe('a watcher that is killed', () => {
  test('is told of in the log, and may still be released', async () => {
    const warnings: unknown[] = [];
    const log = { warn: (details: unknown) => void warnings.push(details) };
    const comfyui = processes.start('sleep', ['600'], { detached: true });
    const startLifeline = createStartLifeline({ log: log as never });
    const lifeline = startLifeline({ rootPid: comfyui.pid, recordFile, waitSeconds: 600, graceSeconds: 1 });
    const watcher = await waitFor('the watcher', async () => (await watchers())[0]);
    process.kill(watcher.pid, 'SIGKILL');
    await waitFor('the warning', () => warnings.length > 0);
    expect(warnings).toEqual([{ rootPid: comfyui.pid, reason: 'SIGKILL' }]);
    lifeline.release();
    lifeline.release();
    expect(await table.find(comfyui.pid)).not.toBeNull();
  });

  test('is not told of when it was released', async () => {
    const warnings: unknown[] = [];
    const log = { warn: (details: unknown) => void warnings.push(details) };
    const comfyui = processes.start('sleep', ['600'], { detached: true });
    const startLifeline = createStartLifeline({ log: log as never });
    const lifeline = startLifeline({ rootPid: comfyui.pid, recordFile, waitSeconds: 600, graceSeconds: 1 });
    lifeline.release();
    await waitFor('the watcher to end', noWatcher);
    expect(warnings).toEqual([]);
  });
});

describe('a pid that was given to another process', () => {
  /** The script of each system, told who bears a pid by one file for each of its looks, in place of the system. */
  const STAGES = [
    {
      system: 'Linux',
      script: () => lifelineScript('linux').replaceAll('/proc/$1/stat', `${folder}/look-$looks`),
      looksLike: (pid: number, birth: number) =>
        `${pid} (py) thon) S 1 ${pid} ${pid} 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${birth} 0 0\n`,
    },
    {
      system: 'macOS',
      script: () => lifelineScript('darwin').replaceAll('ps -o pgid=,lstart= -p "$1"', `cat "${folder}/look-$looks"`),
      looksLike: (pid: number, birth: number) => `  ${pid} Thu Nov  ${birth} 09:04:31 2026\n`,
    },
  ];

  /** The first look is at the engine, the second at ComfyUI while the watch begins, all others are after the engine's end. */
  async function watch(stage: (typeof STAGES)[number], rootPid: number, births: { before: number; after: number }) {
    const looks = [[process.pid, 3], [rootPid, births.before], ...Array(40).fill([rootPid, births.after])];
    for (const [index, [pid, birth]] of looks.entries()) {
      writeFileSync(join(folder, `look-${index + 1}`), stage.looksLike(pid, birth));
    }
    const script = stage.script().replace('started= group=', 'looks=$((looks + 1)) started= group=');
    const args = ['-c', script, 'stoker-lifeline', String(rootPid), recordFile, '1', '1', String(process.pid)];
    const watcher = processes.start('/bin/sh', args, { stdio: ['pipe', 'ignore', 'inherit'] });
    watcher.stdin?.end();
    await waitFor('the watcher to end', gone(watcher.pid));
  }

  test.each(STAGES)('is not hit on $system (pains 20, 22)', async (stage) => {
    const stranger = processes.start('sleep', ['600'], { detached: true });
    await watch(stage, stranger.pid, { before: 5, after: 6 });
    expect(await table.find(stranger.pid)).not.toBeNull();
  });

  test.each(STAGES)('but the process that was watched is, on $system', async (stage) => {
    const comfyui = processes.start('sleep', ['600'], { detached: true });
    await watch(stage, comfyui.pid, { before: 5, after: 5 });
    expect(await table.find(comfyui.pid)).toBeNull();
  });
});
