/**
 * What the tests of moving work stand on: an engine with a ComfyUI of its own, and an endpoint `pod` whose two workers run on another
 * ComfyUI. Engine and endpoint are new for each test; who made what is told by the two output folders.
 */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type ComfyuiProcess, startSimulator, stopAllComfyui } from './comfyui-process.ts';
import { stopEngines } from './engine-process.ts';
import { type RunpodProcess, startRunpod, stopRunpods } from './runpod-process.ts';
import { forget, newDataFolder, openWork, picturesIn, type WorkingEngine } from './working-engine.ts';

export interface WorkWithPod {
  readonly engine: WorkingEngine;
  readonly runpod: RunpodProcess;
  /** Ends the engine without a word; the next one goes on in its folder. */
  killEngine(): Promise<void>;
  reopenEngine(): Promise<void>;
  /** How many pictures of that name the supervised ComfyUI has made. */
  madeHere(name: string): number;
  /** How many the workers of the endpoint have made. */
  madeThere(name: string): number;
  /** What the platform charged, in millionths of a dollar at 500 a second. */
  charged(): Promise<number>;
}

/** Sets up and clears away around every test of the file that calls it. */
export function workWithPod(): WorkWithPod {
  let comfyui: ComfyuiProcess;
  let dataFolder: string;
  let runpod: RunpodProcess;
  let engine: WorkingEngine;

  beforeAll(async () => {
    comfyui = await startSimulator({ arguments: ['--cpu'] });
  });
  afterAll(stopAllComfyui);
  beforeEach(async () => {
    dataFolder = newDataFolder();
    runpod = await startRunpod('--comfyui', comfyui.url, '--cold-start-ms', '50', '--workers', '2');
    engine = await openWork(dataFolder);
    await engine.addEndpoint(runpod, { maxJobs: 2 });
  });
  afterEach(async () => {
    await stopEngines();
    await stopRunpods();
    forget(dataFolder);
  });

  const named = (files: readonly string[], name: string): number =>
    files.filter((file) => file.startsWith(`${name}_`)).length;
  return {
    get engine() {
      return engine;
    },
    get runpod() {
      return runpod;
    },
    killEngine: () => engine.process.kill(),
    async reopenEngine() {
      engine = await openWork(dataFolder);
    },
    madeHere: (name) => named(engine.madeAtHome(), name),
    madeThere: (name) => named(picturesIn(join(comfyui.baseDirectory, 'output')), name),
    charged: async () =>
      (await runpod.ledger()).reduce((sum, { chargedMs }) => sum + Math.ceil((chargedMs / 1000) * 500), 0),
  };
}
