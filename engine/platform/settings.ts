/**
 * The settings in force: defaults, then the file, the secret store, `config.env`, the environment and the command line, the later winning.
 * The only writer of the settings file, which is read at start and before each change and not watched in between.
 */
import { isDeepStrictEqual } from 'node:util';
import type { SettingOrigin } from '../../contract/manager-api.ts';
import type { Settings, SettingsAnswer, SettingsPatch } from '../../contract/settings.ts';
import { type Clock, systemClock } from './clock.ts';
import { readConfigEnv } from './config-env.ts';
import { environmentName, readEnvironmentSettings } from './environment-names.ts';
import { createListeners, type Unsubscribe } from './listeners.ts';
import type { Log } from './log.ts';
import type { SecretStore } from './secrets.ts';
import { DEFAULT_SETTINGS, findSettingField, SETTING_FIELDS } from './setting-fields.ts';
import { checkPatch, checkSecretValue, exposure, refuse } from './settings-checks.ts';
import { type LoadedSettings, loadSettingsFile, saveSettingsFile } from './settings-file.ts';
import {
  changedKeys,
  flattenPatch,
  maskSecrets,
  type ResolvedSettings,
  resolveSettings,
  type SettingsLayer,
} from './settings-layers.ts';
import { moveSecretsOut, secretLayer } from './settings-secrets.ts';
import { exportable, type ImportPlan, planImport } from './settings-transfer.ts';

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
  /** Where values of secret settings are kept: the file holds none. */
  readonly secrets: SecretStore;
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
  /**
   * May this secret become this value, or null? One that is no setting may always.
   * @throws AppError invalid_settings
   */
  checkSecret(name: string, value: string | null): void;
  /** What of the file another Stoker may have: no secrets, nothing that is as by default. */
  exported(): SettingsPatch;
  /**
   * Puts these in the place of what the file holds; secrets stay. With problems, or as a dry run, nothing is changed.
   * @throws AppError data_folder_unusable; nothing is changed then
   */
  replace(imported: SettingsPatch, dryRun: boolean): Pick<ImportPlan, 'changes' | 'problems'>;
  /** What was done to the files at the start, for a person. */
  readonly notices: readonly string[];
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
  const { secrets } = deps;
  const moved = moveSecretsOut(loadSettingsFile(deps.file, clock.now()), deps);
  let saved = moved.saved;
  let resolved = resolve(saved);
  const usedByEngine = resolved.settings;
  let usedByComfyui: Settings | null = null;
  for (const problem of problems()) deps.log.warn(problem);

  /** @param others secrets that would be other than they are */
  function resolve(file: LoadedSettings, others: ReadonlyMap<string, unknown> = new Map()): ResolvedSettings {
    return resolveSettings([fileLayer(file), secretLayer(secrets, others), ...environment.layers, ...overrides]);
  }

  function putInForce(file: LoadedSettings): void {
    const previous = resolved.settings;
    saved = file;
    resolved = resolve(saved);
    const keys = changedKeys(previous, resolved.settings);
    if (keys.length === 0) return;
    deps.log.info({ keys }, 'settings changed');
    changed.notify({ previous, current: resolved.settings, keys });
  }
  secrets.onChange(() => putInForce(saved));

  /** Read again, so that what somebody edited by hand in between is kept. */
  function readAgain(): LoadedSettings {
    const onDisk = loadSettingsFile(deps.file, clock.now());
    if (onDisk.atRisk !== null) throw onDisk.atRisk;
    return onDisk;
  }

  function save(onDisk: LoadedSettings, values: ReadonlyMap<string, unknown>): void {
    if (!isDeepStrictEqual(values, onDisk.values)) saveSettingsFile(deps.file, values);
  }

  function problems(): string[] {
    return [...moved.problems, ...secrets.problems, ...saved.problems, ...environment.problems, ...resolved.problems];
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
      const onDisk = readAgain();
      const values = new Map(onDisk.values);
      const wantedSecrets = new Map<string, string | null>();
      for (const { key, secret } of SETTING_FIELDS) {
        // A secret that somebody wrote into the file by hand goes where secrets are kept.
        const value = wanted.has(key) ? wanted.get(key) : values.get(key);
        if (!secret || (!wanted.has(key) && !values.has(key))) continue;
        wantedSecrets.set(key, typeof value === 'string' ? value : null);
        values.delete(key);
      }
      for (const [key, value] of wanted) {
        if (wantedSecrets.has(key)) continue;
        if (isDeepStrictEqual(value, findSettingField(key)?.defaultValue)) values.delete(key);
        else values.set(key, value);
      }
      const next = { ...onDisk, values };
      refuse(exposure(resolve(next, wantedSecrets).settings, wanted));
      save(onDisk, values);
      try {
        for (const [key, value] of wantedSecrets) secrets.save(key, value, 'file');
      } catch (error) {
        save(next, onDisk.values);
        throw error;
      }
      putInForce(next);
      return answer();
    },
    checkSecret(name, value) {
      if (!SETTING_FIELDS.some(({ key, secret }) => secret && key === name)) return;
      checkSecretValue(name, value);
      const changes = new Map([[name, value]]);
      refuse(exposure(resolve(saved, changes).settings, changes));
    },
    exported: () => exportable(saved.values),
    replace(imported, dryRun) {
      const onDisk = readAgain();
      const { values, changes, problems } = planImport(imported, onDisk.values);
      const next = { ...onDisk, values };
      const exposed = exposure(resolve(next).settings, new Map([['network.host', null]]));
      const found = [...problems, ...[...exposed].map(([key, message]) => ({ key, message }))];
      if (dryRun || found.length > 0) return { changes, problems: found };
      save(onDisk, values);
      putInForce(next);
      return { changes, problems: found };
    },
    notices: moved.notices,
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
