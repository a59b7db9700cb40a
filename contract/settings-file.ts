/** Settings as a file that one Stoker writes and another reads: `GET /manager/settings/export`, `POST /manager/settings/import`. */
import { z } from 'zod';
import { SettingsPatchSchema } from './settings.ts';

/** Only what differs from the defaults, and no secrets. */
export const SettingsFileSchema = z
  .object({ stoker: z.literal(1).describe('The version of this format.'), settings: SettingsPatchSchema })
  .strict();
export type SettingsFile = z.infer<typeof SettingsFileSchema>;

export const SettingsImportAnswerSchema = z.object({
  changes: z.array(z.object({ key: z.string(), from: z.unknown(), to: z.unknown() })),
  problems: z
    .array(z.object({ key: z.string(), message: z.string() }))
    .describe('With any, nothing is taken over. The message follows the key: "must be …".'),
});
export type SettingsImportAnswer = z.infer<typeof SettingsImportAnswerSchema>;
