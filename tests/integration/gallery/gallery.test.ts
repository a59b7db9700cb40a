/** The gallery over the whole built engine and a real folder: what it lists, what it gives out, and what nobody gets through it. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  EmbeddedWorkflowSchema,
  GalleryFileSchema,
  type GalleryItem,
  type GalleryPage,
  GalleryPageSchema,
} from '../../../contract/gallery.ts';
import { JobSchema } from '../../../contract/jobs.ts';
import { MANAGER_ROUTES } from '../../../contract/manager-api.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { workflow } from '../../support/workflows.ts';

let home: string;
let output: string;
let engine: EngineProcess;

const simulator = (): string =>
  `"${process.execPath}" "${join(process.env.STOKER_TEST_BUILD ?? '', 'simulator/comfyui.js')}" --listen {host} --port {port} --base-directory "${home}"`;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'stoker-gallery-'));
  output = join(home, 'output');
  mkdirSync(output);
});
afterEach(async () => {
  await stopEngines();
  rmSync(home, { recursive: true, force: true });
});

async function begin(environment: Record<string, string> = {}): Promise<void> {
  engine = await startEngine({
    dataFolder: join(home, 'data'),
    environment: {
      STOKER_INSTALLATION_FOLDER: home,
      STOKER_INSTALLATION_OUTPUT_DIRECTORY: output,
      ...environment,
    },
  });
}

function png(width = 8, height = 6, shade = 120): Buffer {
  const picture = new PNG({ width, height });
  picture.data.fill(shade);
  return PNG.sync.write(picture);
}

/** Long ago unless said otherwise: nobody still writes to it. */
function save(place: string, content: Buffer | string, minutesAgo = 60): void {
  const path = join(output, place);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  const at = Date.now() / 1000 - minutesAgo * 60;
  utimesSync(path, at, at);
}

