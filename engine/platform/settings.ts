/**
 * The settings in force: defaults, then the file, `config.env`, the environment and the command line, the later winning.
 * The only writer of the settings file, which is read at start and before each change and not watched in between.
 */
import { isDeepStrictEqual } from 'node:util';
import type { SettingOrigin } from '../../contract/manager-api.ts';
import { SECRET_MASK, type Settings, type SettingsAnswer, type SettingsPatch } from '../../contract/settings.ts';
import { AppError } from './app-error.ts';
import { type Clock, systemClock } from './clock.ts';
import { readConfigEnv } from './config-env.ts';
import { environmentName, readEnvironmentSettings } from './environment-names.ts';
import { createListeners, type Unsubscribe } from './listeners.ts';
import type { Log } from './log.ts';
import { isLoopback } from './loopback.ts';
import { DEFAULT_SETTINGS, findSettingField, SETTING_FIELDS } from './setting-fields.ts';
import { type LoadedSettings, loadSettingsFile, saveSettingsFile } from './settings-file.ts';
import {
  changedKeys,
  flattenPatch,
  maskSecrets,
  type ResolvedSettings,
  resolveSettings,
  type SettingsLayer,
} from './settings-layers.ts';

/** Values that win over file and environment for this run. */
export interface SettingsOverride {
  readonly origin: Extract<SettingOrigin, 'commandLine' | 'demo'>;
  readonly values: SettingsPatch;
}

export interface SettingsStoreDeps {
  readonly file: string;
  /** From findConfigEnv; null when there is none. */
  readonly configEnvFile: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Weakest first. */
  readonly overrides?: readonly SettingsOverride[];
  readonly clock?: Clock;
  readonly log: Log;
}

export interface SettingsChange {
  readonly previous: Settings;
  readonly current: Settings;
  /** Dotted keys whose value in force changed. */
  readonly keys: readonly string[];
}

export interface SettingsStore {
  current(): Settings;
  answer(): SettingsAnswer;
  /**
   * Saves a change and puts it in force; a value equal to its default leaves the file, a secret sent back as its mask stays.
   * @throws AppError invalid_settings with details.fields by dotted key; nothing is changed then
   * @throws AppError data_folder_unusable; nothing is changed then
   */
  patch(patch: SettingsPatch): SettingsAnswer;
  onChange(listener: (change: SettingsChange) => void): Unsubscribe;
  /** Which settings the running ComfyUI was launched with, null when none runs: `restartNeeded` compares with them. */
  setUsedByComfyui(settings: Settings | null): void;
}

/** @throws AppError invalid_settings when an override is not valid: who typed it is there to correct it. */
export function createSettingsStore(deps: SettingsStoreDeps): SettingsStore {
  const clock = deps.clock ?? systemClock;
  const changed = createListeners<SettingsChange>((error) =>
    deps.log.error({ err: error }, 'settings listener failed'),
  );
  const environment = readEnvironment(deps);
  const overrides = (deps.overrides ?? []).map(overrideLayer);
  let saved = loadSettingsFile(deps.file, clock.now());
  let resolved = resolve(saved);
  const usedByEngine = resolved.settings;
  let usedByComfyui: Settings | null = null;
  for (const problem of problems()) deps.log.warn(problem);

  function resolve(file: LoadedSettings): ResolvedSettings {
    return resolveSettings([fileLayer(file), ...environment.layers, ...overrides]);
  }

  function problems(): string[] {
    return [...saved.problems, ...environment.problems, ...resolved.problems];
  }

  function restartNeeded(): SettingsAnswer['restartNeeded'] {
    if (changedKeys(usedByEngine, resolved.settings, 'engine').length > 0) return 'engine';
    if (usedByComfyui === null) return 'none';
    return changedKeys(usedByComfyui, resolved.settings, 'comfyui').length > 0 ? 'comfyui' : 'none';
  }

  function answer(): SettingsAnswer {
    return {
      settings: maskSecrets(resolved.settings),
      defaults: DEFAULT_SETTINGS,
      origins: { ...resolved.origins },
      environmentNames: Object.fromEntries(
        SETTING_FIELDS.map(({ key }) => [key, environment.variables.get(key) ?? environmentName(key)]),
      ),
      file: deps.file,
      problems: problems(),
      restartNeeded: restartNeeded(),
    };
  }

  return {
    current: () => resolved.settings,
    answer,
    patch(patch) {
      const wanted = checkPatch(patch, resolved);
      // Read again, so that what somebody edited by hand in between is kept.
      const onDisk = loadSettingsFile(deps.file, clock.now());
      if (onDisk.atRisk !== null) throw onDisk.atRisk;
      const values = new Map(onDisk.values);
      for (const [key, value] of wanted) {
        if (isDeepStrictEqual(value, findSettingField(key)?.defaultValue)) values.delete(key);
        else values.set(key, value);
      }
      const next = { ...onDisk, values };
      const nextResolved = resolve(next);
      refuse(exposure(nextResolved.settings, wanted));
      if (!isDeepStrictEqual(values, onDisk.values)) saveSettingsFile(deps.file, values);

      const previous = resolved.settings;
      saved = next;
      resolved = nextResolved;
      const keys = changedKeys(previous, resolved.settings);
      if (keys.length > 0) {
        deps.log.info({ keys }, 'settings changed');
        changed.notify({ previous, current: resolved.settings, keys });
      }
      return answer();
    },
    onChange: (listener) => changed.add(listener),
    setUsedByComfyui(settings) {
      usedByComfyui = settings;
    },
  };
}

