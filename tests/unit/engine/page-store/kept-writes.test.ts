import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeptWrites, type KeptWrite } from '../../../../engine/page-store/kept-writes.ts';
import { silentLog } from '../../../../engine/platform/log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-writes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => createKeptWrites({ file: join(folder, 'deep', 'writes.jsonl'), log: silentLog() });
const write = (target: string): KeptWrite => ({ target, user: 'a', type: null, body: 'e30=', at: 1 });
const targets = (writes: readonly KeptWrite[]): string[] => writes.map(({ target }) => target);

describe('what was saved while ComfyUI slept', () => {
  it('is there after a crash, in order, also when many are saved at once', async () => {
    const kept = open();
    const names = Array.from({ length: 20 }, (_, index) => `/settings/${index}`);
    await Promise.all(names.map((name) => kept.add(write(name))));
    expect(targets(open().all())).toEqual(names);
  });

  it('leaves the file one by one, as ComfyUI takes it', async () => {
    const kept = open();
    await kept.add(write('/settings/a'));
    await kept.add(write('/settings/b'));
    kept.removeFirst();
    expect(targets(open().all())).toEqual(['/settings/b']);
    kept.removeFirst();
    expect(targets(open().all())).toEqual([]);
  });

  it('goes on after a write that a power cut broke off, which nobody was told is saved', async () => {
    await open().add(write('/settings/a'));
    appendFileSync(join(folder, 'deep', 'writes.jsonl'), '{"target":"/settings/half');
    const kept = open();
    await kept.add(write('/settings/b'));
    expect(targets(open().all())).toEqual(['/settings/a', '/settings/b']);
  });

  it('is refused when the disk refuses it', async () => {
    const blocker = join(folder, 'a-file');
    writeFileSync(blocker, '');
    const kept = createKeptWrites({ file: join(blocker, 'writes.jsonl'), log: silentLog() });
    await expect(kept.add(write('/settings/a'))).rejects.toThrow();
    expect(kept.all()).toEqual([]);
  });
});
