/** What of the courtesy outlives the engine: the pause, the leases, and whether ComfyUI is to run again. One small file. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomically } from '../platform/atomic-file.ts';
import { isMissing } from '../platform/error-code.ts';
import type { Log } from '../platform/log.ts';

const StoredLeaseSchema = z.object({
  id: z.string(),
  owner: z.string(),
  reason: z.string(),
  /** Epoch milliseconds, like `until`. */
  since: z.number(),
  until: z.number(),
});
export type StoredLease = z.infer<typeof StoredLeaseSchema>;

const StoredCourtesySchema = z.object({
  paused: z.boolean(),
  leases: z.array(StoredLeaseSchema),
  /** ComfyUI ran when the card was given away. */
  comesBack: z.boolean(),
});
export type StoredCourtesy = z.infer<typeof StoredCourtesySchema>;

export interface CourtesyStore {
  load(): StoredCourtesy;
  /** @throws AppError data_folder_unusable */
  save(courtesy: StoredCourtesy): void;
}

const NOTHING: StoredCourtesy = { paused: false, leases: [], comesBack: false };

/** A file that cannot be read costs the pause and the leases, and is logged; the prompts lie in a file of their own. */
export function createCourtesyStore({ file, log }: { readonly file: string; readonly log: Log }): CourtesyStore {
  let saved = '';
  return {
    load() {
      try {
        saved = readFileSync(file, 'utf8');
        return StoredCourtesySchema.parse(JSON.parse(saved));
      } catch (error) {
        if (!isMissing(error)) log.warn({ file, error: String(error) }, 'the courtesy file cannot be read; ignored');
        return NOTHING;
      }
    },
    save(courtesy) {
      const text = JSON.stringify(courtesy);
      if (text === saved) return;
      writeFileAtomically(file, text);
      saved = text;
    },
  };
}
