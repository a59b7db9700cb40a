/** Settings from several places laid over each other, the later one winning, each value checked on its own. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { SettingOrigin } from '../../contract/manager-api.ts';
import {
  SECRET_MASK,
  type Settings,
  type SettingsAnswer,
  type SettingsPatch,
  SettingsSchema,
  ShownSettingsSchema,
  type TakesEffect,
} from '../../contract/settings.ts';
import { findSettingField, SETTING_FIELDS } from './setting-fields.ts';

export interface LayerValue {
  /** Not yet checked. */
  readonly value: unknown;
  /** For a person, to begin a sentence with: `settings.json: idle.stopAfterSeconds`, `COMFYUI_PORT in /data/config.env`. */
  readonly source: string;
}

export interface SettingsLayer {
  readonly origin: SettingOrigin;
  /** By dotted key. */
  readonly values: ReadonlyMap<string, LayerValue>;
}

export interface ResolvedSettings {
  readonly settings: Settings;
  readonly origins: Readonly<Record<string, SettingOrigin>>;
  /** What gave each value that is not a default or from the file. */
  readonly sources: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** @param layers weakest first; the defaults lie below all of them */
export function resolveSettings(layers: readonly SettingsLayer[]): ResolvedSettings {
  const groups: Record<string, Record<string, unknown>> = {};
  const origins: Record<string, SettingOrigin> = {};
  const sources = new Map<string, string>();
  const problems: string[] = [];
  for (const field of SETTING_FIELDS) {
    origins[field.key] = 'default';
    for (const { origin, values } of layers) {
      const given = values.get(field.key);
      if (given === undefined) continue;
      const checked = field.schema.safeParse(given.value);
      if (!checked.success) {
        problems.push(`${given.source} must be ${field.expectation}; it is ignored.`);
        continue;
      }
      groups[field.group] = { ...groups[field.group], [field.name]: checked.data };
      origins[field.key] = origin;
      sources.set(field.key, given.source);
    }
  }
  return { settings: SettingsSchema.parse(groups), origins, sources, problems };
}

/** A patch by dotted key; keys that are no settings are kept, for the caller to refuse. */
export function flattenPatch(patch: SettingsPatch): Map<string, unknown> {
  return new Map(
    Object.entries(patch).flatMap(([group, values]) =>
      Object.entries(values ?? {}).map(([name, value]) => [`${group}.${name}`, value] as const),
    ),
  );
}

/** What the file holds, from what is saved by dotted key. */
export function nestValues(values: ReadonlyMap<string, unknown>): SettingsPatch {
  const nested: Record<string, Record<string, unknown>> = {};
  for (const { key, group, name } of SETTING_FIELDS) {
    if (values.has(key)) nested[group] = { ...nested[group], [name]: values.get(key) };
  }
  return nested;
}

/** Undefined for a key that is not a setting. */
export function settingValue(settings: Settings, key: string): unknown {
  const field = findSettingField(key);
  if (field === undefined) return undefined;
  return Object.entries(settings[field.group]).find(([name]) => name === field.name)?.[1];
}

/** Dotted keys whose values differ, of those that take effect `when`, or of all. */
export function changedKeys(before: Settings, after: Settings, when?: TakesEffect): string[] {
  return SETTING_FIELDS.filter(({ takesEffect }) => when === undefined || takesEffect === when)
    .map(({ key }) => key)
    .filter((key) => !isDeepStrictEqual(settingValue(before, key), settingValue(after, key)));
}

/** The settings as a browser may see them. */
export function maskSecrets(settings: Settings): SettingsAnswer['settings'] {
  const shown = SETTING_FIELDS.map(({ key, secret }) => {
    const value = settingValue(settings, key);
    return [key, secret && value !== null ? SECRET_MASK : value] as const;
  });
  return ShownSettingsSchema.parse(nestValues(new Map(shown)));
}
