/**
 * Remembers which engine a shell started, across a crash of the shell: such an engine is ours to end or to start again. One that
 * somebody runs by hand or as a service is used, and left alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { EngineLock } from '../../contract/engine-lock.ts';

const RecordSchema = z.object({
  pid: z.number().int(),
  at: z.number().describe('Epoch milliseconds, before its start.'),
});

export interface StartedEngines {
  remember(pid: number, at: number): void;
  /** Whether the writer of that lock is the engine last started by a shell. */
  isOurs(lock: EngineLock): boolean;
}

export function createStartedEngines(file: string): StartedEngines {
  return {
    remember(pid, at) {
      writeFileSync(file, JSON.stringify({ pid, at }), { mode: 0o600 });
    },
    isOurs(lock) {
      const record = readRecord(file);
      // The time tells it from a later engine that was given the same pid, within what a slow start takes.
      const lockedAfterMs = record === null ? -1 : Date.parse(lock.since) - record.at;
      return record?.pid === lock.pid && lockedAfterMs >= 0 && lockedAfterMs < 120_000;
    },
  };
}

function readRecord(file: string): z.infer<typeof RecordSchema> | null {
  try {
    return RecordSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}
