/**
 * Where each secret goes: into the system's key store and the engine's memory, or, without a key store, to where the user chose.
 * No value is ever logged or part of an error.
 */
import type { SecretStorage } from '../../contract/desktop.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { SecretName } from '../../contract/secrets.ts';
import type { ShellWords } from '../../strings/en/shell.ts';
import type { EngineClient } from '../engine/client.ts';
import { type EngineLink, EngineRefusal } from '../engine/engine-link.ts';
import type { KeyStore } from './key-store.ts';

export interface SecretKeeperDeps {
  readonly keyStore: KeyStore;
  readonly send: EngineLink['send'];
  readonly words: () => Pick<ShellWords, 'noKeyStore' | 'problems'>;
  /** A sentence for the user. */
  readonly tellProblem: (message: string) => void;
}

export interface SecretKeeper {
  /** What an engine is given at its start. */
  toHandIn(): Readonly<Record<SecretName, string>>;
  /** Gives a running engine what the key store holds. */
  handIn(client: Pick<EngineClient, 'json'>): Promise<void>;
  /** For the shell's own requests; null when it is not known here. */
  known(name: SecretName): string | null;
  /** Kept only when the engine took it. @throws EngineRefusal, `no_key_store` when `storage` is needed and missing */
  save(name: SecretName, value: string, storage: 'file' | 'memory' | undefined): Promise<SecretStorage>;
  forget(name: SecretName): Promise<void>;
}

export function createSecretKeeper({ keyStore, send, words, tellProblem }: SecretKeeperDeps): SecretKeeper {
  /** The shell sends the access token itself, and asks the key store once alone: that may open a dialog of the system. */
  let values: Map<SecretName, string> | null = null;
  const known = (): Map<SecretName, string> => {
    values ??= readKeyStore();
    return values;
  };

  function readKeyStore(): Map<SecretName, string> {
    if (!keyStore.available()) return new Map();
    const { secrets, unreadable } = keyStore.readAll();
    if (unreadable.length > 0) tellProblem(words().problems.keyStore(unreadable));
    return new Map(Object.entries(secrets));
  }

  const kept = (): Record<SecretName, string> => Object.fromEntries(known());
  const routeOf = (name: SecretName): string => `${MANAGER_ROUTES.secrets}/${encodeURIComponent(name)}`;

  return {
    toHandIn: kept,
    async handIn(client) {
      for (const [name, value] of known()) {
        await client.json('PUT', routeOf(name), { value, place: 'memory' }, 10_000);
      }
    },
    known: (name) => known().get(name) ?? null,
    async save(name, value, storage) {
      const available = keyStore.available();
      if (!available && storage === undefined) throw new EngineRefusal('no_key_store', words().noKeyStore);
      const place = available || storage === undefined ? 'memory' : storage;
      await send('PUT', routeOf(name), { value, place });
      if (available) keyStore.save(name, value);
      known().set(name, value);
      return available ? 'keyStore' : place;
    },
    async forget(name) {
      keyStore.forget(name);
      try {
        await send('DELETE', routeOf(name));
      } catch (error) {
        // The engine never had it, or has forgotten it already.
        if (!(error instanceof EngineRefusal) || error.code !== 'secret_not_found') throw error;
      } finally {
        known().delete(name);
      }
    },
  };
}
