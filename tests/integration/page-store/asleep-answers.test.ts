/** What the page gets while ComfyUI sleeps is what ComfyUI itself would answer: status, fields and bytes, over the whole built product. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulatorEntry } from '../../support/comfyui-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { type Asked, type AskOptions, ask, askJson, post } from '../../support/http-ask.ts';
import { workflow } from '../../support/workflows.ts';

let base: string;
let dataFolder: string;
let engine: EngineProcess;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'stoker-page-base-'));
  dataFolder = mkdtempSync(join(tmpdir(), 'stoker-page-data-'));
  mkdirSync(join(base, 'user/default/workflows'), { recursive: true });
  writeFileSync(join(base, 'user/default/workflows/mine.json'), '{"nodes":[]}');
  mkdirSync(join(base, 'input'));
  writeFileSync(join(base, 'input/cat.png'), Buffer.from('89504e470d0a1a0a0000', 'hex'));
});
afterEach(async () => {
  await stopEngines();
  rmSync(base, { recursive: true, force: true });
  rmSync(dataFolder, { recursive: true, force: true });
});

const start = async (environment: Record<string, string> = {}, words = ''): Promise<void> => {
  engine = await startEngine({
    dataFolder,
    environment: {
      STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} --base-directory "${base}" --sim-start-seconds 0 ${words}`,
      STOKER_INSTALLATION_INPUT_DIRECTORY: join(base, 'input'),
      ...environment,
    },
  });
};
/** @returns ComfyUI's own address */
async function wake(): Promise<string> {
  await engine.post('/manager/start');
  const { port } = await engine.until(({ state }) => state === 'running');
  await engine.until(({ page }) => page.store === 'ready');
  return `http://127.0.0.1:${port}`;
}
async function sleep(): Promise<void> {
  await engine.post('/manager/stop');
  await engine.until(({ state }) => state === 'stopped');
}
const state = async (): Promise<string> => (await engine.status()).state;

/** Without what belongs to the moment or the connection. */
function comparable({ status, headers, bytes }: Asked) {
  const { date: _date, connection: _connection, 'keep-alive': _keepAlive, ...fields } = headers;
  return { status, fields, body: bytes.toString('base64') };
}

const READS: readonly [path: string, options?: AskOptions][] = [
  ['/'],
  ['/assets/page.js'],
  ['/assets/page.js', { headers: { range: 'bytes=10-29' } }],
  ['/assets/page.js', { headers: { range: 'bytes=9999999-' } }],
  ['/assets/page.js', { headers: { 'if-none-match': '*' } }],
  ['/assets/page.js', { method: 'HEAD' }],
  ['/scripts/app.js', { headers: { 'if-modified-since': new Date(Date.now() + 1000).toUTCString() } }],
  ['/extensions/core/about.js'],
  ['/api/object_info'],
  ['/object_info'],
  ['/embeddings'],
  ['/api/models'],
  ['/models/checkpoints'],
  ['/api/users'],
  ['/api/settings'],
  ['/api/features'],
  ['/user.css'],
  ['/api/userdata/user.css'],
  ['/api/userdata?dir=workflows&recurse=true&split=false&full_info=true'],
  ['/userdata?full_info=true&split=false&recurse=true&dir=workflows'],
  ['/api/userdata/workflows%2Fmine.json'],
];

