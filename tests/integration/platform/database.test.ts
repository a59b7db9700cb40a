import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, type OpenDatabaseOptions, openDatabase } from '../../../engine/platform/database.ts';
import { silentLog } from '../../../engine/platform/log.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

const NOW = Date.UTC(2026, 10, 21, 4, 59, 50);
const TABLE = { id: 1, sql: 'CREATE TABLE note (text TEXT NOT NULL) STRICT' };

let folder: string;
let file: string;
let problems: string[];
const opened = new Set<Database>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-database-'));
  file = join(folder, 'stoker.db');
  problems = [];
});
afterEach(() => {
  for (const database of opened) database.close();
  opened.clear();
  rmSync(folder, { recursive: true, force: true });
});

function open(options: Partial<OpenDatabaseOptions> = {}): Database {
  const database = openDatabase({
    file,
    migrations: [TABLE],
    now: () => NOW,
    log: silentLog(),
    onProblem: (message) => problems.push(message),
    whenUnusable: 'throw',
    ...options,
  });
  opened.add(database);
  return database;
}
const add = (database: Database, text: string) => database.prepare('INSERT INTO note VALUES (?)').run(text);
const notes = (database: Database) =>
  database
    .prepare('SELECT text FROM note ORDER BY rowid')
    .all()
    .map(({ text }) => text);
const pragma = (database: Database, name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];

/** Overwrites a page in the middle, as a dying disk may. */
function damage(): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, Math.floor(statSync(file).size / 8192) * 4096);
  closeSync(handle);
}
function writeMuch(): void {
  const database = open();
  database.transaction(() => {
    for (let row = 0; row < 500; row += 1) add(database, 'x'.repeat(1000));
  });
  database.close();
}

describe('a database', () => {
  test('keeps what was written, and leaves one file when it is closed', () => {
    const database = open();
    add(database, 'kept');
    database.close();
    database.close();
    expect(readdirSync(folder)).toEqual(['stoker.db']);
    expect(notes(open())).toEqual(['kept']);
    expect(problems).toEqual([]);
  });

  test('is opened with a write-ahead log, foreign keys and patience', () => {
    const database = open();
    expect(
      ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'].map((name) => pragma(database, name)),
    ).toEqual(['wal', 1, 1, 5000]);
  });

  test('takes back a transaction that throws', () => {
    const database = open();
    expect(() =>
      database.transaction(() => {
        add(database, 'never');
        throw new Error('changed my mind');
      }),
    ).toThrow('changed my mind');
    expect(database.transaction(() => notes(database))).toEqual([]);
  });

  test('refuses work that waits, because others would write in between', () => {
    const database = open();
    expect(() => database.transaction(async () => add(database, 'never'))).toThrow('cannot wait');
    expect(notes(database)).toEqual([]);
  });

  test('refuses a transaction inside another one, and keeps neither', () => {
    const database = open();
    expect(() =>
      database.transaction(() => {
        add(database, 'never');
        database.transaction(() => add(database, 'nor this'));
      }),
    ).toThrow('within a transaction');
    expect(notes(database)).toEqual([]);
  });
});

describe('migrations', () => {
  const SECOND = { id: 2, sql: "ALTER TABLE note ADD COLUMN author TEXT; INSERT INTO note VALUES ('from 2', NULL)" };

  test('bring an older file up, each once', () => {
    open().close();
    open({ migrations: [SECOND, TABLE] }).close();
    expect(notes(open({ migrations: [TABLE, SECOND] }))).toEqual(['from 2']);
  });

  test('that fail leave the file as it was', () => {
    open().close();
    expect(() =>
      open({ migrations: [TABLE, { id: 2, sql: "INSERT INTO note VALUES ('half'); CREATE TABLE note (x)" }] }),
    ).toThrow('already exists');
    const database = open();
    expect([notes(database), pragma(database, 'user_version')]).toEqual([[], 1]);
  });

  test('with a gap in their numbers are a mistake of the programmer', () => {
    expect(() => open({ migrations: [TABLE, { id: 3, sql: '' }] })).toThrow('2 is missing');
  });

  test('never go back: a file of a newer Stoker is refused in words, and left alone', () => {
    open({ migrations: [TABLE, SECOND] }).close();
    const before = readFileSync(file);
    expect(() => open()).toThrow(
      expect.objectContaining({
        code: 'data_folder_unusable',
        message: expect.stringMatching(/newer Stoker \(its version is 2, this one knows 1\)/),
      }),
    );
    expect(readFileSync(file)).toEqual(before);
  });
});

