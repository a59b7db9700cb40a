/** The RunPod simulator is what RunPod's official Python SDK takes it for, not only our own client. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { startSimulator, stopAllComfyui } from '../../support/comfyui-process.ts';
import { startRunpod, stopRunpods } from '../../support/runpod-process.ts';
import { pythonWithRunpod } from '../../support/runpod-sdk.ts';
import { workflow } from '../../support/workflows.ts';

const python = await pythonWithRunpod();
const folder = mkdtempSync(join(tmpdir(), 'stoker-sdk-'));

afterAll(async () => {
  await stopRunpods();
  await stopAllComfyui();
  rmSync(folder, { recursive: true, force: true });
});

it.skipIf(python === null)("answers RunPod's own SDK", async () => {
  const comfyui = await startSimulator({ arguments: ['--cpu'] });
  const runpod = await startRunpod('--comfyui', comfyui.url, '--cold-start-ms', '50');
  const files = [workflow('simple'), workflow('slow_progress_10s', { '2.seconds': 30 })].map((graph, index) => {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, JSON.stringify(graph));
    return file;
  });
  const script = resolve(import.meta.dirname, '../../support/runpod-sdk.py');
  const { stdout } = await promisify(execFile)(python ?? '', [script, ...files], {
    env: {
      PATH: process.env.PATH,
      RUNPOD_ENDPOINT_BASE_URL: runpod.baseUrl,
      ENDPOINT: runpod.endpoint,
      KEY: runpod.key,
    },
  });
  const picture = { images: [{ filename: expect.stringMatching(/\.png$/), type: 'base64', data: expect.any(String) }] };
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
    health: { jobs: expect.objectContaining({ inQueue: 0 }), workers: expect.objectContaining({ running: 0 }) },
    run_sync: picture,
    output: picture,
    status: 'COMPLETED',
    cancelled: ['CANCELLED', 'CANCELLED'],
    after: ['CANCELLED', 'CANCELLED'],
    purged: { removed: 0, status: 'completed' },
    refused: expect.stringContaining('401'),
  });
});
