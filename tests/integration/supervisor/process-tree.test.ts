import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createProcessRecords } from '../../../engine/supervisor/processes/orphans.ts';
import { createProcessTable } from '../../../engine/supervisor/processes/process-table.ts';
import { createProcessTree } from '../../../engine/supervisor/processes/process-tree.ts';
import { createRealProcesses, killIfThere, type RealProcesses, waitFor } from '../../support/real-processes.ts';

const table = createProcessTable();
let folder: string;
let processes: RealProcesses;
let recordFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-tree-'));
  recordFile = join(folder, 'record.json');
  processes = createRealProcesses();
});

afterEach(async () => {
  await processes.endAll();
  rmSync(folder, { recursive: true, force: true });
});

/** A stand-in for ComfyUI: detached, with a nonce and a record, as the supervisor launches it. */
async function launch(script: string, { withRecord = true } = {}) {
  const nonce = randomUUID();
  const comfyui = processes.start('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: folder,
    environment: { STOKER_NONCE: nonce },
  });
  const records = createProcessRecords({ file: recordFile, table });
  const found = await waitFor('the stand-in', () => table.find(comfyui.pid));
  const record = {
    pid: comfyui.pid,
    startToken: found.startToken,
    nonce,
    host: '127.0.0.1',
    port: 8190,
    generation: 1,
    enginePid: process.pid,
    launchedAt: Date.now(),
    withoutCustomNodes: false,
  };
  if (withRecord) records.write(record);
  return { rootPid: comfyui.pid, comfyui, nonce, records, record, tree: createProcessTree({ table, records }) };
}

/** The process of this launch whose command line begins so. */
async function findByCommand(nonce: string, beginning: string) {
  return waitFor(beginning, async () => {
    const pids = await table.pidsWithEnvironment('STOKER_NONCE', nonce);
    return (await table.list()).find((process) => pids.has(process.pid) && process.command.startsWith(beginning));
  });
}

describe('ending a real tree', () => {
  test('ends a grandchild that ignores SIGTERM, left the session and lost its parents (pains 15, 16)', async () => {
    writeFileSync(join(folder, 'stray.sh'), "trap '' TERM\nwhile :; do sleep 1; done\n");
    const scene = await launch('(setsid sh stray.sh &); exec sleep 600');
    const stray = await findByCommand(scene.nonce, 'sh stray.sh');
    await waitFor('it to lose its parent', async () => (await table.find(stray.pid))?.parentPid !== scene.rootPid);

    await scene.tree.askToEnd(scene.rootPid);
    await waitFor('ComfyUI to end', async () => (await table.find(scene.rootPid)) === null);
    expect(await scene.tree.remaining(scene.rootPid)).toContain(stray.pid);

    expect(await scene.tree.end(scene.rootPid)).toEqual([]);
    expect(await table.pidsWithEnvironment('STOKER_NONCE', scene.nonce)).toEqual(new Set());
  });

  test('ends a helper that hid its environment, because it was seen before', async () => {
    const scene = await launch(`env -i sh -c 'setsid sleep 601 & wait' & exec sleep 600`);
    const helper = await waitFor('the helper', async () =>
      (await table.list()).find((process) => process.command === 'sleep 601'),
    );
    try {
      expect(await scene.tree.remaining(scene.rootPid)).toContain(helper.pid);
      killIfThere(helper.parentPid);
      killIfThere(scene.rootPid);
      await waitFor('the root to end', async () => (await table.find(scene.rootPid)) === null);
      expect(await scene.tree.end(scene.rootPid)).toEqual([]);
      expect(await table.find(helper.pid)).toBeNull();
    } finally {
      killIfThere(helper.pid);
    }
  });

  test('ends what a crashed ComfyUI left in its group, found by an engine that never saw it alive', async () => {
    const scene = await launch('sleep 602 & sleep 600 & wait');
    await findByCommand(scene.nonce, 'sleep 602');
    killIfThere(scene.rootPid);
    await waitFor('the root to end', async () => (await table.find(scene.rootPid)) === null);
    const nextEngine = createProcessTree({ table, records: createProcessRecords({ file: recordFile, table }) });
    expect(await nextEngine.remaining(scene.rootPid)).toHaveLength(2);
    expect(await nextEngine.end(scene.rootPid)).toEqual([]);
    expect(await table.pidsWithEnvironment('STOKER_NONCE', scene.nonce)).toEqual(new Set());
  });

  test('keeps up with a tree that forks while it is being ended', async () => {
    const scene = await launch('while :; do (sleep 600 & sleep 600) & done & sleep 0.2; kill $!; wait');
    await findByCommand(scene.nonce, 'sleep 600');
    expect(await scene.tree.end(scene.rootPid)).toEqual([]);
    expect(await table.pidsWithEnvironment('STOKER_NONCE', scene.nonce)).toEqual(new Set());
  });

  test('spares the browser that ComfyUI opened, and its windows (pain 18)', async () => {
    const browser = join(folder, 'firefox');
    writeFileSync(browser, '#!/bin/sh\nsleep 603 &\nwait\n');
    chmodSync(browser, 0o755);
    const scene = await launch(`setsid ${browser} http://127.0.0.1:8188 & exec sleep 600`);
    const page = await findByCommand(scene.nonce, 'sleep 603');
    const opened = await findByCommand(scene.nonce, `/bin/sh ${browser}`);
    await scene.tree.askToEnd(scene.rootPid);
    expect(await scene.tree.end(scene.rootPid)).toEqual([]);
    expect(await table.find(opened.pid)).not.toBeNull();
    expect(await table.find(page.pid)).not.toBeNull();
  });

  test('takes a child for ours before its record is written', async () => {
    const scene = await launch('exec sleep 600', { withRecord: false });
    expect(await scene.tree.remaining(scene.rootPid)).toEqual([scene.rootPid]);
    expect(await scene.tree.end(scene.rootPid)).toEqual([]);
  });

  test('does not touch a stranger whose pid stands in an old record (pains 20, 22)', async () => {
    const stranger = processes.start('sleep', ['600'], { detached: true });
    const scene = await launch('exec sleep 600');
    scene.records.write({ ...scene.record, pid: stranger.pid });
    await scene.tree.askToEnd(stranger.pid);
    expect(await scene.tree.end(stranger.pid)).toEqual([]);
    expect(await table.find(stranger.pid)).not.toBeNull();
  });
});

describe('judging a real process by its record', () => {
  test('ours while it runs, gone after, a stranger when start time or nonce differ', async () => {
    const { records, record, comfyui } = await launch('exec sleep 600');
    expect(await records.judge(record)).toBe('ours');
    expect(await records.judge({ ...record, nonce: 'another launch' })).toBe('stranger');
    expect(await records.judge({ ...record, startToken: 'earlier' })).toBe('stranger');
    comfyui.kill('SIGKILL');
    await waitFor('it to be gone', async () => (await records.judge(record)) === 'gone');
  });

  test('a process that is dead and only waits for its parent to reap it is not left', async () => {
    // The inner shell has ended, but its parent became sleep, which never asks after its children.
    const { nonce, tree, rootPid } = await launch(`sh -c 'exit 0' & echo $! > dead; exec sleep 604`);
    await findByCommand(nonce, 'sleep 604');
    const dead = readFileSync(join(folder, 'dead'), 'utf8').trim();
    await waitFor('it to be dead', () => readFileSync(`/proc/${dead}/stat`, 'utf8').includes(') Z '));
    expect(await tree.remaining(rootPid)).toEqual([rootPid]);
  });
});