function fileLayer(saved: LoadedSettings): SettingsLayer {
  return {
    origin: 'file',
    values: new Map([...saved.values].map(([key, value]) => [key, { value, source: key }])),
  };
}

/** `config.env` and the environment do not change while the engine runs. */
function readEnvironment({ configEnvFile, environment }: SettingsStoreDeps) {
  const file = readConfigEnv(configEnvFile);
  const fromFile = readEnvironmentSettings(file.values, configEnvFile);
  const fromProcess = readEnvironmentSettings(environment);
  return {
    layers: [fromFile, fromProcess].map(({ values }): SettingsLayer => ({ origin: 'environment', values })),
    variables: new Map([...fromFile.values, ...fromProcess.values].map(([key, { variable }]) => [key, variable])),
    problems: [...file.problems, ...fromFile.problems, ...fromProcess.problems],
  };
}

function overrideLayer({ origin, values }: SettingsOverride): SettingsLayer {
  const fields = new Map<string, string>();
  const checked = [...flattenPatch(values)].map(([key, value]) => {
    const field = findSettingField(key);
    if (field === undefined) fields.set(key, 'is not a setting');
    else if (!field.schema.safeParse(value).success) fields.set(key, `must be ${field.expectation}`);
    return [key, { value, source: 'the command line' }] as const;
  });
  refuse(fields);
  return { origin, values: new Map(checked) };
}

/** The values of a patch that are to be saved, trimmed and by dotted key. */
function checkPatch(patch: SettingsPatch, { settings, origins, sources }: ResolvedSettings): Map<string, unknown> {
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
    else if (origins[key] === 'default' || origins[key] === 'file') wanted.set(key, checked.data);
    else if (!isDeepStrictEqual(checked.data, unchanged.get(key))) {
      fields.set(key, `is set by ${sources.get(key)} and can only be changed there`);
    }
  }
  refuse(fields);
  return wanted;
}

/** The engine would refuse to start with such settings, and the dashboard that could undo them would be gone. */
function exposure({ network }: Settings, wanted: ReadonlyMap<string, unknown>): Map<string, string> {
  if (network.token !== null || isLoopback(network.host)) return new Map();
  if (wanted.has('network.host'))
    return new Map([['network.host', 'must be 127.0.0.1 while network.token is not set']]);
  if (!wanted.has('network.token')) return new Map();
  return new Map([['network.token', `must be set while network.host is ${network.host}`]]);
}

/** @throws AppError invalid_settings when there is anything to refuse */
function refuse(fields: ReadonlyMap<string, string>): void {
  if (fields.size === 0) return;
  const sentence = [...fields].map(([key, reason]) => `${key} ${reason}`).join('; ');
  throw new AppError('invalid_settings', `These settings cannot be used: ${sentence}.`, {
    details: { fields: Object.fromEntries(fields) },
  });
}
