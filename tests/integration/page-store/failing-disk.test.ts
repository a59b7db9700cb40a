/** What the page saves while ComfyUI sleeps, on a real disk that fills up: what was confirmed is never lost. */
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createKeptWrites, type KeptWrite } from '../../../engine/page-store/kept-writes.ts';
import { silentLog } from '../../../engine/platform/log.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

const disk = mountSmallDisk('64k');
afterAll(() => disk?.remove());

const write = (target: string, bytes = 3): KeptWrite => ({
  target,
  user: '',
  type: null,
  body: 'e30='.repeat(bytes / 3),
  at: 1,
});

describe.runIf(disk !== null)('kept writes on a disk that fills up', () => {
  const file = join(disk?.folder ?? '', 'writes.jsonl');
  const open = () => createKeptWrites({ file, log: silentLog() });
  const targets = (): string[] =>
    open()
      .all()
      .map(({ target }) => target);

  beforeEach(() => disk?.unfill());

  it('loses no confirmed one to half a line before it', async () => {
    const kept = open();
    await kept.add(write('/settings/before'));
    await expect(kept.add(write('/settings/too-large', 90_000))).rejects.toThrow('ENOSPC');
    await kept.add(write('/settings/after'));
    expect(targets()).toEqual(['/settings/before', '/settings/after']);
  });

  it('are gone when all of them are made, although the disk takes no shorter file meanwhile', async () => {
    const kept = open();
    while (kept.all().length > 0) kept.removeFirst();
    for (const name of ['a', 'b', 'c']) await kept.add(write(`/settings/${name}`, 3000));
    disk?.fill();
    kept.removeFirst();
    kept.removeFirst();
    expect(targets()).toEqual(['/settings/a', '/settings/b', '/settings/c']);
    kept.removeFirst();
    expect(targets()).toEqual([]);
  });
});
