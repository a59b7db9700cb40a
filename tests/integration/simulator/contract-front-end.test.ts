/** How the files of a frontend go out (`--front-end-root`), observed on ComfyUI 0.3.64 and asserted of both: where it says they lie, fields and validators. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeEither } from '../../support/either-comfyui.ts';
import { ask, askJson } from '../../support/http-ask.ts';

const CACHED_A_DAY = 'public, max-age=86400';

/** By path: content type and Cache-Control. */
const FILES: Readonly<Record<string, readonly [type: string, caching: string | undefined]>> = {
  'index.html': ['text/html', undefined],
  'assets/a.js': ['application/javascript', 'no-cache'],
  'assets/a.mjs': ['application/javascript', undefined],
  'assets/a.css': ['text/css', 'no-cache'],
  'assets/a.json': ['application/json', undefined],
  'assets/index.json': ['application/json', 'no-cache'],
  'assets/a.png': ['image/png', CACHED_A_DAY],
  'assets/a.webp': ['application/octet-stream', CACHED_A_DAY],
  'assets/a.svg': ['image/svg+xml', undefined],
  'assets/a.ico': ['image/vnd.microsoft.icon', undefined],
  'assets/a.woff2': ['application/octet-stream', undefined],
  'assets/a.wasm': ['application/wasm', undefined],
  'extensions/core/x.js': ['application/javascript', 'no-cache'],
};

const folder = mkdtempSync(join(tmpdir(), 'stoker-front-end-'));
for (const path of Object.keys(FILES)) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), `the text of ${path}`);
}
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As aiohttp makes it: nanoseconds and bytes. */
function etagOf(path: string): string {
  const { mtimeNs, size } = statSync(join(folder, path), { bigint: true });
  return `"${mtimeNs.toString(16)}-${size.toString(16)}"`;
}

describeEither(
  'a frontend of its own',
  (comfyui) => {
    it('is said to lie where the command line put it', () => {
      const said = comfyui().stderrLines.find((line) => line.startsWith('[Prompt Server] web root: '));
      expect(said).toBe(`[Prompt Server] web root: ${folder}`);
    });

    it.each(Object.entries(FILES))(
      'gives out %s with fields by its name and validators by its file',
      async (path, [type, caching]) => {
        const { status, headers, text } = await ask(`${comfyui().url}/${path}`);
        expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, type, caching]);
        expect([headers.etag, headers['accept-ranges'], text]).toEqual([etagOf(path), 'bytes', `the text of ${path}`]);
      },
    );

    it('gives out the page itself as one that is asked for each time', async () => {
      const { headers } = await ask(`${comfyui().url}/`);
      expect(headers).toMatchObject({
        'cache-control': 'no-cache',
        pragma: 'no-cache',
        expires: '0',
        etag: etagOf('index.html'),
      });
    });

    it('lists its extensions', async () => {
      expect(await askJson(`${comfyui().url}/extensions`)).toContain('/extensions/core/x.js');
    });
  },
  ['--front-end-root', folder],
);
