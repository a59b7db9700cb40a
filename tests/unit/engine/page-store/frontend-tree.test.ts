import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTree } from '../../../../engine/page-store/frontend-tree.ts';
import { fieldOf } from '../../../../engine/page-store/send-answer.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stoker-tree-'));
  mkdirSync(join(root, 'assets/images'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const FIELDS = ['Content-Type', 'text/javascript', 'Cache-Control', 'no-cache'];
const open = () => openTree({ root, fields: { '/': FIELDS, '.js': FIELDS, index: FIELDS, 'index.js': FIELDS } });
const cacheOf = async (route: string): Promise<string | null> => {
  writeFileSync(join(root, route), 'x');
  return fieldOf((await open().file(route))?.headers ?? [], 'cache-control');
};

describe("the frontend's files", () => {
  it.each(['/assets/index-BKeTeXLp.js', '/assets/mathUtil-CTARWQ-l.js', '/assets/images/a-b-00000000.js'])(
    'that are named by their content are not asked for again: %s',
    async (route) => {
      expect(await cacheOf(route)).toBe('public, max-age=31536000, immutable');
    },
  );

  it.each(['/assets/images/keyboard-shortcut.js', '/assets/app.js', '/assets/some-Short1.js', '/node-BKeTeXLp.js'])(
    'with any other name are asked for as often as ComfyUI says: %s',
    async (route) => {
      expect(await cacheOf(route)).toBe('no-cache');
    },
  );

  it('are those that lie in its folder, and nothing that a link or dots lead to', async () => {
    writeFileSync(join(root, 'index.html'), '');
    writeFileSync(join(root, 'assets/a b.js'), 'x');
    symlinkSync('/etc/hostname', join(root, 'assets/link.js'));
    const tree = open();
    expect((await tree.file('/assets/a%20b.js'))?.bytes).toBe(1);
    expect((await tree.file('/'))?.path).toBe(join(root, 'index.html'));
    for (const route of [
      '/assets/link.js',
      '/assets/../assets/a%20b.js',
      '/assets/%2e%2e/x.js',
      '/assets',
      '/gone.js',
    ]) {
      expect(await tree.file(route)).toBeNull();
    }
    expect([...(await tree.routes())].sort()).toEqual(['/assets/a%20b.js', '/index.html']);
  });

  it('of a kind that ComfyUI has not confirmed are left to it', async () => {
    writeFileSync(join(root, 'assets/a.wasm'), 'x');
    expect(await open().file('/assets/a.wasm')).toBeNull();
  });
});
