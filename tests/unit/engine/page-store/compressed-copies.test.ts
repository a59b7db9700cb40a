import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCompressedCopies, isCompressible } from '../../../../engine/page-store/compressed-copies.ts';
import { silentLog } from '../../../../engine/platform/log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-copies-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const BODY = Buffer.from('the same line again and again\n'.repeat(200));
const never = new AbortController().signal;
const original = (id: string, body = BODY) => ({ id, read: async () => body });
const create = () => createCompressedCopies({ folder, log: silentLog() });

describe('compressed copies', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['gzip;q=0, br;q=0', null],
    ['identity', null],
    ['', null],
    [undefined, null],
  ])('for a client that accepts "%s" are %s', async (accepted, encoding) => {
    const copies = create();
    await copies.keepOnly([original('a1')], never);
    const copy = copies.find('a1', accepted);
    expect(copy?.encoding ?? null).toBe(encoding);
    if (copy === null) return;
    const bytes = await copy.read();
    expect(bytes.length).toBe(copy.bytes);
    expect(copy.encoding === 'br' ? brotliDecompressSync(bytes) : gunzipSync(bytes)).toEqual(BODY);
  });

  it('are made once, and are there after a restart', async () => {
    await create().keepOnly([original('a1')], never);
    const again = create();
    const unread = { id: 'a1', read: () => Promise.reject(new Error('read again')) };
    await again.keepOnly([unread], never);
    expect(await again.find('a1', 'br')?.read()).toBeDefined();
  });

  it('of what is gone are thrown away; what is small or cannot be read has none', async () => {
    const copies = create();
    await copies.keepOnly([original('a1'), original('b2')], never);
    const lost = { id: 'd4', read: () => Promise.reject(new Error('lost')) };
    await copies.keepOnly([lost, original('b2'), original('c3', Buffer.from('short'))], never);
    expect(['a1', 'b2', 'c3', 'd4'].filter((id) => copies.find(id, 'br') !== null)).toEqual(['b2']);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('that are damaged are never given out, and are made again', async () => {
    const copies = create();
    await copies.keepOnly([original('a1')], never);
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), 'nonsense');
    await expect(copies.find('a1', 'br')?.read()).rejects.toThrow('damaged');
    expect(copies.find('a1', 'br')).toBeNull();
    await copies.keepOnly([original('a1')], never);
    expect(brotliDecompressSync((await copies.find('a1', 'br')?.read()) ?? '')).toEqual(BODY);
  });

  it('are of texts alone', () => {
    const types = [
      'text/css',
      'text/javascript; charset=utf-8',
      'application/json',
      'image/svg+xml',
      'image/png',
      'font/woff2',
    ];
    expect(types.map((type) => isCompressible(['Content-Type', type]))).toEqual([true, true, true, true, false, false]);
    expect(isCompressible([])).toBe(false);
  });
});
