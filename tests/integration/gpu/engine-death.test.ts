import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createFakeNvidiaSmi, type FakeNvidiaSmi, isAlive } from '../../support/fake-nvidia-smi.ts';
import { gpuFixtureLines } from '../../support/gpu-fixture.ts';
import { waitFor } from '../../support/real-processes.ts';

let smi: FakeNvidiaSmi;
let engine: ReturnType<typeof startEngine> | undefined;

function startEngine(command: string) {
  const script = join(import.meta.dirname, '../../support/gpu-watcher.mjs');
  return spawn(process.execPath, [script, command], { stdio: ['ignore', 'pipe', 'inherit'] });
}

afterEach(() => {
  engine?.kill('SIGKILL');
  smi.remove();
});

/** Children of a process, by the kernel's list. */
async function descendantsOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const direct = children.split(' ').filter(Boolean).map(Number);
  return [...direct, ...(await Promise.all(direct.map(descendantsOf))).flat()];
}

describe.runIf(process.platform === 'linux')('the engine', () => {
  test('killed with -9 leaves no nvidia-smi behind, not even one that prints nothing', async () => {
    smi = createFakeNvidiaSmi({ gpu: gpuFixtureLines('h200-linux.gpu.csv'), apps: [] });
    engine = startEngine(smi.command);
    const [line] = (await once(engine.stdout, 'data')) as [Buffer];
    expect(String(line)).toMatch(/^measuring/);
    await waitFor('both loops', () => smi.alive().length === 2);
    const started = await descendantsOf(engine.pid ?? 0);
    expect(started.length).toBeGreaterThanOrEqual(2);

    engine.kill('SIGKILL');
    await waitFor('everything it started to be gone', () => started.every((pid) => !isAlive(pid)));
  });

  test('has nothing left of a loop that ended by itself', async () => {
    smi = createFakeNvidiaSmi({ fail: { afterSamples: 0, code: 6, text: 'No devices were found' }, everyMs: 5 });
    engine = startEngine(smi.command);
    const { pid } = engine;
    await once(engine.stdout, 'data');
    // The loop of the processes goes on: itself and the reader that ties it to the engine.
    await waitFor('nothing of the other', async () => (await descendantsOf(pid ?? 0)).length === 2);
  });
});
