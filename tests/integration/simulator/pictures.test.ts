/** The pictures the simulator makes are real: size, colour, metadata and previews, read back from files and frames. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readText } from '../../../simulator/comfyui/images/png.ts';
import { type ComfyuiProcess, startSimulator, stopAllComfyui } from '../../support/comfyui-process.ts';
import { plainPng } from '../../support/contract-requests.ts';
import { ask, askJson, post } from '../../support/http-ask.ts';
import { connectSocket, cutSocketClients } from '../../support/socket-client.ts';
import { until } from '../../support/until.ts';
import { type Workflow, workflow } from '../../support/workflows.ts';

interface Image {
  filename: string;
  subfolder: string;
  type: string;
}

let comfyui: ComfyuiProcess;

beforeAll(async () => {
  comfyui = await startSimulator();
});
afterEach(cutSocketClients);
afterAll(stopAllComfyui);

/** Runs a prompt to its end and gives the images of all its outputs. */
async function run(prompt: Workflow): Promise<Image[]> {
  const watcher = await connectSocket(`${comfyui.url.replace('http', 'ws')}/ws?clientId=${Math.random()}`);
  await watcher.heard(1);
  const id = String(watcher.messages[0]?.data.sid);
  const submitted = await post(`${comfyui.url}/prompt`, { prompt, client_id: id });
  const promptId = (JSON.parse(submitted.text) as { prompt_id: string }).prompt_id;
  await until(() => watcher.messages.some(({ type, data }) => type === 'executing' && data.node === null));
  const history = await askJson<Record<string, { outputs: Record<string, { images: Image[] }> }>>(
    `${comfyui.url}/history/${promptId}`,
  );
  return Object.values(history[promptId]?.outputs ?? {}).flatMap(({ images }) => images);
}

async function view({ filename, subfolder, type }: Image): Promise<Buffer> {
  const query = new URLSearchParams({ filename, subfolder, type });
  return (await ask(`${comfyui.url}/view?${query}`)).bytes;
}

/** Every colour that occurs, as hex. */
function colours(file: Buffer): string[] {
  const { data } = PNG.sync.read(file);
  const found = new Set<string>();
  for (let at = 0; at < data.length; at += 4) found.add(data.subarray(at, at + 3).toString('hex'));
  return [...found];
}

describe('a saved picture', () => {
  it('has the size and colour its workflow asks for, through scaling and blurring', async () => {
    const [image] = await run(workflow('simple'));
    const file = image ? await view(image) : Buffer.alloc(0);
    const { width, height } = PNG.sync.read(file);
    expect({ width, height, colours: colours(file) }).toEqual({ width: 512, height: 384, colours: ['3366cc'] });
  });

  it('carries its prompt in a tEXt chunk', async () => {
    const prompt = workflow('minimal', { '1.color': 4711, '2.filename_prefix': 'Bäume_木' });
    const [image] = await run(prompt);
    expect(JSON.parse(readText(image ? await view(image) : Buffer.alloc(0)).prompt ?? '')).toEqual(prompt);
  });

  it('is one of as many as the batch has, in the subfolder of its prefix', async () => {
    const images = await run(workflow('batch3_subfolder'));
    expect(images.map(({ subfolder, filename }) => `${subfolder}/${filename}`)).toEqual([
      'lab_sub/batch_00001_.png',
      'lab_sub/batch_00002_.png',
      'lab_sub/batch_00003_.png',
    ]);
    expect(await Promise.all(images.map(async (image) => colours(await view(image))))).toEqual([
      ['3366cc'],
      ['3366cc'],
      ['3366cc'],
    ]);
  });

  it('of an inverted upload has the opposite colour', async () => {
    writeFileSync(join(comfyui.baseDirectory, 'input/lab_upload.png'), plainPng(10, 20, 30));
    const [image] = await run(workflow('upload_invert'));
    expect(image && colours(await view(image))).toEqual(['f5ebe1']);
  });

  it('is made anew when the file it was made from has changed under the same name', async () => {
    writeFileSync(join(comfyui.baseDirectory, 'input/lab_upload.png'), plainPng(1, 1, 1));
    const [before] = await run(workflow('upload_invert'));
    writeFileSync(join(comfyui.baseDirectory, 'input/lab_upload.png'), plainPng(2, 2, 2));
    const [after] = await run(workflow('upload_invert'));
    expect([before, after].map((image) => image?.filename)).toHaveLength(2);
    expect(after && colours(await view(after))).toEqual(['fdfdfd']);
  });

  it('of PreviewImage lies in the temp folder alone', async () => {
    const [image] = await run(workflow('preview_only'));
    expect(image?.type).toBe('temp');
    expect(colours(readFileSync(join(comfyui.baseDirectory, 'temp', image?.filename ?? '')))).toEqual(['3366cc']);
  });

  it('is not written where its prefix would lead out of the output folder', async () => {
    expect(await run(workflow('minimal', { '2.filename_prefix': '../outside' }))).toEqual([]);
  });
});

describe('preview frames', () => {
  it.each([
    ['with metadata for a client that negotiated it', true, 4],
    ['plain for one that did not', false, 1],
  ])('are 512 × 512 JPEGs, %s', async (_, negotiated, event) => {
    const client = await connectSocket(`${comfyui.url.replace('http', 'ws')}/ws?clientId=preview-${event}`);
    if (negotiated) client.say('feature_flags', { supports_preview_metadata: true });
    await client.heard(negotiated ? 2 : 1);
    const prompt = workflow('slow_progress_preview_5s', { '2.seconds': 0.1, '2.steps': 1, '2.seed': event });
    await post(`${comfyui.url}/prompt`, { prompt, client_id: `preview-${event}` });
    await until(() => client.binaries.length > 0);
    const frame = client.binaries[0] ?? Buffer.alloc(8);
    expect(frame.readUInt32BE(0)).toBe(event);
    expect(jpegSize(frame.subarray(negotiated ? 8 + frame.readUInt32BE(4) : 8))).toEqual([512, 512]);
  });
});

describe('heavy pixel work', () => {
  it('leaves the server answering', async () => {
    const client = await connectSocket(`${comfyui.url.replace('http', 'ws')}/ws?clientId=heavy`);
    await client.heard(1);
    const prompt = workflow('slow_builtin_blur_chain', { '1.batch_size': 1, '8.filename_prefix': 'heavy' });
    const submitted = await post(`${comfyui.url}/prompt`, { prompt, client_id: 'heavy' });
    const promptId = (JSON.parse(submitted.text) as { prompt_id: string }).prompt_id;
    await until(() => client.messages.some(({ type, data }) => type === 'executing' && data.node === '2'));
    const { queue_running } = await askJson<{ queue_running: unknown[] }>(`${comfyui.url}/queue`);
    const blurred = client.messages.some(({ type, data }) => type === 'executing' && data.node === '3');
    await post(`${comfyui.url}/interrupt`, { prompt_id: promptId });
    expect([queue_running.length, blurred]).toEqual([1, false]);
    await until(() => client.types().includes('execution_interrupted'));
  });
});

/** Width and height from the frame header. */
function jpegSize(file: Buffer): [number, number] {
  const at = file.indexOf(Buffer.from([0xff, 0xc0]));
  return [file.readUInt16BE(at + 7), file.readUInt16BE(at + 5)];
}
