/** What `engine.lock` in the data folder holds: who runs on that folder, and where the command line finds it. */
import { z } from 'zod';

export const EngineLockSchema = z.object({
  pid: z.number().int().min(1),
  startToken: z
    .string()
    .describe('With the pid it names one process for ever, also after the pid is given to another.'),
  nonce: z.string().describe('Names this one locking.'),
  since: z.iso.datetime(),
  url: z.string().nullable().describe('Base address without a path; null until the engine listens.'),
});
export type EngineLock = z.infer<typeof EngineLockSchema>;
