/**
 * The record of the ComfyUI that was launched last, kept on disk so that an engine started after a crash can prove what it
 * left behind. Decides who a process is; what to do with it (adopt, end, leave alone) is the supervisor's.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../platform/app-error.ts';
import type { ProcessTable } from './process-table.ts';

/** Environment variable that carries the nonce from launch to every process that ComfyUI starts. */
export const NONCE_VARIABLE = 'STOKER_NONCE';

const ProcessRecordSchema = z.object({
  pid: z.number().int().min(2),
  startToken: z.string().min(1),
  nonce: z.string().min(1),
  host: z.string(),
  port: z.number().int(),
  generation: z.number().int(),
  enginePid: z.number().int(),
  launchedAt: z.number(),
  withoutCustomNodes: z.boolean(),
});

export interface ProcessRecord {
  readonly pid: number;
  readonly startToken: string;
  /** Value of STOKER_NONCE in the environment of the process. */
  readonly nonce: string;
  readonly host: string;
  readonly port: number;
  readonly generation: number;
  /** The engine that answers for the process; the lifeline of an earlier one reads it to see that it was adopted. */
  readonly enginePid: number;
  /** Epoch milliseconds. */
  readonly launchedAt: number;
  readonly withoutCustomNodes: boolean;
}

export interface ProcessRecords {
  /** null when there is none; a file that is not a record is kept aside as `<file>.bad`. @throws AppError data_folder_unusable */
  read(): ProcessRecord | null;
  /** Whole or not at all. @throws AppError data_folder_unusable */
  write(record: ProcessRecord): void;
  clear(): void;
  /** `gone`: nothing has that pid. `stranger`: somebody else has it, or nothing proves that it is ours; never to be touched. */
  judge(record: ProcessRecord): Promise<'ours' | 'gone' | 'stranger'>;
}

export interface ProcessRecordsDeps {
  readonly file: string;
  readonly table: ProcessTable;
  readonly wait?: (delayMs: number) => Promise<void>;
}

/** A process that replaces its program (as ComfyUI-Manager does to restart) shows neither environment nor command line for some milliseconds. */
const LOOKS = 4;
const LOOK_AGAIN_MS = 100;

export function createProcessRecords(deps: ProcessRecordsDeps): ProcessRecords {
  const { file, table } = deps;
  const wait = deps.wait ?? ((delayMs) => sleep(delayMs));

  async function judgeOnce(record: ProcessRecord): Promise<'ours' | 'gone' | 'stranger' | 'unproven'> {
    const found = await table.find(record.pid);
    if (found === null) return 'gone';
    if (found.startToken !== record.startToken) return 'stranger';
    const nonce = await table.environmentOf(record.pid, NONCE_VARIABLE);
    if (nonce !== null) return nonce === record.nonce ? 'ours' : 'stranger';
    // Windows shows no environment, and a program may overwrite its own. Pid and start time already name one process;
    // the private port on its command line then shows that this start time was not written down for another one
    // (start times can be coarse, and clocks set back).
    return new RegExp(`(?<!\\d)${record.port}(?!\\d)`).test(found.command) ? 'ours' : 'unproven';
  }

  return {
    read() {
      const text = unlessMissing(file, () => readFileSync(file, 'utf8'));
      if (text === null) return null;
      const record = parseRecord(text);
      if (record === null) unlessMissing(file, () => renameSync(file, `${file}.bad`));
      return record;
    },

    write(record) {
      // One name: the data folder has one engine, and what a kill left half written is written over.
      const draft = `${file}.tmp`;
      try {
        // The nonce is what lets a process pass for ours: readable by this user alone. No fsync: after a power cut
        // the process is gone as well. The newline lets the lifeline's shell read it as one line.
        writeFileSync(draft, `${JSON.stringify(ProcessRecordSchema.parse(record))}\n`, { mode: 0o600 });
        renameSync(draft, file);
      } catch (error) {
        rmSync(draft, { force: true });
        throw unusable(file, error);
      }
    },

    clear() {
      rmSync(file, { force: true });
    },

    async judge(record) {
      for (let looks = 1; ; looks += 1) {
        const verdict = await judgeOnce(record);
        if (verdict !== 'unproven') return verdict;
        if (looks === LOOKS) return 'stranger';
        await wait(LOOK_AGAIN_MS);
      }
    },
  };
}

function parseRecord(text: string): ProcessRecord | null {
  try {
    return ProcessRecordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function unlessMissing<Value>(file: string, action: () => Value): Value | null {
  try {
    return action();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unusable(file, error);
  }
}

function unusable(file: string, error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError('data_folder_unusable', `Stoker cannot keep its process record ${file}: ${reason}`, {
    cause: error,
  });
}
