import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineRefusal } from '../../../../electron/engine/engine-link.ts';
import { backendName, createKeyStore, type Encryption } from '../../../../electron/keychain/key-store.ts';
import { createSecretKeeper } from '../../../../electron/keychain/secret-keeper.ts';
import { shellWords } from '../../../../strings/en/shell.ts';

const PLANTED = 'planted-secret-value';

/** Turns bytes round: enough to see that no value lies in the file as it is. */
const encryption = (changes: Partial<Encryption> = {}): Encryption => ({
  isEncryptionAvailable: () => true,
  encryptString: (text) => Buffer.from(`v11${text}`).reverse(),
  decryptString(encrypted) {
    const text = Buffer.from(encrypted).reverse().toString();
    if (!text.startsWith('v11')) throw new Error('Error while decrypting the ciphertext.');
    return text.slice(3);
  },
  ...changes,
});

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-keys-'));
  file = join(folder, 'secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const store = (changes: Partial<Encryption> = {}) =>
  createKeyStore({ encryption: encryption(changes), platform: 'linux', environment: {}, file });

describe('the key store', () => {
  it('keeps values encrypted, in a file for this user alone', () => {
    // A file that was there before does not keep its mode.
    writeFileSync(`${file}.new`, '', { mode: 0o644 });
    store().save('network.token', PLANTED);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    store().save('endpoint.a.key', 'another');
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(PLANTED);
    expect(text).not.toContain(Buffer.from(PLANTED).toString('base64'));
    expect(store().readAll()).toEqual({
      secrets: { 'network.token': PLANTED, 'endpoint.a.key': 'another' },
      unreadable: [],
    });
    store().forget('network.token');
    store().forget('never.there');
    expect(store().readAll().secrets).toEqual({ 'endpoint.a.key': 'another' });
  });

  it('names what it cannot read any more, and keeps the rest', () => {
    store().save('network.token', PLANTED);
    const stored = JSON.parse(readFileSync(file, 'utf8'));
    stored.secrets['endpoint.a.key'] = Buffer.from('of another key').toString('base64');
    writeFileSync(file, JSON.stringify(stored));
    expect(store().readAll()).toEqual({ secrets: { 'network.token': PLANTED }, unreadable: ['endpoint.a.key'] });
    writeFileSync(file, 'broken');
    expect(store().readAll()).toEqual({ secrets: {}, unreadable: [] });
  });

  it('is none where the system has none, nor where the key stands in a program', () => {
    expect(store().available()).toBe(true);
    expect(store({ isEncryptionAvailable: () => false }).available()).toBe(false);
    expect(store({ isEncryptionAvailable: () => false }).name()).toBeNull();
    expect(store({ getSelectedStorageBackend: () => 'basic_text' }).available()).toBe(false);
  });

  it('has a name that people know', () => {
    expect(backendName('linux', {}, 'gnome_libsecret')).toBe('GNOME Keyring');
    expect(backendName('linux', {}, 'kwallet6')).toBe('KWallet');
    // Electron 22 does not tell.
    expect(backendName('linux', { XDG_CURRENT_DESKTOP: 'KDE' }, null)).toBe('KWallet');
    expect(backendName('linux', { XDG_CURRENT_DESKTOP: 'XFCE' }, null)).toBe('GNOME Keyring');
    expect(backendName('darwin', {}, null)).toBe('Keychain');
    expect(backendName('win32', {}, null)).toBe('Windows Data Protection');
  });
});

describe('a secret of the user', () => {
  function keeper(available: boolean, refuse: EngineRefusal | null = null) {
    const sent: unknown[] = [];
    const problems: string[] = [];
    const kept = createSecretKeeper({
      keyStore: store({ isEncryptionAvailable: () => available }),
      async send(method, path, body) {
        sent.push([method, path, body]);
        if (refuse !== null) throw refuse;
        return null;
      },
      words: () => shellWords,
      tellProblem: (message) => problems.push(message),
    });
    return { ...kept, sent, problems };
  }

  it('goes into the key store and into the engine’s memory', async () => {
    const first = keeper(true);
    expect(await first.save('network.token', PLANTED, undefined)).toBe('keyStore');
    expect(first.sent).toEqual([['PUT', '/manager/secrets/network.token', { value: PLANTED, place: 'memory' }]]);
    const next = keeper(true);
    expect(next.toHandIn()).toEqual({ 'network.token': PLANTED });
    expect(next.known('network.token')).toBe(PLANTED);
  });

  it('is handed to an engine that runs already', async () => {
    await keeper(true).save('network.token', PLANTED, undefined);
    const handed: unknown[] = [];
    await keeper(true).handIn({
      async json(method, path, body) {
        handed.push([method, path, body]);
      },
    });
    expect(handed).toEqual([['PUT', '/manager/secrets/network.token', { value: PLANTED, place: 'memory' }]]);
  });

  it('asks for a choice where there is no key store, and keeps nothing by itself', async () => {
    const kept = keeper(false);
    await expect(kept.save('network.token', PLANTED, undefined)).rejects.toMatchObject({ code: 'no_key_store' });
    expect(kept.sent).toEqual([]);
    expect(await kept.save('network.token', PLANTED, 'file')).toBe('file');
    expect(await kept.save('network.token', PLANTED, 'memory')).toBe('memory');
    expect(kept.sent.map((one) => (one as { 2: { place: string } })[2].place)).toEqual(['file', 'memory']);
    expect(() => statSync(file)).toThrow();
    // The shell itself sends the token for as long as it runs.
    expect(kept.known('network.token')).toBe(PLANTED);
  });

  it('is not kept when the engine refused it, and stands in no error', async () => {
    const kept = keeper(true, new EngineRefusal('invalid_request', 'Too short.'));
    const failure = await kept.save('network.token', PLANTED, undefined).catch((error: Error) => error);
    expect(String(failure)).toBe('EngineRefusal: Too short.');
    expect(keeper(true).known('network.token')).toBeNull();
  });

  it('is forgotten everywhere, also when the engine has forgotten it already', async () => {
    await keeper(true).save('network.token', PLANTED, undefined);
    const kept = keeper(true, new EngineRefusal('secret_not_found', 'There is none.'));
    await kept.forget('network.token');
    expect(kept.sent).toEqual([['DELETE', '/manager/secrets/network.token', undefined]]);
    expect(kept.known('network.token')).toBeNull();
    expect(keeper(true).toHandIn()).toEqual({});
  });

  it('that cannot be read any more is told by its name', () => {
    writeFileSync(file, JSON.stringify({ secrets: { 'network.token': Buffer.from('x').toString('base64') } }));
    const kept = keeper(true);
    expect(kept.toHandIn()).toEqual({});
    expect(kept.problems).toEqual([expect.stringContaining('network.token')]);
  });
});
