import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../../../engine/platform/log.ts';
import { createSecretStore, type SecretStoreDeps } from '../../../../engine/platform/secrets.ts';

const NAME = 'network.token';
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-secrets-'));
  file = join(folder, 'secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (more: Partial<SecretStoreDeps> = {}) =>
  createSecretStore({ file, environments: [], memory: {}, log: silentLog(), ...more });
const inFile = (): unknown => JSON.parse(readFileSync(file, 'utf8')).secrets;

describe('where a secret comes from', () => {
  const environments = [{ STOKER_NETWORK_TOKEN: ' ' }, { STOKER_NETWORK_TOKEN: 'of-config-env' }];

  test('the environment goes before memory, memory before the file', () => {
    open().save(NAME, 'of-file', 'file');
    expect(open().value(NAME)).toBe('of-file');
    const memory = { [NAME]: 'of-memory' };
    expect(open({ memory }).value(NAME)).toBe('of-memory');
    const all = open({ memory, environments });
    expect(all.value(NAME)).toBe('of-config-env');
    expect(all.stored(NAME)).toBe('of-memory');
  });

  test('is told by name and place, never by value', () => {
    const secrets = open({ memory: { 'endpoint.my-pod.key': 'of-memory' }, environments });
    secrets.save('endpoint.other.key', 'of-file', 'file');
    expect(secrets.answer()).toEqual({
      secrets: [
        { name: 'endpoint.my-pod.key', place: 'memory' },
        { name: 'endpoint.other.key', place: 'file' },
        { name: NAME, place: 'environment' },
      ],
    });
  });

  test('a name with a dash has a variable without one', () => {
    expect(open({ environments: [{ STOKER_ENDPOINT_MY_POD_KEY: 'x' }] }).value('endpoint.my-pod.key')).toBe('x');
  });
});

describe('keeping a secret', () => {
  test('in the file: nobody else may read it', () => {
    open().save(NAME, 'kept', 'file');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(open().value(NAME)).toBe('kept');
  });

  test('in memory: it is taken out of the file', () => {
    const secrets = open();
    secrets.save(NAME, 'kept', 'file');
    secrets.save(NAME, 'kept', 'memory');
    expect(inFile()).toEqual({});
    expect(secrets.value(NAME)).toBe('kept');
    expect(open().value(NAME)).toBeNull();
  });

  test('in memory alone: no file is made', () => {
    open().save(NAME, 'kept', 'memory');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('in the file: what memory holds no longer hides it', () => {
    const secrets = open({ memory: { [NAME]: 'old' } });
    secrets.save(NAME, 'new', 'file');
    expect(secrets.value(NAME)).toBe('new');
  });

  test('forgets it wherever it was', () => {
    const secrets = open({ memory: { [NAME]: 'old' } });
    secrets.takeIn(NAME, 'in the file');
    expect(secrets.value(NAME)).toBe('old');
    secrets.save(NAME, null, 'file');
    expect(secrets.value(NAME)).toBeNull();
    expect(inFile()).toEqual({});
  });

  test('tells who listens, by name', () => {
    const secrets = open();
    const heard: string[] = [];
    secrets.onChange((name) => heard.push(name));
    secrets.save(NAME, 'kept', 'memory');
    expect(heard).toEqual([NAME]);
  });
});

describe('a file', () => {
  test('that others can read is mended, which is told', () => {
    open().save(NAME, 'kept', 'file');
    chmodSync(file, 0o644);
    const secrets = open();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(secrets.value(NAME)).toBe('kept');
    expect(secrets.problems).toEqual([expect.stringContaining('its rights are mended')]);
    expect(open().problems).toEqual([]);
  });

  test.each(['not json planted', '{"secrets":{"network.token":"planted"', '{"secrets":{"NAME":"planted"}}', '[]'])(
    'that holds something else (%s) is kept aside, and not repeated in words',
    (text) => {
      writeFileSync(file, text, { mode: 0o600 });
      const secrets = open();
      expect(secrets.answer()).toEqual({ secrets: [] });
      expect(secrets.problems).toEqual([expect.stringContaining('kept as')]);
      expect(secrets.problems.join()).not.toContain('planted');
      const [aside] = readdirSync(folder);
      expect(readFileSync(join(folder, aside ?? ''), 'utf8')).toBe(text);
    },
  );
});
