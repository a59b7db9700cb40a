/** A real full disk and a real read-only one: a small tmpfs, where this user may mount one. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { prepareDataFolder } from '../../../engine/platform/data-folder.ts';
import { acquireDataLock } from '../../../engine/platform/data-lock.ts';
import { silentLog } from '../../../engine/platform/log.ts';
import { createSecretStore } from '../../../engine/platform/secrets.ts';
import { createSettingsStore } from '../../../engine/platform/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'stoker-disk-'));
const file = join(folder, 'settings.json');
const canMount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0;

afterAll(() => {
  if (canMount) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
});

function remount(mode: 'rw' | 'ro'): void {
  const { status, stderr } = spawnSync('mount', ['-o', `remount,${mode}`, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

function fillDisk(): void {
  try {
    for (;;) writeFileSync(join(folder, 'filler'), Buffer.alloc(4096), { flag: 'a' });
  } catch {
    // Full: what was wanted.
  }
}

function open() {
  const log = silentLog();
  const secrets = createSecretStore({ file: join(folder, 'secrets.json'), environments: [], memory: {}, log });
  return createSettingsStore({ file, configEnvFile: null, environment: {}, secrets, log });
}
const unusable = (words: string) =>
  expect.objectContaining({ code: 'data_folder_unusable', message: expect.stringContaining(words) });

describe.runIf(canMount)('settings on a disk that fails', () => {
  beforeEach(() => {
    remount('rw');
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
  });

  test('a full disk refuses the change, keeps the old file and leaves no litter', () => {
    const settings = open();
    settings.patch({ idle: { stopAfterSeconds: 60 } });
    const before = readFileSync(file, 'utf8');
    fillDisk();
    expect(() => settings.patch({ idle: { stopAfterSeconds: 90 } })).toThrow(unusable('the disk is full (ENOSPC)'));
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(settings.current().idle.stopAfterSeconds).toBe(60);
    expect(readdirSync(folder).sort()).toEqual(['filler', 'settings.json']);
  });

  test('a bad file on a full disk stays where it is, its good values are used, and it is not overwritten', () => {
    const text = '{"idle":{"stopAfterSeconds":"soon","freeAfterSeconds":30}}';
    writeFileSync(file, text);
    fillDisk();
    const settings = open();
    expect(settings.current().idle).toMatchObject({ stopAfterSeconds: 300, freeAfterSeconds: 30 });
    expect(() => settings.patch({ idle: { stopAfterSeconds: 90 } })).toThrow(unusable('the disk is full'));
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('a read-only folder is read, and a change says why it cannot be saved', () => {
    open().patch({ idle: { stopAfterSeconds: 60 } });
    remount('ro');
    const settings = open();
    expect(settings.current().idle.stopAfterSeconds).toBe(60);
    expect(() => settings.patch({ idle: { stopAfterSeconds: 90 } })).toThrow(unusable('the file system is read-only'));
  });
});

describe.runIf(canMount)('an engine on a disk that fails', () => {
  beforeAll(() => remount('rw'));

  test('is told that the disk is full before it begins', () => {
    fillDisk();
    expect(() => prepareDataFolder(folder)).toThrow(unusable(`Stoker cannot write ${folder}: the disk is full`));
  });

  test('is told that the folder is read-only before it begins', async () => {
    remount('ro');
    const lock = acquireDataLock({ file: join(folder, 'engine.lock'), startTokenOf: async () => 'alive' });
    expect(() => prepareDataFolder(folder)).toThrow(unusable('the file system is read-only (EROFS)'));
    await expect(lock).rejects.toEqual(unusable('the file system is read-only (EROFS)'));
  });
});

test('a data folder whose name is taken by a file says so', () => {
  const taken = join(mkdtempSync(join(tmpdir(), 'stoker-taken-')), 'data');
  writeFileSync(taken, '');
  expect(() => prepareDataFolder(taken)).toThrow(unusable('a file stands where the folder should be (EEXIST)'));
  expect(() => prepareDataFolder(join(taken, 'inside'))).toThrow(unusable('a file stands where a folder should be'));
  rmSync(join(taken, '..'), { recursive: true, force: true });
});
