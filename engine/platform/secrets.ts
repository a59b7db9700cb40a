/**
 * Secrets by name: the environment goes before memory (handed in by the shell's key store), memory before the file. Tells where
 * each is kept to anybody and its value to whoever uses it; never logs one.
 */

import type { z } from 'zod';
import type { SecretPlace, SecretsAnswerSchema } from '../../contract/secrets.ts';
import { type Clock, systemClock } from './clock.ts';
import { environmentName } from './environment-names.ts';
import { createListeners, type Unsubscribe } from './listeners.ts';
import type { Log } from './log.ts';
import { loadSecretsFile, saveSecretsFile } from './secrets-file.ts';
import { SETTING_FIELDS } from './setting-fields.ts';

export type SecretsAnswer = z.infer<typeof SecretsAnswerSchema>;

export interface SecretStore {
  /** The value in force; null when there is none. */
  value(name: string): string | null;
  /** Of memory or file: what can be changed here. */
  stored(name: string): string | null;
  answer(): SecretsAnswer;
  /**
   * Keeps a value in this place and in no other; null forgets it.
   * @throws AppError data_folder_unusable; nothing is changed then
   */
  save(name: string, value: string | null, place: Exclude<SecretPlace, 'environment'>): void;
  /** Into the file, below what memory holds: how a value found elsewhere comes in. @throws as save */
  takeIn(name: string, value: string): void;
  onChange(listener: (name: string) => void): Unsubscribe;
  /** What was wrong with the file, in words. */
  readonly problems: readonly string[];
}

export interface SecretStoreDeps {
  readonly file: string;
  /** The process environment and `config.env`, the stronger first. */
  readonly environments: readonly Readonly<Record<string, string | undefined>>[];
  /** From the shell's key store. */
  readonly memory: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly log: Log;
}

export function createSecretStore({
  file,
  environments,
  clock = systemClock,
  log,
  ...deps
}: SecretStoreDeps): SecretStore {
  const changed = createListeners<string>((error) => log.error({ err: error }, 'a listener of secrets failed'));
  const loaded = loadSecretsFile(file, clock.now());
  const memory = new Map(Object.entries(deps.memory));
  let inFile = loaded.values;
  for (const problem of loaded.problems) log.warn(problem);

  const given = (name: string): string | null =>
    environments.map((variables) => variables[secretVariable(name)]?.trim()).find(Boolean) ?? null;
  const stored = (name: string): string | null => memory.get(name) ?? inFile.get(name) ?? null;

  function placeOf(name: string): SecretPlace {
    if (given(name) !== null) return 'environment';
    return memory.has(name) ? 'memory' : 'file';
  }

  function write(values: Map<string, string>): void {
    if (loaded.atRisk !== null) throw loaded.atRisk;
    saveSecretsFile(file, values);
    inFile = values;
  }

  return {
    value: (name) => given(name) ?? stored(name),
    stored,
    answer() {
      const fromEnvironment = SETTING_FIELDS.filter(({ key, secret }) => secret && given(key) !== null);
      const names = new Set([...memory.keys(), ...inFile.keys(), ...fromEnvironment.map(({ key }) => key)]);
      return { secrets: [...names].sort().map((name) => ({ name, place: placeOf(name) })) };
    },
    save(name, value, place) {
      const values = new Map(inFile);
      if (value !== null && place === 'file') values.set(name, value);
      else values.delete(name);
      // First, because it may fail.
      if (values.get(name) !== inFile.get(name)) write(values);
      if (value !== null && place === 'memory') memory.set(name, value);
      else memory.delete(name);
      log.info({ name, place: value === null ? null : place }, 'a secret changed');
      changed.notify(name);
    },
    takeIn(name, value) {
      write(new Map(inFile).set(name, value));
      changed.notify(name);
    },
    onChange: (listener) => changed.add(listener),
    problems: loaded.problems,
  };
}

/** `endpoint.my-pod.key` → `STOKER_ENDPOINT_MY_POD_KEY` */
export const secretVariable = (name: string): string => environmentName(name).replaceAll('-', '_');
