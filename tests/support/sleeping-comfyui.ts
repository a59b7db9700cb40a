/** A folder for one ComfyUI and its Stoker, and how that is woken and put to sleep. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Status } from '../../contract/status.ts';
import type { EngineProcess } from './engine-process.ts';

const NODES = resolve(import.meta.dirname, '../fixtures/comfyui-nodes/lab_nodes');

/** A folder for everything that ComfyUI and Stoker write. */
export function newBase(): string {
  const base = mkdtempSync(join(tmpdir(), 'stoker-page-'));
  for (const folder of ['input', 'output', 'user/default', 'models/checkpoints', 'custom_nodes', 'data'])
    mkdirSync(join(base, folder), { recursive: true });
  // Otherwise a first visit covers Run with a choice of templates.
  writeFileSync(join(base, 'user/default/comfy.settings.json'), '{"Comfy.TutorialCompleted": true}');
  cpSync(NODES, join(base, 'custom_nodes/lab_nodes'), { recursive: true });
  return base;
}

export async function wake(engine: EngineProcess): Promise<Status> {
  await engine.post('/manager/start');
  return engine.until(({ state, page }) => state === 'running' && page.store === 'ready', 90_000);
}

/** @returns how it stands then; `since` stays the same for as long as nothing starts it */
export async function putToSleep(engine: EngineProcess): Promise<Status> {
  await engine.post('/manager/stop');
  return engine.until(({ state }) => state === 'stopped');
}

/** Pictures that this ComfyUI has saved. */
export const savedIn = (base: string): string[] =>
  readdirSync(join(base, 'output')).filter((name) => name.endsWith('.png'));
