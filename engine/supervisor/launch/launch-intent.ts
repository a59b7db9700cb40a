/**
 * Closes the gap between the start of a process and its record: an engine killed in between leaves its intent, by which the
 * next one finds the process. Holds the nonce alone; who carries it is told by the process table.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../platform/app-error.ts';

export interface LaunchIntent {
  /** Before the spawn. @throws AppError data_folder_unusable */
  declare(nonce: string): void;
  /** After the record is written, or nothing was spawned. */
  fulfil(): void;
  /** What an earlier engine declared and did not fulfil. */
  read(): string | null;
}

export function createLaunchIntent(file: string): LaunchIntent {
  return {
    declare(nonce) {
      try {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, nonce, { mode: 0o600 });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new AppError('data_folder_unusable', `Stoker can not write ${file}: ${reason}`, { cause: error });
      }
    },
    fulfil: () => rmSync(file, { force: true }),
    read() {
      try {
        return readFileSync(file, 'utf8').trim() || null;
      } catch {
        return null;
      }
    },
  };
}
