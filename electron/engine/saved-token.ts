/** The engine's access token where the engine itself keeps it: its files of mode 0600 in the data folder, read as the command line does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SecretsFromShellSchema } from '../../contract/secrets.ts';

export const TOKEN_SECRET = 'network.token';
/** Where versions before the secret store kept it. */
const OldSettingsSchema = z.object({ network: z.object({ token: z.string() }) });

/** null when the engine keeps none there. */
export function savedToken(dataFolder: string): string | null {
  const secrets = SecretsFromShellSchema.safeParse(readJson(join(dataFolder, 'secrets.json'))).data?.secrets;
  const old = OldSettingsSchema.safeParse(readJson(join(dataFolder, 'settings.json'))).data;
  return secrets?.[TOKEN_SECRET] ?? old?.network.token ?? null;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
