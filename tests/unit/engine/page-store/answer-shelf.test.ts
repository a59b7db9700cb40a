import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AnswerShelf, createAnswerShelf, type ShelfLimits } from '../../../../engine/page-store/answer-shelf.ts';
import { systemClock } from '../../../../engine/platform/clock.ts';
import { silentLog } from '../../../../engine/platform/log.ts';
import { until } from '../../../support/until.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-shelf-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (limits?: ShelfLimits): AnswerShelf =>
  createAnswerShelf({ folder, clock: systemClock, log: silentLog() }, limits);
const put = (shelf: AnswerShelf, key: string, text: string): Promise<boolean> =>
  shelf.put({ key, target: key, user: null }, { status: 200, headers: ['A', 'b'], body: Buffer.from(text) });
async function read(shelf: AnswerShelf, key: string): Promise<string | null> {
  const kept = shelf.find(key);
  return kept === null ? null : ((await shelf.read(kept))?.body.toString() ?? null);
}

describe('the shelf of answers', () => {
  it('has them after a restart', async () => {
    const shelf = open();
    expect(await put(shelf, '/a', 'one')).toBe(true);
    expect(await put(shelf, '/a', 'one')).toBe(false);
    expect(await put(shelf, '/a', 'two')).toBe(true);
    shelf.facts.set({ known: 1 });
    await shelf.close();
    const again = open();
    expect([await read(again, '/a'), again.facts.get()]).toEqual(['two', { known: 1 }]);
    await until(() => readdirSync(join(folder, 'bodies')).length === 1);
  });

  it('keeps a body that two answers share until the last of them goes', async () => {
    const shelf = open();
    await put(shelf, '/a', 'same');
    await put(shelf, '/b', 'same');
    shelf.drop('/a');
    expect(await read(shelf, '/b')).toBe('same');
  });

  it('gives out nothing that is damaged, and takes it anew', async () => {
    const shelf = open();
    await put(shelf, '/a', 'one');
    for (const name of readdirSync(join(folder, 'bodies'))) writeFileSync(join(folder, 'bodies', name), 'another');
    expect(await read(shelf, '/a')).toBeNull();
    expect(shelf.find('/a')).toBeNull();
    await put(shelf, '/a', 'one');
    expect(await read(shelf, '/a')).toBe('one');
  });

  it.each([
    ['removed', () => rmSync(folder, { recursive: true })],
    [
      'damaged',
      () => {
        for (const name of readdirSync(join(folder, 'bodies'))) writeFileSync(join(folder, 'bodies', name), 'eno');
      },
    ],
  ])('takes anew what was %s while it was open, although ComfyUI says the same as before', async (_how, damage) => {
    const shelf = open();
    await put(shelf, '/a', 'one');
    damage();
    expect(await put(shelf, '/a', 'one')).toBe(false);
    expect(await read(shelf, '/a')).toBe('one');
  });

  it('has nothing rather than an older answer where the new one cannot be kept', async () => {
    const shelf = open({ answers: 9, bytes: 20 });
    await put(shelf, '/a', 'one');
    await put(shelf, '/a', 'x'.repeat(11));
    expect(shelf.find('/a')).toBeNull();
    await put(shelf, '/b', 'one');
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file in its place');
    await expect(put(shelf, '/b', 'two')).rejects.toThrow();
    expect(shelf.find('/b')).toBeNull();
  });

  it('is empty when its index is damaged, and leaves nothing of it behind', async () => {
    const shelf = open();
    await put(shelf, '/a', 'one');
    await shelf.close();
    writeFileSync(join(folder, 'index.json'), '{"version":1,"ans');
    expect(open().all()).toEqual([]);
    expect(readdirSync(join(folder, 'bodies'))).toEqual([]);
  });

  it('never holds more than its limits, and lets go of the oldest', async () => {
    const shelf = open({ answers: 3, bytes: 20 });
    for (const key of ['/1', '/2', '/3', '/4']) await put(shelf, key, key);
    expect(shelf.all().map(({ key }) => key)).toEqual(['/2', '/3', '/4']);
    await put(shelf, '/5', '123456789');
    await put(shelf, '/6', '987654321');
    expect(shelf.all().reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(20);
    expect(await put(shelf, '/huge', 'x'.repeat(11))).toBe(false);
  });
});
