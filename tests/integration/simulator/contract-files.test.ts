/**
 * How files go in and out, observed on ComfyUI 0.3.64 and asserted of both: conditions and ranges of /view, its other forms,
 * body limits, uploads, settings and user data.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type MultipartPart, multipart, plainPng } from '../../support/contract-requests.ts';
import { describeEither } from '../../support/either-comfyui.ts';
import { type Asked, ask, askJson, post } from '../../support/http-ask.ts';

const limitMegabytes = 2;
const serverError = '500 Internal Server Error\n\nServer got itself in trouble';

describeEither(
  'files',
  (comfyui) => {
    const at = (path: string) => `${comfyui().url}${path}`;
    const upload = (path: string, ...parts: MultipartPart[]): Promise<Asked> =>
      ask(at(path), { method: 'POST', ...multipart(parts) });

    describe('/view of a file', () => {
      const file = '/view?filename=f.txt';
      let plain: Asked;

      beforeAll(async () => {
        writeFileSync(join(comfyui().baseDirectory, 'output/f.txt'), 'hello world');
        writeFileSync(join(comfyui().baseDirectory, 'output/x.html'), '<b>');
        plain = await ask(at(file));
      });

      it.each([
        ['bytes=0-3', 206, 'hell', 'bytes 0-3/11'],
        ['bytes=6-', 206, 'world', 'bytes 6-10/11'],
        ['bytes=-3', 206, 'rld', 'bytes 8-10/11'],
        ['bytes=50-60', 416, '', 'bytes */11'],
        ['bytes=0-1,3-4', 416, '', 'bytes */11'],
        ['bytes=zzz', 416, '', 'bytes */11'],
      ])('Range %s is %i', async (range, status, text, contentRange) => {
        const answer = await ask(at(file), { headers: { Range: range } });
        expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([status, text, contentRange]);
      });

      it('is not sent again to a client that has its ETag', async () => {
        const answer = await ask(at(file), { headers: { 'If-None-Match': String(plain.headers.etag) } });
        expect([answer.status, answer.text, answer.headers.etag]).toEqual([304, '', plain.headers.etag]);
      });

      it('is not sent again to a client that has its date', async () => {
        const since = String(plain.headers['last-modified']);
        expect((await ask(at(file), { headers: { 'If-Modified-Since': since } })).status).toBe(304);
      });

      it('fails a precondition that does not hold', async () => {
        expect((await ask(at(file), { headers: { 'If-Match': '"other"' } })).status).toBe(412);
      });

      it('is sent as a download when a browser would run it', async () => {
        expect((await ask(at('/view?filename=x.html'))).headers['content-type']).toBe('application/octet-stream');
      });

      it('may have a name beyond Latin-1, which goes out as UTF-8', async () => {
        writeFileSync(join(comfyui().baseDirectory, 'output/木.txt'), 'tree');
        const answer = await ask(at(`/view?filename=${encodeURIComponent('木.txt')}`));
        const disposition = Buffer.from(String(answer.headers['content-disposition']), 'latin1').toString('utf8');
        expect([answer.text, disposition]).toEqual(['tree', 'filename="木.txt"']);
      });

      it('is found through its annotated name', async () => {
        expect((await ask(at('/view?filename=f.txt%20%5Boutput%5D&type=input'))).text).toBe('hello world');
      });

      it.each([
        ['/view?filename=', 400],
        ['/view?filename=a/../b', 400],
        ['/view?filename=x&type=zzz', 400],
        ['/view?filename=x&subfolder=../..', 403],
        ['/view?filename=f.txt&type=temp', 404],
        ['/view?filename=f.txt&preview=webp', 500],
      ])('%s is %i', async (path, status) => {
        expect((await ask(at(path))).status).toBe(status);
      });
    });

    describe('/view of a picture in other forms', () => {
      beforeAll(() => {
        writeFileSync(join(comfyui().baseDirectory, 'output/p.png'), plainPng(10, 200, 30));
      });

      it.each([
        ['preview=webp', 'image/webp', '52494646'],
        ['preview=jpeg;30', 'image/jpeg', 'ffd8ffe0'],
        ['preview=png', 'image/webp', '52494646'],
        ['preview=jpeg&channel=a', 'image/webp', '52494646'],
        ['channel=rgb', 'image/png', '89504e47'],
        ['channel=a', 'image/png', '89504e47'],
      ])('%s is %s', async (query, type, magic) => {
        const answer = await ask(at(`/view?filename=p.png&${query}`));
        const begin = answer.bytes.subarray(0, 4).toString('hex');
        expect([answer.status, answer.headers['content-type'], begin]).toEqual([200, type, magic]);
      });
    });

    describe('a body over the limit', () => {
      const large = Buffer.alloc((limitMegabytes + 1) * 1024 * 1024);
      const refusal = [413, `Maximum request body size ${limitMegabytes * 1024 * 1024} exceeded.`];

      it.each(['/prompt', '/free', '/userdata/big.bin'])('is refused by POST %s', async (path) => {
        const answer = await ask(at(path), { method: 'POST', body: large });
        expect([answer.status, answer.text]).toEqual(refusal);
      });

      it('is refused as an upload, and leaves no file', async () => {
        const answer = await upload('/upload/image', { name: 'image', filename: 'big.png', value: large });
        expect([answer.status, answer.text]).toEqual(refusal);
        expect(existsSync(join(comfyui().baseDirectory, 'input/big.png'))).toBe(false);
      });
    });

    describe('uploads', () => {
      const picture = (filename: string): MultipartPart => ({ name: 'image', filename, value: plainPng(1, 2, 3) });

      it('go into a new subfolder of the named folder', async () => {
        const where: MultipartPart[] = [
          { name: 'subfolder', value: 'a/b' },
          { name: 'type', value: 'temp' },
        ];
        const answer = await upload('/upload/image', picture('n.png'), ...where);
        expect(JSON.parse(answer.text)).toEqual({ name: 'n.png', subfolder: 'a/b', type: 'temp' });
        expect(existsSync(join(comfyui().baseDirectory, 'temp/a/b/n.png'))).toBe(true);
      });

      it('replace a file when told to overwrite', async () => {
        await upload('/upload/image', { name: 'image', filename: 'o.png', value: plainPng(9, 9, 9) });
        await upload('/upload/image', picture('o.png'), { name: 'overwrite', value: 'true' });
        expect(readFileSync(join(comfyui().baseDirectory, 'input/o.png'))).toEqual(plainPng(1, 2, 3));
      });

      it('may not leave their folder by their file name', async () => {
        expect((await upload('/upload/image', picture('../n.png'))).status).toBe(400);
      });

      it('of a form that is no form are 400', async () => {
        expect((await ask(at('/upload/image'), { method: 'POST', body: '' })).status).toBe(400);
      });

      it('of a broken form are 500', async () => {
        const headers = { 'Content-Type': 'multipart/form-data; boundary=x' };
        expect((await ask(at('/upload/image'), { method: 'POST', headers, body: 'garbage' })).status).toBe(500);
      });

      it('of a mask put its alpha into the picture it refers to', async () => {
        writeFileSync(join(comfyui().baseDirectory, 'output/masked.png'), plainPng(1, 2, 3));
        const reference = { name: 'original_ref', value: '{"filename":"masked.png"}' };
        const answer = await upload('/upload/mask', picture('mask.png'), reference);
        expect(JSON.parse(answer.text)).toEqual({ name: 'mask.png', subfolder: '', type: 'input' });
        const written = readFileSync(join(comfyui().baseDirectory, 'input/mask.png'));
        expect(written[25]).toBe(6);
      });
    });

    describe('settings', () => {
      it('are merged, kept on disk and given back', async () => {
        expect((await post(at('/settings'), { 'A.b': 1, c: [1, 2] })).text).toBe('');
        expect((await post(at('/api/settings/New.One'), true)).status).toBe(200);
        expect(await askJson(at('/settings'))).toMatchObject({ 'A.b': 1, c: [1, 2], 'New.One': true });
        expect(await askJson(at('/settings/A.b'))).toBe(1);
        expect(await askJson(at('/settings/unknown'))).toBeNull();
        const file = join(comfyui().baseDirectory, 'user/default/comfy.settings.json');
        expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ 'A.b': 1, 'New.One': true });
      });

      it('that are no JSON are 500', async () => {
        const answer = await ask(at('/settings'), { method: 'POST', body: '{' });
        expect([answer.status, answer.text, answer.headers.connection]).toEqual([500, serverError, 'close']);
      });
    });

    describe('user data', () => {
      const data = (path: string) => at(`/userdata/${path}`);

      beforeAll(async () => {
        await ask(data('workflows%2Fone.json'), { method: 'POST', body: 'data' });
        await ask(data('workflows%2Fsub%2Ftwo.json'), { method: 'POST', body: 'data2' });
      });

      it('is written under the decoded name and read back', async () => {
        expect((await ask(data('workflows%2Fone.json'))).text).toBe('data');
        const file = join(comfyui().baseDirectory, 'user/default/workflows/one.json');
        expect(readFileSync(file, 'utf8')).toBe('data');
      });

      it.each([
        ['dir=workflows', ['one.json']],
        ['dir=workflows&recurse=true', ['one.json', 'sub/two.json']],
        [
          'dir=workflows&recurse=true&split=true',
          [
            ['one.json', 'one.json'],
            ['sub/two.json', 'sub', 'two.json'],
          ],
        ],
      ])('is listed by %s', async (query, names) => {
        expect(await askJson(at(`/userdata?${query}`))).toEqual(expect.arrayContaining(names as unknown[]));
      });

      it('is listed with size and times', async () => {
        const facts = { path: 'one.json', size: 4, modified: expect.any(Number), created: expect.any(Number) };
        expect(await askJson(at('/userdata?dir=workflows&full_info=true'))).toEqual([facts]);
      });

      it('is not overwritten against the wish of the client', async () => {
        const answer = await ask(data('workflows%2Fone.json?overwrite=false'), { method: 'POST', body: 'x' });
        expect([answer.status, answer.text]).toEqual([409, 'File already exists']);
      });

      it('is moved and deleted', async () => {
        await ask(data('workflows%2Fold.json'), { method: 'POST', body: 'x' });
        const moved = await ask(data('workflows%2Fold.json/move/workflows%2Fnew.json'), { method: 'POST' });
        expect(JSON.parse(moved.text)).toBe('workflows/new.json');
        expect((await ask(data('workflows%2Fnew.json'), { method: 'DELETE' })).status).toBe(204);
        expect((await ask(data('workflows%2Fnew.json'), { method: 'DELETE' })).status).toBe(404);
      });

      it.each([
        ['/userdata', 400],
        ['/userdata?dir=../..', 403],
        ['/userdata?dir=nope', 404],
        ['/userdata/..%2F..%2Fx', 403],
        ['/userdata/workflows', 403],
        ['/v2/userdata?path=nope', 404],
      ])('%s is %i', async (path, status) => {
        expect((await ask(at(path))).status).toBe(status);
      });
    });
  },
  ['--max-upload-size', String(limitMegabytes)],
);
