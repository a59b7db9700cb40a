/** Settings as a file for another Stoker: what goes out, and what taking one in would change. Pure; secrets neither go out nor come in. */
import { isDeepStrictEqual } from 'node:util';
import type { SettingsPatch } from '../../contract/settings.ts';
import { findSettingField, SETTING_FIELDS } from './setting-fields.ts';
import { flattenPatch, nestValues } from './settings-layers.ts';

export interface ImportPlan {
  /** What the settings file is to hold, by dotted key. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly changes: readonly { readonly key: string; readonly from: unknown; readonly to: unknown }[];
  readonly problems: readonly { readonly key: string; readonly message: string }[];
}

/** Variables for ComfyUI that by their names hold a key of somebody: they stay on this computer. */
const SECRET_VARIABLE = /token|secret|passw|credential|api_?key|access_?key/i;
const ENVIRONMENT = 'installation.environment';

/** @param saved what the settings file holds, by dotted key */
export function exportable(saved: ReadonlyMap<string, unknown>): SettingsPatch {
  const values = new Map<string, unknown>();
  for (const { key, secret, defaultValue } of SETTING_FIELDS) {
    if (secret || !saved.has(key)) continue;
    const value = key === ENVIRONMENT ? variables(saved, (name) => !SECRET_VARIABLE.test(name)) : saved.get(key);
    if (!isDeepStrictEqual(value, defaultValue)) values.set(key, value);
  }
  return nestValues(values);
}

/**
 * What is not named goes back to its default.
 * @param saved what the settings file holds, by dotted key
 */
export function planImport(imported: SettingsPatch, saved: ReadonlyMap<string, unknown>): ImportPlan {
  const wanted = new Map<string, unknown>();
  const problems: { key: string; message: string }[] = [];
  for (const [key, value] of flattenPatch(imported)) {
    const field = findSettingField(key);
    const checked = field?.schema.safeParse(value);
    if (field === undefined) problems.push({ key, message: 'is not a setting of this version' });
    else if (field.secret)
      problems.push({ key, message: 'is a secret: take it out of the file and set it in Settings' });
    else if (checked?.success) wanted.set(key, checked.data);
    else problems.push({ key, message: `must be ${field.expectation}` });
  }
  const kept = variables(saved, (name) => SECRET_VARIABLE.test(name));
  if (Object.keys(kept).length > 0) {
    wanted.set(ENVIRONMENT, { ...kept, ...variables(wanted, () => true) });
  }

  const values = new Map<string, unknown>();
  const changes: { key: string; from: unknown; to: unknown }[] = [];
  for (const { key, secret, defaultValue } of SETTING_FIELDS) {
    const from = saved.has(key) ? saved.get(key) : defaultValue;
    const to = secret ? from : wanted.has(key) ? wanted.get(key) : defaultValue;
    if (!isDeepStrictEqual(to, defaultValue)) values.set(key, to);
    if (!secret && !isDeepStrictEqual(from, to)) changes.push({ key, from, to });
  }
  return { values, changes, problems };
}

function variables(values: ReadonlyMap<string, unknown>, wanted: (name: string) => boolean): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values.get(ENVIRONMENT) ?? {}).filter(([name]) => wanted(name)));
}