describe('a bad file', () => {
  const keptAside = () =>
    readdirSync(folder)
      .filter((name) => name.includes('.bad-'))
      .sort();

  test('that is no database is kept aside under its time, and a new one begun', () => {
    writeFileSync(file, 'these are not the bytes you are looking for '.repeat(100));
    add(open(), 'new');
    expect(keptAside()).toEqual(['stoker.db.bad-20261121T045950Z']);
    expect(readFileSync(join(folder, keptAside()[0] ?? ''), 'utf8')).toContain('not the bytes');
    expect(problems).toEqual([expect.stringContaining('was kept as stoker.db.bad-20261121T045950Z')]);
  });

  test('is found after an unclean end', () => {
    writeMuch();
    damage();
    writeFileSync(`${file}.open`, '1\n');
    expect(notes(open())).toEqual([]);
    expect(keptAside()).toHaveLength(1);
    expect(problems).toHaveLength(1);
  });

  test('that shows itself only in use is checked at the next start, however cleanly this one ends', () => {
    writeMuch();
    damage();
    const database = open();
    expect(() => notes(database)).toThrow('malformed');
    database.close();
    open();
    expect(keptAside()).toHaveLength(1);
  });

  test('is not made out of a good one by an unclean end', () => {
    const database = open();
    add(database, 'kept');
    database.close();
    writeFileSync(`${file}.open`, '1\n');
    expect(notes(open())).toEqual(['kept']);
    expect(keptAside()).toEqual([]);
  });
});

describe('a file that cannot be used', () => {
  test('is refused in words where nothing may be lost', () => {
    expect(() => open({ file: join(folder, 'missing', 'stoker.db') })).toThrow(
      expect.objectContaining({
        code: 'data_folder_unusable',
        message: expect.stringContaining('cannot be opened or created'),
      }),
    );
  });

  test('is replaced by memory where it may, and that is said', () => {
    const database = open({ file: join(folder, 'missing', 'stoker.db'), whenUnusable: 'memory' });
    add(database, 'held');
    expect([database.file, notes(database)]).toEqual([':memory:', ['held']]);
    expect(problems).toEqual([expect.stringContaining('kept in memory until Stoker stops')]);
  });
});

describe('killed with -9 while it writes', () => {
  const children = new Set<ReturnType<typeof startWriter>>();
  function startWriter() {
    return spawn(process.execPath, [join(import.meta.dirname, '../../support/database-writer.mjs'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    children.clear();
  });

  test('it has every pair that was committed, and no half of one', async () => {
    const migrations = [
      { id: 1, sql: 'CREATE TABLE pair (number INTEGER NOT NULL, half TEXT NOT NULL, filler TEXT) STRICT' },
    ];
    let told = 0;
    for (let round = 1; round <= 3; round += 1) {
      const writer = startWriter();
      children.add(writer);
      const until = told + 50 + round * 97;
      for await (const line of createInterface({ input: writer.stdout })) {
        told = Number(line);
        if (told === until) writer.kill('SIGKILL');
      }
      if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');
      expect(existsSync(`${file}.open`)).toBe(true);

      const database = open({ migrations });
      const row = database
        .prepare('SELECT max(number) AS last, count(*) AS halves, count(DISTINCT number) AS pairs FROM pair')
        .get();
      expect(Number(row?.last)).toBeGreaterThanOrEqual(told);
      expect(Number(row?.halves)).toBe(2 * Number(row?.pairs));
      expect(Number(row?.pairs)).toBe(Number(row?.last));
      told = Number(row?.last);
      database.close();
    }
    expect(problems).toEqual([]);
  });
});

const disk = mountSmallDisk('1m');
const otherDisk = mountSmallDisk('1m');
afterAll(() => {
  disk?.remove();
  otherDisk?.remove();
});

describe.runIf(disk && otherDisk)('a disk', () => {
  test('that is full refuses a write; what was there stays, and writing works again when there is room', () => {
    const file = join(disk?.folder ?? '', 'stoker.db');
    const database = open({ file });
    add(database, 'before');
    disk?.fill();
    expect(() => database.transaction(() => add(database, 'x'.repeat(200_000)))).toThrow('full');
    expect(notes(database)).toEqual(['before']);
    disk?.unfill();
    database.transaction(() => add(database, 'after'));
    database.close();
    expect(notes(open({ file }))).toEqual(['before', 'after']);
  });

  test('that is read-only is refused in words', () => {
    open().close();
    const copy = join(otherDisk?.folder ?? '', 'stoker.db');
    copyFileSync(file, copy);
    otherDisk?.remount('ro');
    expect(() => open({ file: copy })).toThrow(
      expect.objectContaining({ code: 'data_folder_unusable', message: expect.stringContaining('read-only') }),
    );
  });
});
