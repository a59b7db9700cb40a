/** Settings as environment variables: the name of each, the reference system's names, and how their text is read. */
import { findSettingField, SETTING_FIELDS, type SettingField } from './setting-fields.ts';

/** A value the environment gives a setting; not yet checked against its schema. */
export interface EnvironmentSetting {
  readonly value: unknown;
  /** For a person: `COMFYUI_PORT`, or `COMFYUI_PORT in /data/config.env`. */
  readonly source: string;
  readonly variable: string;
}

export interface EnvironmentSettings {
  readonly values: ReadonlyMap<string, EnvironmentSetting>;
  readonly problems: readonly string[];
}

/** Names of the on-demand manager that Stoker takes over from, as they are there. */
export const REFERENCE_NAMES: Readonly<Record<string, string>> = {
  COMFYUI_HOST: 'installation.host',
  COMFYUI_PORT: 'installation.port',
  COMFYUI_START_CMD: 'installation.commandLine',
  MANAGER_PORT: 'network.port',
  IDLE_TIMEOUT_SECONDS: 'idle.stopAfterSeconds',
};

/** Accepted so that an old config.env works as it is. */
const NO_LONGER_NEEDED: Readonly<Record<string, string>> = {
  IDLE_CHECK_INTERVAL: 'Stoker sleeps at the exact time and does not poll',
};

const STOKER_NAMES: ReadonlyMap<string, SettingField> = new Map(
  SETTING_FIELDS.map((field) => [environmentName(field.key), field]),
);
const GROUP_PREFIXES = [...new Set(SETTING_FIELDS.map((field) => `STOKER_${field.group.toUpperCase()}_`))];

/** `idle.stopAfterSeconds` → `STOKER_IDLE_STOP_AFTER_SECONDS` */
export function environmentName(key: string): string {
  return `STOKER_${key.replace(/[A-Z]/g, '_$&').replaceAll('.', '_').toUpperCase()}`;
}

/**
 * Picks the settings out of variables. An empty variable is as good as unset; a STOKER_ name goes before a reference name.
 * @param place of the variables when not the process environment, for example the path of a config.env
 */
export function readEnvironmentSettings(
  variables: Readonly<Record<string, string | undefined>>,
  place: string | null = null,
): EnvironmentSettings {
  const values = new Map<string, EnvironmentSetting>();
  const problems: string[] = [];

  for (const [variable, text] of Object.entries(variables)) {
    if (text === undefined || text.trim() === '') continue;
    const source = place === null ? variable : `${variable} in ${place}`;
    const referenced = Object.hasOwn(REFERENCE_NAMES, variable) ? REFERENCE_NAMES[variable] : undefined;
    const field = STOKER_NAMES.get(variable) ?? (referenced === undefined ? undefined : findSettingField(referenced));
    if (field !== undefined) {
      const own = environmentName(field.key);
      if (variable !== own && variables[own]?.trim()) problems.push(`${source} is ignored: ${own} is set too.`);
      else values.set(field.key, { value: parseEnvironmentText(field, text), source, variable });
    } else if (Object.hasOwn(NO_LONGER_NEEDED, variable)) {
      problems.push(`${source} is no longer needed (${NO_LONGER_NEEDED[variable]}); it is ignored.`);
    } else if (GROUP_PREFIXES.some((prefix) => variable.startsWith(prefix))) {
      problems.push(`${source} is not a setting of this version; it is ignored.`);
    }
  }
  return { values, problems };
}

/** What a setting's text stands for; text that cannot be read is returned as it is, for the schema to refuse. */
export function parseEnvironmentText(field: SettingField, raw: string): unknown {
  const text = raw.trim();
  switch (field.kind) {
    case 'number':
      return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'boolean':
      return /^(true|1|yes|on)$/i.test(text) ? true : /^(false|0|no|off)$/i.test(text) ? false : text;
    case 'list':
      return text.startsWith('[') ? parseJson(text) : commaList(text);
    case 'record':
      return text.startsWith('{') ? parseJson(text) : parseRecord(text);
    case 'choice':
    case 'text':
      return text;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function commaList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** `A=1,B=2` */
function parseRecord(text: string): unknown {
  const pairs = commaList(text).map((part) => part.split(/=(.*)/s, 2));
  return pairs.every((pair) => pair.length === 2) ? Object.fromEntries(pairs) : text;
}
