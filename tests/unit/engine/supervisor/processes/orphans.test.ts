import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createProcessRecords, type ProcessRecord } from '../../../../../engine/supervisor/processes/orphans.ts';
import type { ProcessInfo, ProcessTable } from '../../../../../engine/supervisor/processes/process-table.ts';

const RECORD: ProcessRecord = {
  pid: 4711,
  startToken: 'boot/1000',
  nonce: 'n0nce',
  host: '127.0.0.1',
  port: 52817,
  generation: 3,
  enginePid: 4700,
  launchedAt: 1_795_240_000_000,
  withoutCustomNodes: false,
};

const PROCESS: ProcessInfo = {
  pid: 4711,
  parentPid: 1,
  groupId: 4711,
  startToken: 'boot/1000',
  command: 'python main.py --port 52817',
};

/** A table that knows one process, and its nonce (null: cannot be read). */
function tableOf(process: ProcessInfo | null, nonce: string | null): ProcessTable {
  return {
    list: async () => (process === null ? [] : [process]),
    find: async (pid) => (process?.pid === pid ? process : null),
    environmentOf: async (_pid, name) => (name === 'STOKER_NONCE' ? nonce : null),
    listenerOf: async () => null,
  };
}

let folder: string;
let file: string;
const records = (table: ProcessTable = tableOf(null, null)) =>
  createProcessRecords({ file, table, wait: async () => undefined });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-record-'));
  file = join(folder, 'comfyui-process.json');
});

afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

describe('the record on disk', () => {
  test('comes back as it was written, for this user alone, in one line that a shell can read', () => {
    records().write({ ...RECORD, generation: 1 });
    records().write(RECORD);
    expect(records().read()).toEqual(RECORD);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toMatch(/^\{"pid":4711,.*"enginePid":4700,.*\}\n$/);
    expect(readdirSync(folder)).toEqual(['comfyui-process.json']);
  });

  test('is null before the first launch and after clearing, which may be repeated', () => {
    expect(records().read()).toBeNull();
    records().write(RECORD);
    records().clear();
    records().clear();
    expect(records().read()).toBeNull();
  });

  test.each(['', '{"pid":4711', '[]', 'null', '{"pid":1,"startToken":"x"}', '\0\0\0\0'])(
    'is kept aside and read as none when the file holds %j',
    (text) => {
      writeFileSync(file, text);
      expect(records().read()).toBeNull();
      expect(readFileSync(`${file}.bad`, 'utf8')).toBe(text);
      expect(records().read()).toBeNull();
    },
  );

  test('never takes pid 0 or 1 for ComfyUI', () => {
    writeFileSync(file, JSON.stringify({ ...RECORD, pid: 1 }));
    expect(records().read()).toBeNull();
  });

  test('survives whatever the file holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        writeFileSync(file, text);
        expect(records().read()).toBeNull();
      }),
    );
  });

  test('says what is wrong with the data folder when it cannot be kept, and leaves nothing half done', () => {
    file = join(folder, 'missing', 'comfyui-process.json');
    expect(() => records().write(RECORD)).toThrow(expect.objectContaining({ code: 'data_folder_unusable' }));
    file = folder;
    expect(() => records().read()).toThrow(expect.objectContaining({ code: 'data_folder_unusable' }));
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('judge', () => {
  test.each([
    ['ours', 'pid, start and nonce agree', PROCESS, 'n0nce'],
    ['gone', 'nothing has the pid', null, null],
    ['stranger', 'the pid was given to another process (pain 22)', { ...PROCESS, startToken: 'boot/2000' }, null],
    ['stranger', 'the machine was restarted', { ...PROCESS, startToken: 'boot-2/1000' }, 'n0nce'],
    ['stranger', 'the nonce is another launch’s', PROCESS, 'other'],
    ['ours', 'the environment is hidden, but the private port is on its command line', PROCESS, null],
    ['stranger', 'neither environment nor command line prove it', { ...PROCESS, command: 'nginx' }, null],
    ['stranger', 'only part of a number is the port', { ...PROCESS, command: 'x --port 528170 152817' }, null],
  ] as const)('says %s when %s', async (verdict, _when, process, nonce) => {
    expect(await records(tableOf(process, nonce)).judge(RECORD)).toBe(verdict);
  });

  test('looks again at a process that is just replacing its program (pain 19)', async () => {
    const looks = [
      [{ ...PROCESS, command: '[python]' }, null],
      [PROCESS, 'n0nce'],
    ] as const;
    let look = 0;
    const table: ProcessTable = {
      ...tableOf(null, null),
      find: async () => looks[look]?.[0] ?? null,
      environmentOf: async () => looks[look]?.[1] ?? null,
    };
    const nextLook = async () => {
      look += 1;
    };
    expect(await createProcessRecords({ file, table, wait: nextLook }).judge(RECORD)).toBe('ours');
  });
});
