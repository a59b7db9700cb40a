/**
 * The one door to SQLite: opens a database file with the pragmas and the schema the engine relies on, and keeps a bad file aside.
 * It must not know any table: rooms bring their migrations and prepare their own statements.
 */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { AppError } from './app-error.ts';
import { applyMigrations, type Migration, pendingMigrations } from './database-migrations.ts';
import type { Log } from './log.ts';

export type SqlValue = null | number | bigint | string | Uint8Array;
export type Row = Readonly<Record<string, SqlValue>>;

export interface Statement {
  run(...values: SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
}

export interface Database {
  /** `:memory:` when nothing is kept on disk. */
  readonly file: string;
  /** Compiled once and kept by the caller: preparing costs more than running. */
  prepare(sql: string): Statement;
  /**
   * Runs `work` between BEGIN IMMEDIATE and COMMIT, and rolls back when it throws (the error passes through).
   * A commit survives the death of the engine; with durability `process` the last ones may be lost with the power.
   * Transactions do not nest, and `work` cannot wait.
   */
  transaction<Result>(work: () => Result): Result;
  /** Twice is fine. */
  close(): void;
}

export interface OpenDatabaseOptions {
  readonly file: string;
  readonly migrations: readonly Migration[];
  /** Epoch milliseconds: names the file that is kept aside. */
  readonly now: () => number;
  readonly log: Log;
  /** One sentence for the user: a bad file was kept aside, or nothing can be kept on disk. */
  readonly onProblem: (message: string) => void;
  /**
   * What to do when the file cannot be used (unwritable folder, full disk, written by a newer Stoker):
   * `memory` carries on without a file, for what may be lost; `throw` is for what may not.
   */
  readonly whenUnusable: 'throw' | 'memory';
  /** What a commit outlives: the engine (synchronous NORMAL), or also the power (FULL, one wait for the disk each). Default: process. */
  readonly durability?: 'process' | 'power';
}

const IN_MEMORY = ':memory:';
/** How long a writer waits for another connection's lock. */
const BUSY_TIMEOUT_MS = 5000;
/** After a burst the write-ahead log shrinks to this. */
const WAL_LIMIT_BYTES = 16 * 1024 * 1024;

/** SQLite's primary result codes (https://sqlite.org/rescode.html). */
const CORRUPT_CODES: ReadonlySet<number> = new Set([11, 26]);
const UNUSABLE_WORDS: ReadonlyMap<number, string> = new Map([
  [3, 'this user may not open it'],
  [5, 'another program holds it'],
  [8, 'the file or its folder is read-only'],
  [10, 'the disk reports a read or write error'],
  [13, 'the disk is full'],
  [14, 'it cannot be opened or created'],
]);

type Connection = InstanceType<typeof DatabaseSync>;

class CorruptDatabase extends Error {}

/**
 * A file that is no database or fails SQLite's quick check after an unclean end is renamed to `<file>.bad-<time>` and a new one begun.
 * @throws AppError data_folder_unusable when `whenUnusable` is `throw`
 */
export function openDatabase(options: OpenDatabaseOptions): Database {
  const { file, now, onProblem, whenUnusable } = options;
  try {
    try {
      return openFile(options);
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      const keptAs = setAside(file, now());
      onProblem(
        `The database ${basename(file)} is damaged. It was kept as ${basename(keptAs)} and a new one was begun: what it held is not shown.`,
      );
      return openFile(options);
    }
  } catch (error) {
    const unusable = asUnusable(error, file);
    if (whenUnusable === 'throw') throw unusable;
    onProblem(`${unusable.message} What belongs there is kept in memory until Stoker stops.`);
    return openFile({ ...options, file: IN_MEMORY });
  }
}

function openFile({ file, migrations, log, durability = 'process' }: OpenDatabaseOptions): Database {
  const marker = file === IN_MEMORY ? null : `${file}.open`;
  const endedUncleanly = marker !== null && existsSync(marker);
  const sqlite = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  try {
    const ask = createAsk(sqlite);
    // Before anything else: a file of a newer Stoker is not touched.
    const pending = pendingMigrations(Number(ask('user_version')), migrations, file);
    sqlite.exec('PRAGMA journal_mode = WAL');
    // Some network file systems refuse it; SQLite then stays correct, only slower.
    if (marker && ask('journal_mode') !== 'wal') log.warn({ file }, 'no write-ahead log on this file system');
    const synchronous = durability === 'power' ? 'FULL' : 'NORMAL';
    sqlite.exec(`PRAGMA synchronous = ${synchronous}; PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}`);
    if (endedUncleanly) {
      const finding = ask('quick_check');
      if (finding !== 'ok') throw new CorruptDatabase(String(finding));
    }
    // Damage in the schema shows here rather than in the first room that prepares a statement.
    sqlite.exec('SELECT count(*) FROM sqlite_schema');
    if (marker) writeFileSync(marker, `${process.pid}\n`);
    applyMigrations(sqlite, pending);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return handle(sqlite, file, marker);
}

/**
 * Reads a pragma without a prepared statement: a connection that is closed while one is alive keeps the file open until the
 * statement is collected (@photostructure/sqlite 1.2), and Windows lets nobody rename an open file.
 */
function createAsk(sqlite: Connection): (pragma: string) => SqlValue {
  let answer: SqlValue = null;
  sqlite.function('stoker_take', { directOnly: true }, (value: SqlValue) => {
    answer = value;
    return null;
  });
  return (pragma) => {
    sqlite.exec(`SELECT stoker_take(${pragma}) FROM pragma_${pragma} LIMIT 1`);
    return answer;
  };
}

function handle(sqlite: Connection, file: string, marker: string | null): Database {
  let open = true;
  let damaged = false;

  /** The marker of a damaged file stays, so that the next start checks it. */
  function watched<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      damaged ||= isCorrupt(error);
      throw error;
    }
  }

