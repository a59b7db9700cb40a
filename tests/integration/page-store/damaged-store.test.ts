/** The kept page deleted, damaged or on a disk that refuses, while Stoker runs: slower, never wrong, and whole again where the disk allows. */
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulatorEntry } from '../../support/comfyui-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { ask, askJson, post } from '../../support/http-ask.ts';
import { newBase, putToSleep, wake } from '../../support/sleeping-comfyui.ts';
import { mountSmallDisk, type SmallDisk } from '../../support/small-disk.ts';

const PATHS = [
  '/',
  '/assets/page.js',
  '/scripts/app.js',
  '/api/object_info',
  '/api/settings',
  '/api/models/checkpoints',
  '/api/userdata?dir=workflows&recurse=true&split=false&full_info=true',
];

let base: string;
let engine: EngineProcess;
let disk: SmallDisk | null = null;

beforeEach(() => {
  base = newBase();
});
afterEach(async () => {
  await stopEngines();
  rmSync(base, { recursive: true, force: true });
  disk?.remove();
  disk = null;
});

async function start(): Promise<void> {
  engine = await startEngine({
    dataFolder: join(base, 'data'),
    environment: {
      STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} --base-directory "${base}" --sim-start-seconds 0`,
      STOKER_PAGE_WRITES_WHILE_ASLEEP: 'keep',
    },
  });
}

const pages = (): string => join(base, 'data/comfyui/page');
/** Of the one installation. */
const folder = (): string => join(pages(), readdirSync(pages()).find((name) => !name.includes('.')) ?? '');
/** Compressed or not. */
const eachBody = (change: (file: string) => void): void => {
  for (const kept of ['bodies', 'compressed']) {
    for (const name of readdirSync(join(folder(), kept))) change(join(folder(), kept, name));
  }
};

/** As a browser asks, which takes what is compressed. */
const bodies = (url: string): Promise<string[]> =>
  Promise.all(PATHS.map(async (path) => `${path} ${await (await fetch(`${url}${path}`)).text()}`));

const DAMAGES: readonly (readonly [string, () => void])[] = [
  ['bodies cut short', () => eachBody((file) => truncateSync(file, Math.floor(readFileSync(file).length / 2)))],
  [
    'bodies with other bytes',
    () =>
      eachBody((file) => {
        const bytes = readFileSync(file);
        if (bytes.length > 0) bytes[0] = (bytes[0] ?? 0) ^ 1;
        writeFileSync(file, bytes);
      }),
  ],
  ['bodies with more bytes', () => eachBody((file) => appendFileSync(file, ' '))],
  ['no bodies', () => rmSync(join(folder(), 'bodies'), { recursive: true })],
  ['no compressed copies', () => rmSync(join(folder(), 'compressed'), { recursive: true })],
  ['no folder', () => rmSync(pages(), { recursive: true })],
];

describe('a kept page with', () => {
  for (const when of ['asleep', 'awake'] as const) {
    it.each(DAMAGES)(
      `%s, while ComfyUI is ${when}, is right at once and kept again after a wake`,
      async (_how, damage) => {
        await start();
        const { port } = await wake(engine);
        const expected = await bodies(`http://127.0.0.1:${port}`);
        if (when === 'awake') damage();
        await putToSleep(engine);
        if (when === 'asleep') damage();
        // Wakes it where nothing else helps.
        expect(await bodies(engine.url)).toEqual(expected);
        await wake(engine);
        await putToSleep(engine);
        expect(await bodies(engine.url)).toEqual(expected);
        expect((await engine.status()).state).toBe('stopped');
      },
    );
  }

  it.each(['nonsense', '{"version":1,"answers":[{}]}', ''])(
    'an index of %j is not opened after a restart of Stoker, and is whole after the next wake',
    async (text) => {
      await start();
      await wake(engine);
      await engine.stop();
      writeFileSync(join(folder(), 'index.json'), text);
      await start();
      expect((await engine.status()).page.store).toBe('empty');
      expect(Object.keys(await askJson(`${engine.url}/api/object_info`))).toContain('EmptyImage');
      await wake(engine);
      await putToSleep(engine);
      expect(await ask(`${engine.url}/`)).toMatchObject({ status: 200 });
      expect((await engine.status()).state).toBe('stopped');
    },
  );
});

/** The store cannot write; what was kept before is there, or not. */
const REFUSALS: readonly (readonly [string, () => void])[] = [
  [
    'a file in its place',
    () => {
      rmSync(pages(), { recursive: true });
      writeFileSync(pages(), 'a file');
    },
  ],
  ['a full disk', () => disk?.fill()],
  ['a disk that may not be written', () => disk?.remount('ro')],
];

describe('a kept page on', () => {
  it.each(REFUSALS)(
    '%s is never older than what ComfyUI said, and confirms no write that it cannot keep',
    async (how, refuse) => {
      if (how !== 'a file in its place') {
        disk = mountSmallDisk('8m');
        if (disk === null) return console.warn(`SKIPPED: ${how} (this user may not mount one).`);
        mkdirSync(join(base, 'data/comfyui'), { recursive: true });
        symlinkSync(disk.folder, pages());
      }
      await start();
      await wake(engine);
      refuse();
      await putToSleep(engine);
      const saved = await post(`${engine.url}/api/settings/Mine`, 'kept');
      expect(saved.status).toBe(200);
      // It was woken for that, or has it on disk.
      const { state, page } = await engine.status();
      expect(state === 'running' || page.writesKept === 1).toBe(true);
      await engine.kill();
      await start();
      expect(await askJson(`${engine.url}/api/settings`)).toMatchObject({ Mine: 'kept' });

      writeFileSync(join(base, 'models/checkpoints/newer.safetensors'), '');
      await engine.post('/manager/start');
      await engine.until(({ state: now, page: kept }) => now === 'running' && kept.store !== 'refreshing');
      await putToSleep(engine);
      expect(await askJson(`${engine.url}/api/models/checkpoints`)).toContain('newer.safetensors');
      expect((await ask(`${engine.url}/api/object_info`)).text).toContain('newer.safetensors');
    },
  );
});
