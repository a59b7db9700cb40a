/** Brings a database to the schema this engine knows, one numbered step after the other. Never goes back. */
import { AppError } from './app-error.ts';

/** SQL is kept in TypeScript: it is bundled, typed and found by the same tools as everything else, with no loader for another file type. */
export interface Migration {
  /** Counts from 1 without gaps over all rooms; the highest applied one is the file's `user_version`. */
  readonly id: number;
  readonly sql: string;
}

/**
 * What is missing in a file of that `user_version`, in order.
 * @throws AppError data_folder_unusable when the file was written by a newer Stoker
 */
export function pendingMigrations(version: number, migrations: readonly Migration[], file: string): Migration[] {
  const steps = [...migrations].sort((left, right) => left.id - right.id);
  const misplaced = steps.findIndex(({ id }, index) => id !== index + 1);
  if (misplaced !== -1) throw new Error(`migration ids must count from 1 without gaps: ${misplaced + 1} is missing`);
  if (version > steps.length) {
    throw new AppError(
      'data_folder_unusable',
      `The database ${file} was written by a newer Stoker (its version is ${version}, this one knows ${steps.length}). ` +
        'Run that version again, or choose another data folder.',
      { details: { path: file, version, known: steps.length } },
    );
  }
  return steps.slice(version);
}

interface Connection {
  exec(sql: string): void;
  readonly isTransaction: boolean;
}

/** Each step is one transaction: after a crash the file has it or has not. */
export function applyMigrations(connection: Connection, steps: readonly Migration[]): void {
  for (const { id, sql } of steps) {
    connection.exec('BEGIN IMMEDIATE');
    try {
      connection.exec(`${sql}; PRAGMA user_version = ${id}`);
      connection.exec('COMMIT');
    } catch (error) {
      // SQLite has rolled back by itself after some errors, a full disk among them.
      if (connection.isTransaction) connection.exec('ROLLBACK');
      throw error;
    }
  }
}