  return {
    file,
    prepare(sql) {
      const statement = watched(() => sqlite.prepare(sql));
      return {
        run: (...values) => watched(() => statement.run(...values)),
        get: (...values) => watched(() => statement.get(...values)),
        all: (...values) => watched(() => statement.all(...values)),
      };
    },
    transaction: (work) =>
      watched(() => {
        sqlite.exec('BEGIN IMMEDIATE');
        try {
          const result = work();
          if (result instanceof Promise) throw new Error('a transaction cannot wait for a promise');
          sqlite.exec('COMMIT');
          return result;
        } catch (error) {
          // SQLite has rolled back by itself after some errors, a full disk among them.
          if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
          throw error;
        }
      }),
    close() {
      if (!open) return;
      open = false;
      try {
        // Brings the log into the file and removes it, which closing alone does not while statements are alive (see createAsk).
        if (marker) sqlite.exec('PRAGMA journal_mode = DELETE');
      } catch {
        // A full disk: the log stays beside the file, and is read at the next start.
      }
      sqlite.close();
      if (marker && !damaged) rmSync(marker, { force: true });
    },
  };
}

function setAside(file: string, now: number): string {
  const keptAs = `${file}.bad-${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, keptAs + suffix);
  }
  rmSync(`${file}.open`, { force: true });
  return keptAs;
}

/** The library gives no code with what `all` throws: then SQLite's own sentence has to do. */
const isCorrupt = (error: unknown): boolean =>
  error instanceof CorruptDatabase ||
  CORRUPT_CODES.has(resultCode(error)) ||
  (error instanceof Error && /disk image is malformed|file is not a database/.test(error.message));

/** The primary code of an error of SQLite; the extended one holds it in its low byte. 0 for any other error. */
function resultCode(error: unknown): number {
  return error instanceof Error && 'sqliteCode' in error ? Number(error.sqliteCode) & 0xff : 0;
}

function asUnusable(error: unknown, file: string): AppError {
  if (error instanceof AppError) return error;
  const cause = UNUSABLE_WORDS.get(resultCode(error)) ?? (error instanceof Error ? error.message : String(error));
  return new AppError('data_folder_unusable', `Stoker cannot use its database ${file}: ${cause}.`, {
    details: { path: file },
    cause: error,
  });
}
