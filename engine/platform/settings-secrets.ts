/** The settings whose values are secrets: taken from the secret store, and moved there when they lie in the settings file. */
import { toAppError } from './app-error.ts';
import type { Log } from './log.ts';
import type { SecretStore } from './secrets.ts';
import { SETTING_FIELDS } from './setting-fields.ts';
import { type LoadedSettings, saveSettingsFile } from './settings-file.ts';
import type { SettingsLayer } from './settings-layers.ts';

/** @param others values that go before what is kept; null for none */
export function secretLayer(secrets: SecretStore, others: ReadonlyMap<string, unknown>): SettingsLayer {
  const kept = SETTING_FIELDS.filter(({ secret }) => secret).flatMap(({ key }) => {
    const value = others.has(key) ? others.get(key) : secrets.stored(key);
    return value === null ? [] : [[key, { value, source: `The saved secret ${key}` }] as const];
  });
  return { origin: 'secret', values: new Map(kept) };
}

/** Earlier versions, and people, wrote secrets into the settings file. Where the move fails the value stays, and stays in force. */
export function moveSecretsOut(
  loaded: LoadedSettings,
  { file, secrets, log }: { readonly file: string; readonly secrets: SecretStore; readonly log: Log },
): { readonly saved: LoadedSettings; readonly notices: string[]; readonly problems: string[] } {
  const found = SETTING_FIELDS.filter(({ key, secret }) => secret && typeof loaded.values.get(key) === 'string');
  if (found.length === 0 || loaded.atRisk !== null) return { saved: loaded, notices: [], problems: [] };
  const values = new Map(loaded.values);
  try {
    for (const { key } of found) {
      secrets.takeIn(key, String(values.get(key)));
      values.delete(key);
    }
    saveSettingsFile(file, values);
  } catch (error) {
    const reason = toAppError(error).message;
    return {
      saved: loaded,
      notices: [],
      problems: [`A secret stays in ${file}, because it cannot be moved: ${reason}`],
    };
  }
  const keys = found.map(({ key }) => key).join(', ');
  const notice = `${keys} was moved from ${file} to the file of secrets, which this user alone can read.`;
  log.info(notice);
  return { saved: { ...loaded, values }, notices: [notice], problems: [] };
}
