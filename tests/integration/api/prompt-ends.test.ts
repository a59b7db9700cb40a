/** What the shell hears of prompts through the built engine: their ends and their pictures; the real ComfyUI too, where there is one. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { HappeningsSchema, MANAGER_ROUTES } from '../../../contract/manager-api.ts';
import { realComfyui, simulatorEntry } from '../../support/comfyui-process.ts';
import { closeEventStreams, listen } from '../../support/engine-events.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { workflow } from '../../support/workflows.ts';

const LIMIT_MS = 180_000;
const folders: string[] = [];

/** A folder for ComfyUI to write to, with what the real one expects below it. */
function baseFolder(): string {
  const base = mkdtempSync(join(tmpdir(), 'stoker-prompt-ends-'));
  folders.push(base);
  for (const folder of ['input', 'output', 'user', 'models/checkpoints', 'custom_nodes']) {
    mkdirSync(join(base, folder), { recursive: true });
  }
  const nodes = resolve(import.meta.dirname, '../../fixtures/comfyui-nodes/lab_nodes');
  cpSync(nodes, join(base, 'custom_nodes/lab_nodes'), { recursive: true });
  return base;
}

function simulated(): Record<string, string> {
  const base = baseFolder();
  const words = [
    process.execPath,
    simulatorEntry(),
    '--listen',
    '{host}',
    '--port',
    '{port}',
    '--base-directory',
    base,
  ];
  return {
    STOKER_INSTALLATION_COMMAND_LINE: words.map((word) => JSON.stringify(word)).join(' '),
    STOKER_INSTALLATION_OUTPUT_DIRECTORY: join(base, 'output'),
  };
}

function real(): Record<string, string> {
  const comfyui = realComfyui();
  if (comfyui === undefined) throw new Error('STOKER_TEST_COMFYUI names no ComfyUI');
  const base = baseFolder();
  return {
    STOKER_INSTALLATION_FOLDER: comfyui.folder,
    STOKER_INSTALLATION_PYTHON: comfyui.python,
    STOKER_INSTALLATION_ARGUMENTS: JSON.stringify([
      '--cpu',
      '--database-url',
      'sqlite:///:memory:',
      '--base-directory',
      base,
    ]),
    STOKER_INSTALLATION_OUTPUT_DIRECTORY: join(base, 'output'),
    STOKER_INSTALLATION_ENVIRONMENT: JSON.stringify({ PYTHONDONTWRITEBYTECODE: '1' }),
  };
}

afterEach(async () => {
  closeEventStreams();
  await stopEngines();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** As a script does, without a client id: ComfyUI tells such a prompt's end to nobody. */
async function queue(engine: EngineProcess, prompt: object): Promise<string> {
  const answer = await engine.post('/prompt', { prompt });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { prompt_id: string }).prompt_id;
}

const preview = (engine: EngineProcess, promptId: string): Promise<Response> =>
  fetch(`${engine.url}${MANAGER_ROUTES.prompts}/${promptId}/preview`);

const sentences = async (engine: EngineProcess): Promise<string[]> => {
  const answer = await fetch(`${engine.url}${MANAGER_ROUTES.happenings}`);
  return HappeningsSchema.parse(await answer.json()).happenings.map(({ message }) => message);
};

const comfyuis = [
  ['the simulator', simulated],
  ...(realComfyui() === undefined ? [] : [['the real ComfyUI', real] as const]),
] as const;

describe.each(comfyuis)('%s', (_name, environment) => {
  it(
    'tells each end once, with words and a picture, and neither again after the engine was killed',
    async () => {
      const settings = environment();
      const dataFolder = baseFolder();
      const engine = await startEngine({ dataFolder, environment: settings });
      const events = await listen(engine.url, ['promptEnd', 'happening']);

      const done = await queue(engine, workflow('simple'));
      const cached = await queue(engine, workflow('simple'));
      const failed = await queue(engine, workflow('fail_runtime'));
      const last = await queue(engine, workflow('minimal'));
      await events.heard('promptEnd', ({ promptId }) => promptId === last);
      const ends = events.of('promptEnd');
      expect(ends.map(({ promptId }) => promptId).sort()).toEqual([done, cached, failed, last].sort());
      const end = ends.find(({ promptId }) => promptId === done);
      expect(end).toMatchObject({ outcome: 'completed', title: 'lab_simple', images: [{ type: 'output' }] });
      expect(end?.seconds).toBeGreaterThan(0);
      expect(ends.find(({ promptId }) => promptId === failed)).toMatchObject({
        outcome: 'failed',
        message: expect.stringContaining('LabFail (node 2): '),
      });
      const told = await sentences(engine);
      expect(told).toContainEqual(expect.stringMatching(/^Prompt done: 1 image in .* s\.$/));
      expect(told).toContainEqual(expect.stringMatching(/^Prompt failed: LabFail \(node 2\): .*\.$/));

      const picture = await preview(engine, done);
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
      expect(Buffer.from(await picture.arrayBuffer()).readUInt16BE(0)).toBe(0xffd8);
      const missing = await preview(engine, failed);
      expect(await missing.json()).toMatchObject({ error: { code: 'no_preview' } });
      expect(missing.status).toBe(404);

      await engine.kill();
      const next = await startEngine({ dataFolder, environment: settings });
      const later = await listen(next.url, ['promptEnd']);
      await next.until(({ state, queue: { known } }) => state === 'running' && known);
      const fresh = await queue(next, workflow('simple', { '4.filename_prefix': 'fresh' }));
      await later.heard('promptEnd', ({ promptId }) => promptId === fresh);
      expect(later.of('promptEnd').map(({ promptId }) => promptId)).toEqual([fresh]);
    },
    LIMIT_MS,
  );

  it(
    'shows the picture from the disk while it sleeps, and is not woken by that',
    async () => {
      const engine = await startEngine({ environment: environment() });
      const events = await listen(engine.url, ['promptEnd']);
      const done = await queue(engine, workflow('simple'));
      await events.heard('promptEnd');
      expect((await engine.post(MANAGER_ROUTES.stop)).status).toBe(200);
      const picture = await preview(engine, done);
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
      const status = await engine.status();
      expect(status).toMatchObject({ state: 'stopped', reasonCode: 'user' });
      expect((await preview(engine, 'never-queued')).status).toBe(404);
    },
    LIMIT_MS,
  );

  it(
    'tells of a prompt that was interrupted',
    async () => {
      const engine = await startEngine({ environment: environment() });
      const events = await listen(engine.url, ['promptEnd']);
      const interrupted = await queue(engine, workflow('slow_progress_10s'));
      await engine.until(({ queue: { current } }) => current?.promptId === interrupted);
      await engine.post('/interrupt', {});
      expect(await events.heard('promptEnd')).toMatchObject({ promptId: interrupted, outcome: 'interrupted' });
    },
    LIMIT_MS,
  );
});
