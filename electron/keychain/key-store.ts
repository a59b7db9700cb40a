/**
 * The system's key store for secrets: `safeStorage` encrypts with a key that the system keeps, the encrypted values lie in a file of
 * mode 0600. No value is ever logged or part of an error.
 */
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type SecretName, SecretNameSchema } from '../../contract/secrets.ts';

/** What is asked of Electron's `safeStorage`; version 22 cannot tell its backend. */
export interface Encryption {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
  getSelectedStorageBackend?(): string;
}

export interface KeyStoreDeps {
  readonly encryption: Encryption;
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  readonly file: string;
}

export interface KeyStore {
  /** False where the system offers none: then nothing can be kept here. */
  available(): boolean;
  /** For a person, for example "GNOME Keyring"; null where there is none. */
  name(): string | null;
  /** What can be read, and the names of what cannot be any more: another user's, or the system's key was lost. */
  readAll(): { readonly secrets: Readonly<Record<SecretName, string>>; readonly unreadable: readonly SecretName[] };
  /** Call only when available. */
  save(name: SecretName, value: string): void;
  forget(name: SecretName): void;
}

const FileSchema = z.object({ secrets: z.record(SecretNameSchema, z.string().describe('Encrypted, base64.')) });

export function createKeyStore({ encryption, platform, environment, file }: KeyStoreDeps): KeyStore {
  function available(): boolean {
    // `basic_text` encrypts with a key that stands in Chromium's source: that is no key store.
    return encryption.isEncryptionAvailable() && encryption.getSelectedStorageBackend?.() !== 'basic_text';
  }

  function read(): Record<string, string> {
    try {
      return FileSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data?.secrets ?? {};
    } catch {
      return {};
    }
  }

  function write(secrets: Record<string, string>): void {
    const temporary = `${file}.new`;
    writeFileSync(temporary, JSON.stringify({ secrets }), { mode: 0o600 });
    // The mode above counts only for a file that was not there.
    chmodSync(temporary, 0o600);
    renameSync(temporary, file);
  }

  return {
    available,
    name() {
      if (!available()) return null;
      return backendName(platform, environment, encryption.getSelectedStorageBackend?.() ?? null);
    },
    readAll() {
      const secrets: Record<string, string> = {};
      const unreadable: string[] = [];
      for (const [name, encrypted] of Object.entries(read())) {
        try {
          secrets[name] = encryption.decryptString(Buffer.from(encrypted, 'base64'));
        } catch {
          unreadable.push(name);
        }
      }
      return { secrets, unreadable };
    },
    save(name, value) {
      write({ ...read(), [name]: encryption.encryptString(value).toString('base64') });
    },
    forget(name) {
      const { [name]: forgotten, ...others } = read();
      if (forgotten !== undefined) write(others);
    },
  };
}

/** @param backend as Electron calls it; null where it does not tell */
export function backendName(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, backend: string | null): string {
  switch (platform) {
    case 'darwin':
      return 'Keychain';
    case 'win32':
      return 'Windows Data Protection';
    default: {
      const kde = backend?.startsWith('kwallet') ?? /kde/i.test(environment.XDG_CURRENT_DESKTOP ?? '');
      return kde ? 'KWallet' : 'GNOME Keyring';
    }
  }
}
