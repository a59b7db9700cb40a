import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ContentStore, createContentStore } from '../../../../engine/jobs/content-store.ts';

let folder: string;
let store: ContentStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-content-'));
  store = createContentStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

it('keeps the same content once, under the name of its content', async () => {
  const first = await store.put(pieces('a pic', 'ture'), 'job');
  const second = await store.put(pieces('a picture'), 'job');
  expect(first).toEqual({ sha256: createHash('sha256').update('a picture').digest('hex'), bytes: 9 });
  expect(second).toEqual(first);
  const { bytes, stream } = await store.open(first.sha256);
  const read = await stream().toArray();
  expect([bytes, Buffer.concat(read).toString()]).toEqual([9, 'a picture']);
  await store.removeUnused(first.sha256, () => false);
  expect(existsSync(store.pathOf(first.sha256))).toBe(true);
  store.letGo('job');
  await store.removeUnused(first.sha256, () => true);
  expect(existsSync(store.pathOf(first.sha256))).toBe(true);
  await store.removeUnused(first.sha256, () => false);
  await store.removeUnused(first.sha256, () => false);
  await expect(store.open(first.sha256)).rejects.toThrow();
});

it('stays when it arrives again while the last job that had it is deleted (a finished picture that is not there)', async () => {
  const { sha256 } = await store.put(pieces('a picture'), 'old');
  store.letGo('old');
  let arrived = false;
  const arriving = store.put(pieces('a picture'), 'new').finally(() => {
    arrived = true;
  });
  // A deletion at every moment of the arrival.
  while (!arrived) {
    await store.removeUnused(sha256, () => false);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await arriving;
  expect(readFileSync(store.pathOf(sha256), 'utf8')).toBe('a picture');
});

it('leaves nothing of a result that broke off', async () => {
  async function* broken() {
    yield Buffer.from('half');
    throw new Error('the connection was lost');
  }
  await expect(store.put(broken(), 'job')).rejects.toThrow('the connection was lost');
  expect(readdirSync(folder)).toEqual(['unfinished']);
  expect(readdirSync(join(folder, 'unfinished'))).toEqual([]);
});

it('throws away what an earlier engine had not finished, and nothing else', async () => {
  const { sha256 } = await store.put(pieces('whole'), 'job');
  writeFileSync(join(folder, 'unfinished/half'), 'hal');
  createContentStore(folder);
  expect(existsSync(join(folder, 'unfinished/half'))).toBe(false);
  expect(readFileSync(store.pathOf(sha256), 'utf8')).toBe('whole');
});

it('never leaves its folder, whatever the name', () => {
  expect(() => store.pathOf('../../etc/passwd')).toThrow();
  expect(() => store.pathOf(`${'a'.repeat(63)}/`)).toThrow();
});
