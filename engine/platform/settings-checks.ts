/** What a change of settings is refused for, by dotted key and in words. Reads and writes nothing. */
import { isDeepStrictEqual } from 'node:util';
import type { SettingOrigin } from '../../contract/manager-api.ts';
import { SECRET_MASK, type Settings, type SettingsPatch } from '../../contract/settings.ts';
import { AppError } from './app-error.ts';
import { isLoopback } from './loopback.ts';
import { findSettingField } from './setting-fields.ts';
import { flattenPatch, type ResolvedSettings } from './settings-layers.ts';

const CHANGEABLE: ReadonlySet<SettingOrigin> = new Set(['default', 'file', 'secret']);

/** The values of a patch that are to be saved, trimmed and by dotted key. */
export function checkPatch(
  patch: SettingsPatch,
  { settings, origins, sources }: ResolvedSettings,
): Map<string, unknown> {
  const wanted = new Map<string, unknown>();
  const fields = new Map<string, string>();
  const unchanged = flattenPatch(settings);
  for (const [key, value] of flattenPatch(patch)) {
    const field = findSettingField(key);
    if (field === undefined) {
      fields.set(key, 'is not a setting');
      continue;
    }
    if (field.secret && value === SECRET_MASK) continue;
    const checked = field.schema.safeParse(value);
    if (!checked.success) fields.set(key, `must be ${field.expectation}`);
    else if (CHANGEABLE.has(origins[key] ?? 'default')) wanted.set(key, checked.data);
    else if (!isDeepStrictEqual(checked.data, unchanged.get(key))) {
      fields.set(key, `is set by ${sources.get(key)} and can only be changed there`);
    }
  }
  refuse(fields);
  return wanted;
}

/** The engine would refuse to start with such settings, and the dashboard that could undo them would be gone. */
export function exposure({ network }: Settings, wanted: ReadonlyMap<string, unknown>): Map<string, string> {
  if (network.token !== null || isLoopback(network.host)) return new Map();
  if (wanted.has('network.host'))
    return new Map([['network.host', 'must be 127.0.0.1 while network.token is not set']]);
  if (!wanted.has('network.token')) return new Map();
  return new Map([['network.token', `must be set while network.host is ${network.host}`]]);
}

/** @throws AppError invalid_settings when there is anything to refuse */
export function refuse(fields: ReadonlyMap<string, string>): void {
  if (fields.size === 0) return;
  const sentence = [...fields].map(([key, reason]) => `${key} ${reason}`).join('; ');
  throw new AppError('invalid_settings', `These settings cannot be used: ${sentence}.`, {
    details: { fields: Object.fromEntries(fields) },
  });
}

/** Is this a value a secret of the settings may have? A secret that is no setting may have any. */
export function checkSecretValue(key: string, value: string | null): void {
  const field = findSettingField(key);
  if (field === undefined || field.schema.safeParse(value).success) return;
  refuse(new Map([[key, `must be ${field.expectation}`]]));
}
