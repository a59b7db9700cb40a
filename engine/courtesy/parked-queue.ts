/**
 * Prompts that were taken out of ComfyUI's queue while the card is lent. On return of every method what it did is on the disk;
 * nothing here talks to ComfyUI.
 */
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomically } from '../platform/atomic-file.ts';
import type { Log } from '../platform/log.ts';

export const ParkedPromptSchema = z.object({
  promptId: z.string(),
  /** The graph as ComfyUI listed it. */
  prompt: z.record(z.string(), z.unknown()),
  /** With `client_id` and what the page added. May hold tokens of the user: the file is readable by this user alone. */
  extraData: z.record(z.string(), z.unknown()),
  /** Only these outputs are executed. */
  outputs: z.array(z.string()),
});
export type ParkedPrompt = z.infer<typeof ParkedPromptSchema>;

export interface ParkedQueue {
  /** In the order in which they waited. */
  list(): readonly ParkedPrompt[];
  /** Adds behind what is kept; one whose id is kept already stays where it is. @throws AppError data_folder_unusable */
  add(prompts: readonly ParkedPrompt[]): void;
  /** They are ComfyUI's again, or done. @throws AppError data_folder_unusable */
  strike(promptIds: ReadonlySet<string>): void;
  /** ComfyUI refuses it: kept apart with the reason, for the user. @throws AppError data_folder_unusable */
  refuse(prompt: ParkedPrompt, reason: string): void;
}

const FileSchema = z.array(ParkedPromptSchema);
const RefusedFileSchema = z.array(ParkedPromptSchema.extend({ reason: z.string() }));

export interface ParkedQueueDeps {
  readonly file: string;
  readonly refusedFile: string;
  readonly log: Log;
}

export function createParkedQueue({ file, refusedFile, log }: ParkedQueueDeps): ParkedQueue {
  let kept: readonly ParkedPrompt[] = load(file, FileSchema, log);

  function save(next: readonly ParkedPrompt[]): void {
    if (next.length === 0) rmSync(file, { force: true });
    else writeFileAtomically(file, JSON.stringify(next));
    kept = next;
  }

  return {
    list: () => kept,
    add(prompts) {
      const known = new Set(kept.map(({ promptId }) => promptId));
      const added = prompts.filter(({ promptId }) => !known.has(promptId));
      if (added.length > 0) save([...kept, ...added]);
    },
    strike(promptIds) {
      const left = kept.filter(({ promptId }) => !promptIds.has(promptId));
      if (left.length < kept.length) save(left);
    },
    refuse(prompt, reason) {
      const refused = load(refusedFile, RefusedFileSchema, log);
      writeFileAtomically(refusedFile, JSON.stringify([...refused, { ...prompt, reason }], null, 1));
      save(kept.filter(({ promptId }) => promptId !== prompt.promptId));
    },
  };
}

/** A file that is none of ours is moved aside, never written over: it may hold somebody's work. */
function load<Content>(file: string, schema: z.ZodType<Content[]>, log: Log): Content[] {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    const aside = `${file}.unreadable`;
    log.error({ file, aside, error: String(error) }, 'the kept prompts cannot be read; the file was moved aside');
    renameSync(file, aside);
    return [];
  }
}
