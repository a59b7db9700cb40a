import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineLock } from '../../../../contract/engine-lock.ts';
import { reachableUrl, readHolder } from '../../../../electron/engine/running-engine.ts';
import { savedToken } from '../../../../electron/engine/saved-token.ts';
import { createStartedEngines } from '../../../../electron/engine/started-engines.ts';

const lock: EngineLock = {
  pid: 42,
  startToken: 'boot/1/42',
  nonce: 'n',
  since: '2026-11-21T06:00:00.000Z',
  url: 'http://127.0.0.1:8188',
};
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, value: unknown) =>
  writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));

describe('who holds a data folder', () => {
  it('is the process that wrote the lock', async () => {
    write('engine.lock', lock);
    expect(await readHolder(folder, async () => 'boot/1/42')).toEqual(lock);
  });

  it('is nobody when its pid is another program’s by now', async () => {
    write('engine.lock', lock);
    expect(await readHolder(folder, async () => 'boot/999/42')).toBeNull();
    expect(await readHolder(folder, async () => null)).toBeNull();
  });

  it('is nobody without a whole lock', async () => {
    const alive = async () => 'boot/1/42';
    expect(await readHolder(folder, alive)).toBeNull();
    for (const half of ['', '{"pid":42', '{"pid":"42"}']) {
      write('engine.lock', half);
      expect(await readHolder(folder, alive)).toBeNull();
    }
  });
});

it('reaches an engine that listens everywhere over loopback', () => {
  expect(reachableUrl('http://0.0.0.0:8188')).toBe('http://127.0.0.1:8188');
  expect(reachableUrl('http://[::]:8188')).toBe('http://[::1]:8188');
  expect(reachableUrl('http://192.168.1.5:8188')).toBe('http://192.168.1.5:8188');
});

describe('an engine is ours', () => {
  const at = Date.parse(lock.since);

  it('when a shell started it just before it took the lock', () => {
    const file = join(folder, 'engine.json');
    createStartedEngines(file).remember(42, at - 900);
    expect(createStartedEngines(file).isOurs(lock)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('but not when somebody else did, nor a later one with the same pid', () => {
    const file = join(folder, 'engine.json');
    const engines = createStartedEngines(file);
    expect(engines.isOurs(lock)).toBe(false);
    engines.remember(41, at - 900);
    expect(engines.isOurs(lock)).toBe(false);
    engines.remember(42, at - 86_400_000);
    expect(engines.isOurs(lock)).toBe(false);
    engines.remember(42, at + 1);
    expect(engines.isOurs(lock)).toBe(false);
    writeFileSync(file, 'broken');
    expect(engines.isOurs(lock)).toBe(false);
  });
});

describe('the token that the engine keeps itself', () => {
  it('is in its secrets, or in the settings of an older version', () => {
    expect(savedToken(folder)).toBeNull();
    write('settings.json', { network: { token: 'old-token-of-settings' } });
    expect(savedToken(folder)).toBe('old-token-of-settings');
    write('secrets.json', { secrets: { 'network.token': 'new-token-of-secrets' } });
    expect(savedToken(folder)).toBe('new-token-of-secrets');
    write('secrets.json', 'broken');
    expect(savedToken(folder)).toBe('old-token-of-settings');
  });
});