const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${engine.url}${MANAGER_ROUTES.gallery}${path}`, { headers });
async function list(query = ''): Promise<GalleryPage> {
  const response = await ask(`?limit=1000${query}`);
  expect(response.status).toBe(200);
  return GalleryPageSchema.parse(await response.json());
}
const names = async (query = ''): Promise<string[]> =>
  (await list(query)).items.map(({ subfolder, name }) => (subfolder === '' ? name : `${subfolder}/${name}`));
const eventually = { timeout: 20_000 };

async function only(): Promise<GalleryItem> {
  const { items } = await list();
  expect(items).toHaveLength(1);
  return items[0] as GalleryItem;
}

describe('the list', () => {
  it('holds pictures, videos and sounds of all folders, newest first, with what a person wants to know', async () => {
    save('old.png', png(), 300);
    save('2026/portraits/new.png', png(640, 480), 10);
    save('clip.mp4', 'video', 200);
    save('song.flac', 'sound', 250);
    save('notes.txt', 'no media');
    save('mesh.glb', 'no media either');
    await begin();
    expect(await names()).toEqual(['2026/portraits/new.png', 'clip.mp4', 'song.flac', 'old.png']);
    const { items, total, folder } = await list();
    expect(total).toBe(4);
    expect(folder).toBe(output);
    expect(items[0]).toMatchObject({ kind: 'image', width: 640, height: 480, jobId: null, madeAt: 'local' });
    expect(items[1]).toMatchObject({ kind: 'video', mediaType: 'video/mp4', width: null });
  });

  it('shows what came, went and was renamed since', async () => {
    save('first.png', png());
    await begin();
    expect(await names()).toEqual(['first.png']);
    save('deep/er/second.png', png(), 1);
    await expect.poll(() => names(), eventually).toHaveLength(2);
    renameSync(join(output, 'first.png'), join(output, 'third.png'));
    await expect.poll(() => names(), eventually).toContain('third.png');
    rmSync(join(output, 'deep'), { recursive: true });
    await expect.poll(() => names(), eventually).toEqual(['third.png']);
  });

  it('is searched by words in name and folder, and paged without a gap', async () => {
    for (let n = 0; n < 25; n += 1) save(`set ${n % 5}/Castle_${n}.png`, png(), n);
    save('other.png', png());
    await begin();
    expect(await names('&search=castle%20set%203')).toHaveLength(5);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const response: Response = await ask(`?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`);
      const page = GalleryPageSchema.parse(await response.json());
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(new Set(seen).size).toBe(26);
    expect(seen).toHaveLength(26);
    expect((await ask('?cursor=../../etc')).status).toBe(400);
  });

  it('leaves out a picture that is still being written, and shows it when it is whole', async () => {
    const whole = png(64, 64);
    const path = join(output, 'half.png');
    writeFileSync(path, whole.subarray(0, 60));
    await begin();
    expect(await names()).toEqual([]);
    appendFileSync(path, whole.subarray(60));
    // Its end is there: nobody has to wait until it has settled.
    await expect.poll(() => names(), eventually).toEqual(['half.png']);
  });

  it('names odd names as they are', async () => {
    const odd = ['äöü ß 漢字.png', 'a%2e%2e.png', 'space  two.png', '-dash.png', 'quote\'"<script>.png', '😀.webp'];
    for (const name of odd) save(name, png());
    save('.hidden.png', png());
    save('.thumbs/x.png', png());
    await begin();
    expect((await names()).sort()).toEqual([...odd].sort());
    for (const { id } of (await list()).items) expect((await ask(`/${id}/file`)).status).toBe(200);
  });

  it('of five thousand pictures is there at once, and again', async () => {
    const picture = png();
    for (let folder = 0; folder < 50; folder += 1) {
      mkdirSync(join(output, `day ${folder}`));
      for (let n = 0; n < 100; n += 1) writeFileSync(join(output, `day ${folder}`, `${n}.png`), picture);
    }
    await begin();
    await expect.poll(async () => (await list()).total, eventually).toBe(5000);
    const { items, nextCursor } = await list();
    expect(items).toHaveLength(1000);
    expect(nextCursor).not.toBeNull();
  });

  it('of a folder that does not exist yet is empty', async () => {
    rmSync(output, { recursive: true });
    await begin();
    expect(await list()).toMatchObject({ items: [], total: 0 });
  });

  it('says what to do when only ComfyUI knows its folder', async () => {
    engine = await startEngine({
      dataFolder: join(home, 'data'),
      environment: { STOKER_INSTALLATION_COMMAND_LINE: simulator() },
    });
    const response = await ask('');
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ error: { code: 'gallery_folder_unknown' } });
  });
});

describe('nothing outside of the folder', () => {
  it('is listed or given out, whatever links are in it', async () => {
    writeFileSync(join(home, 'secret.png'), png());
    mkdirSync(join(home, 'private'));
    writeFileSync(join(home, 'private/inside.png'), png());
    symlinkSync(join(home, 'secret.png'), join(output, 'link.png'));
    symlinkSync(join(home, 'private'), join(output, 'folder'));
    symlinkSync(output, join(output, 'loop'));
    save('real.png', png());
    await begin();
    expect(await names()).toEqual(['real.png']);
  });

  it('is reached when a folder becomes a link after it was read', async () => {
    mkdirSync(join(home, 'private'));
    writeFileSync(join(home, 'private/a.png'), 'secret');
    save('sub/a.png', png());
    await begin();
    const { id } = await only();
    renameSync(join(output, 'sub'), join(home, 'was-sub'));
    symlinkSync(join(home, 'private'), join(output, 'sub'));
    for (const part of ['', '/file', '/thumbnail', '/workflow']) expect((await ask(`/${id}${part}`)).status).toBe(404);
  });

  it('is reached by a path in the place of an id', async () => {
    save('real.png', png());
    writeFileSync(join(home, 'secret.png'), png());
    await begin();
    for (const id of ['..%2Fsecret.png', '%2e%2e%2fsecret.png', 'real.png', '..', 'x'.repeat(90)]) {
      expect([400, 404]).toContain((await ask(`/${id}/file`)).status);
    }
  });

  it('an output folder that is a link itself works', async () => {
    const elsewhere = join(home, 'big disk');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'a.png'), png());
    rmSync(output, { recursive: true });
    symlinkSync(elsewhere, output);
    await begin();
    await expect.poll(() => names(), eventually).toEqual(['a.png']);
    expect((await ask(`/${(await only()).id}/file`)).status).toBe(200);
  });
});

describe('a file', () => {
  it('is sent byte for byte, in parts when asked, and cannot run anything', async () => {
    const content = Buffer.from(Array.from({ length: 1000 }, (_, n) => n % 256));
    save('clip.mp4', content);
    await begin();
    const { id } = await only();
    const whole = await ask(`/${id}/file`);
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(content);
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
    });
    const part = await ask(`/${id}/file`, { range: 'bytes=900-' });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe('bytes 900-999/1000');
    expect(Buffer.from(await part.arrayBuffer())).toEqual(content.subarray(900));
    expect((await ask(`/${id}/file`, { range: 'bytes=1000-' })).status).toBe(416);
    const etag = whole.headers.get('etag') ?? '';
    expect((await ask(`/${id}/file`, { 'if-none-match': etag })).status).toBe(304);
  });

  it('is told with its path, for the file manager', async () => {
    save('sub/a.png', png());
    await begin();
    const { id } = await only();
    const file = GalleryFileSchema.parse(await (await ask(`/${id}`)).json());
    expect(file.path).toBe(join(output, 'sub/a.png'));
  });
});

describe('a small picture', () => {
  it('is a WebP, made once for the same content wherever it lies', async () => {
    const big = new PNG({ width: 1200, height: 800 });
    for (let at = 0; at < big.data.length; at += 1) big.data[at] = Math.floor(at / 4800) + (at % 4) * 30;
    const content = PNG.sync.write(big);
    save('a.png', content);
    save('b.png', content, 5);
    await begin();
    const { items } = await list();
    const answers = await Promise.all(items.map(({ id }) => ask(`/${id}/thumbnail`)));
    const [first, second] = await Promise.all(answers.map(async (answer) => Buffer.from(await answer.arrayBuffer())));
    expect(answers.map((answer) => answer.headers.get('content-type'))).toEqual(['image/webp', 'image/webp']);
    expect(first?.toString('latin1', 8, 12)).toBe('WEBP');
    expect(first?.length).toBeLessThan(40_000);
    expect(second).toEqual(first);
  });

  it('of a broken picture is the file itself, and the next one works', async () => {
    save('broken.png', 'this is no picture', 10);
    save('fine.png', png(900, 900), 20);
    await begin();
    const [broken, fine] = (await list()).items;
    const answer = await ask(`/${broken?.id}/thumbnail`);
    expect([answer.status, await answer.text()]).toEqual([200, 'this is no picture']);
    expect((await ask(`/${fine?.id}/thumbnail`)).headers.get('content-type')).toBe('image/webp');
  });

  it('of a video there is none', async () => {
    save('clip.mp4', 'video');
    await begin();
    expect((await ask(`/${(await only()).id}/thumbnail`)).status).toBe(404);
  });
});

describe('what a job made', () => {
  const smallOf = (id: string | undefined) => fetch(`${engine.url}${MANAGER_ROUTES.jobs}/${id}/thumbnail`);

  it('is shown small in a list of jobs, whoever queued it, from its copy when the picture was deleted', async () => {
    await begin({ STOKER_INSTALLATION_COMMAND_LINE: simulator() });
    await engine.post('/prompt', { prompt: workflow('simple'), client_id: 'page' });
    await expect.poll(async () => (await list()).items[0]?.jobId ?? null, { timeout: 40_000 }).not.toBeNull();
    const fromPage = (await list()).items[0]?.jobId ?? '';
    // Another picture: ComfyUI makes the same one once alone.
    const another = workflow('simple', { '1.color': 12_345 });
    const posted = await engine.post(MANAGER_ROUTES.jobs, { workflow: another, target: 'local' });
    const { id: fromApi } = JobSchema.parse(await posted.json());
    await expect.poll(async () => (await smallOf(fromApi)).status, { timeout: 40_000 }).toBe(200);
    for (const id of [fromPage, fromApi]) {
      const small = await smallOf(id);
      expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/webp']);
      expect(Buffer.from(await small.arrayBuffer()).toString('latin1', 8, 12)).toBe('WEBP');
    }
    const makers = async () => (await list()).items.map(({ jobId }) => jobId).sort();
    await expect.poll(makers, eventually).toEqual([fromApi, fromPage].sort());
    rmSync(output, { recursive: true });
    expect([(await smallOf(fromPage)).status, (await smallOf(fromApi)).status]).toEqual([204, 200]);
    expect((await smallOf('nobody')).status).toBe(204);
  });

  it('carries its workflow as ComfyUI wrote it, and leads to the job', async () => {
    await begin({ STOKER_INSTALLATION_COMMAND_LINE: simulator() });
    // As ComfyUI's own page queues it.
    const queued = await engine.post('/prompt', { prompt: workflow('simple'), client_id: 'page' });
    expect(queued.status).toBe(200);
    await expect.poll(() => names()).not.toEqual([]);
    await expect.poll(async () => (await list()).items[0]?.jobId, eventually).not.toBeNull();
    const [item] = (await list()).items;
    expect(item?.madeAt).toBe('local');
    const inside = EmbeddedWorkflowSchema.parse(await (await ask(`/${item?.id}/workflow`)).json());
    expect(JSON.parse(inside.prompt ?? 'null')).toEqual(workflow('simple'));
    const job = JobSchema.parse(await (await fetch(`${engine.url}${MANAGER_ROUTES.jobs}/${item?.jobId}`)).json());
    expect(job.workflow).toEqual(workflow('simple'));
  });

  it('that a program had made leads to its job too, and the job tells where it lies', async () => {
    await begin({ STOKER_INSTALLATION_COMMAND_LINE: simulator() });
    const graph = workflow('simple', { '4.filename_prefix': 'api/castle' });
    const { id } = JobSchema.parse(await (await engine.post(MANAGER_ROUTES.jobs, { workflow: graph })).json());
    await expect.poll(async () => (await list()).items.map(({ jobId }) => jobId), eventually).toEqual([id]);
    const [item] = (await list()).items;
    const job = JobSchema.parse(await (await fetch(`${engine.url}${MANAGER_ROUTES.jobs}/${id}`)).json());
    expect(job.files.map(({ home }) => home)).toEqual([{ type: 'output', subfolder: 'api', filename: item?.name }]);
    expect([item?.subfolder, item?.madeAt]).toEqual(['api', 'local']);
  });

  it('without a workflow says so in words', async () => {
    save('plain.png', readFileSync(join(import.meta.dirname, '../../../resources/desktop/icon.png')));
    await begin();
    const response = await ask(`/${(await only()).id}/workflow`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'gallery_no_workflow' } });
  });
});