describe('the page of a sleeping ComfyUI', () => {
  it('has every answer as ComfyUI gives it, without anybody having opened it before, and does not wake it', async () => {
    await start();
    const direct = await wake();
    const expected = await Promise.all(READS.map(([path, options]) => ask(`${direct}${path}`, options)));
    await sleep();
    for (const [index, [path, options]] of READS.entries()) {
      const got = await ask(`${engine.url}${path}`, options);
      const wanted = expected[index] as Asked;
      // An error without a body needs no pieces.
      if (wanted.status === 416 || wanted.status === 404) wanted.headers = { ...wanted.headers, 'content-length': '0' };
      delete wanted.headers['transfer-encoding'];
      if (wanted.status === 416) expect(got.status).toBe(416);
      else expect({ path, options, ...comparable(got) }).toEqual({ path, options, ...comparable(wanted) });
    }
    const { etag = '' } = (await ask(`${engine.url}/assets/page.js`)).headers;
    expect((await ask(`${engine.url}/assets/page.js`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect(JSON.parse((await ask(`${engine.url}/api/extensions`)).text)).toContain('/extensions/stoker/stoker.js');
    expect(await state()).toBe('stopped');
  });

  it('moves a fifth of the bytes to a browser that takes them compressed, and is known again by a ComfyUI that wakes', async () => {
    await start();
    const direct = await wake();
    const script = await ask(`${direct}/assets/page.js`);
    await sleep();
    for (const [accepted, decode] of [
      ['gzip, deflate', gunzipSync],
      ['gzip, br', brotliDecompressSync],
    ] as const) {
      const got = await ask(`${engine.url}/assets/page.js`, { headers: { 'accept-encoding': accepted } });
      expect(decode(got.bytes)).toEqual(script.bytes);
      expect(got.headers).toMatchObject({ vary: 'Accept-Encoding', etag: `W/${script.headers.etag}` });
      expect(Number(got.headers['content-length'])).toBe(got.bytes.length);
      expect(got.bytes.length).toBeLessThan(script.bytes.length / 2);
      const nodes = await ask(`${engine.url}/api/object_info`, { headers: { 'accept-encoding': accepted } });
      expect(JSON.parse(decode(nodes.bytes).toString('utf8'))).toHaveProperty('EmptyImage');
    }
    const headers = { 'accept-encoding': 'br', range: 'bytes=10-29' };
    const part = await ask(`${engine.url}/assets/page.js`, { headers });
    expect([part.status, part.headers['content-encoding'], part.bytes]).toEqual([
      206,
      undefined,
      script.bytes.subarray(10, 30),
    ]);
    const known = { headers: { 'accept-encoding': 'br', 'if-none-match': `W/${script.headers.etag}` } };
    expect((await ask(`${engine.url}/assets/page.js`, known)).status).toBe(304);
    await wake();
    expect((await ask(`${engine.url}/assets/page.js`, known)).status).toBe(304);
  });

  it('is there after a restart of Stoker, and opening it wakes ComfyUI in the background', async () => {
    await start();
    await wake();
    await engine.stop();
    await start();
    expect((await engine.status()).page.store).toBe('ready');
    const page = await ask(`${engine.url}/`, { headers: { accept: 'text/html' } });
    expect([page.status, page.text.includes('<title>ComfyUI (simulated)')]).toEqual([200, true]);
    await askJson(`${engine.url}/api/object_info`);
    await engine.until((status) => status.state === 'running');
  });

  it('is opened without waking ComfyUI when that is wished, also by what the page asks for and is not kept', async () => {
    await start({ STOKER_PAGE_OPENING_WAKES: 'false' });
    await wake();
    await sleep();
    expect((await ask(`${engine.url}/`, { headers: { accept: 'text/html' } })).status).toBe(200);
    expect((await ask(`${engine.url}/some-node/its-own-api`)).status).toBe(503);
    expect(await state()).toBe('stopped');
    const run = await post(`${engine.url}/prompt`, { prompt: workflow('minimal') });
    expect(run.status).toBe(200);
  });

  it('is not opened with other launch arguments, before ComfyUI has spoken with them', async () => {
    await start();
    await wake();
    await engine.stop();
    await start({ STOKER_INSTALLATION_ARGUMENTS: '--disable-metadata' });
    expect((await engine.status()).page.store).toBe('empty');
  });

  it.each(['deleted', 'damaged'])('whose store was %s is slower, and works', async (how) => {
    await start();
    await wake();
    await sleep();
    const folder = join(dataFolder, 'comfyui/page');
    const [name = ''] = readdirSync(folder);
    const bodies = join(folder, name, 'bodies');
    if (how === 'deleted') rmSync(join(folder, name), { recursive: true });
    else
      for (const kept of [bodies, join(folder, name, 'compressed')])
        for (const file of readdirSync(kept)) writeFileSync(join(kept, file), 'nonsense');
    const nodes = await ask(`${engine.url}/api/object_info`, { headers: { 'accept-encoding': 'br' } });
    expect(Object.keys(JSON.parse(nodes.text))).toContain('EmptyImage');
    await engine.until(({ page }) => page.store === 'ready');
    await sleep();
    expect(Object.keys(await askJson(`${engine.url}/api/object_info`))).toContain('EmptyImage');
    expect(await state()).toBe('stopped');
  });

  it("never shows one person's settings to another, nor keeps what was told to a cookie", async () => {
    await start();
    const direct = await wake();
    const asAlice = { headers: { 'comfy-user': 'alice' } };
    await ask(`${engine.url}/api/settings`, asAlice);
    await ask(`${engine.url}/api/object_info/KSampler`, { headers: { cookie: 'login=1' } });
    // Asked for again without the cookie.
    const alone = await ask(`${direct}/object_info/KSampler`);
    await sleep();
    expect((await ask(`${engine.url}/api/settings`, asAlice)).status).toBe(200);
    expect(await state()).toBe('stopped');
    expect(alone.status).toBe(200);
    const bob = ask(`${engine.url}/api/settings`, { headers: { 'comfy-user': 'bob' } });
    await engine.until((status) => status.state === 'running');
    expect((await bob).status).toBe(200);
  });
});

describe('pictures of a sleeping ComfyUI', () => {
  it('come from their folders as ComfyUI sends them, and lead nowhere else', async () => {
    await start();
    const direct = await wake();
    const paths = [
      '/view?filename=cat.png&type=input',
      '/api/view?filename=cat.png%20%5Binput%5D',
      '/view?filename=gone.png&type=temp',
      '/view?filename=..%2Fcat.png&type=input',
      '/view?filename=cat.png&type=nowhere',
      '/view?filename=cat.png&type=input&subfolder=..%2F..',
    ];
    const expected = await Promise.all(paths.map((path) => ask(`${direct}${path}`)));
    await sleep();
    for (const [index, path] of paths.entries()) {
      const wanted = comparable(expected[index] as Asked);
      const got = comparable(await ask(`${engine.url}${path}`));
      expect({ path, status: got.status, body: got.body }).toEqual({ path, status: wanted.status, body: wanted.body });
      const { server: _server, ...fields } = wanted.fields;
      if (wanted.status === 200) expect(got.fields).toEqual(fields);
    }
    expect(await state()).toBe('stopped');
  });
});

describe('what the page saves while ComfyUI sleeps', () => {
  const settingsFile = (): Promise<Record<string, unknown>> => askJson(`${engine.url}/api/settings`);

  it('wakes ComfyUI and is there afterwards; what says nothing new, and what the page notes while it opens, does not', async () => {
    await start();
    await wake();
    await post(`${engine.url}/api/settings/Known`, { a: [1] });
    await sleep();
    await wake();
    await sleep();
    expect((await post(`${engine.url}/api/settings/Known`, { a: [1] })).status).toBe(200);
    expect((await post(`${engine.url}/api/settings/Comfy.InstalledVersion`, '1.2.3')).status).toBe(200);
    expect(await settingsFile()).toMatchObject({ Known: { a: [1] }, 'Comfy.InstalledVersion': '1.2.3' });
    expect([await state(), (await engine.status()).page.writesKept]).toEqual(['stopped', 1]);
    expect((await post(`${engine.url}/api/settings/Known`, { a: [2] })).status).toBe(200);
    expect([await state(), (await engine.status()).page.writesKept]).toEqual(['running', 0]);
    expect(await settingsFile()).toMatchObject({ Known: { a: [2] }, 'Comfy.InstalledVersion': '1.2.3' });
  });

  it('is written down when that is wished, outlives a kill of Stoker, and is made in order before anything else', async () => {
    await start({ STOKER_PAGE_WRITES_WHILE_ASLEEP: 'keep' });
    await wake();
    await sleep();
    for (const value of [1, 2, 3]) await post(`${engine.url}/api/settings/Mine`, value);
    const saved = await post(`${engine.url}/api/userdata/workflows%2Fnew.json?overwrite=false&full_info=true`, {
      nodes: [7],
    });
    expect(JSON.parse(saved.text)).toMatchObject({ path: 'workflows/new.json', size: 13 });
    await engine.kill();
    await start({ STOKER_PAGE_WRITES_WHILE_ASLEEP: 'keep' });
    expect((await engine.status()).page.writesKept).toBe(4);
    expect((await settingsFile()).Mine).toBe(3);
    expect((await ask(`${engine.url}/api/userdata/workflows%2Fnew.json`)).text).toBe('{"nodes":[7]}');
    const listed = await askJson<{ path: string }[]>(
      `${engine.url}/api/userdata?dir=workflows&recurse=true&split=false&full_info=true`,
    );
    expect(listed.map(({ path }) => path).sort()).toEqual(['mine.json', 'new.json']);
    expect(await state()).toBe('stopped');

    // It is there already, so ComfyUI must be asked; what was saved must have reached it by then.
    expect((await post(`${engine.url}/api/userdata/workflows%2Fnew.json?overwrite=false`, {})).status).toBe(409);
    const { port } = await engine.until((status) => status.state === 'running' && status.page.writesKept === 0);
    expect(await askJson(`http://127.0.0.1:${port}/settings`)).toMatchObject({ Mine: 3 });
    expect((await ask(`http://127.0.0.1:${port}/userdata/workflows%2Fnew.json`)).text).toBe('{"nodes":[7]}');
  });
});

describe('a ComfyUI that wakes with other nodes', () => {
  it('says so, and nothing when only a picture was uploaded', async () => {
    await start();
    await wake();
    await engine.stop();
    writeFileSync(join(base, 'input/dog.png'), Buffer.from('89504e470d0a1a0a0000', 'hex'));
    await start();
    await wake();
    expect((await engine.status()).page.changed).toBe('none');
    await sleep();
    mkdirSync(join(base, 'models/checkpoints'), { recursive: true });
    writeFileSync(join(base, 'models/checkpoints/new.safetensors'), '');
    await engine.post('/manager/start');
    const { page } = await engine.until(({ page: { changed } }) => changed === 'nodes');
    expect(Date.parse(page.changedAt ?? '')).toBeGreaterThan(0);
    await ask(`${engine.url}/`, { headers: { accept: 'text/html' } });
    expect((await engine.status()).page.changed).toBe('none');
  });
});
