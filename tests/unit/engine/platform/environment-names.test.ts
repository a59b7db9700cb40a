import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  environmentName,
  parseEnvironmentText,
  REFERENCE_NAMES,
  readEnvironmentSettings,
} from '../../../../engine/platform/environment-names.ts';
import { findSettingField, SETTING_FIELDS } from '../../../../engine/platform/setting-fields.ts';

function read(key: string, text: string): unknown {
  const field = findSettingField(key);
  if (field === undefined) throw new Error(`${key} is no setting`);
  return parseEnvironmentText(field, text);
}

test('every setting has a name of its own', () => {
  expect(environmentName('idle.stopAfterSeconds')).toBe('STOKER_IDLE_STOP_AFTER_SECONDS');
  expect(new Set(SETTING_FIELDS.map(({ key }) => environmentName(key))).size).toBe(SETTING_FIELDS.length);
});

test('every reference name stands for a setting that exists', () => {
  for (const key of Object.values(REFERENCE_NAMES)) expect(findSettingField(key), key).toBeDefined();
});

describe('parseEnvironmentText', () => {
  test.each([
    ['idle.stopAfterSeconds', ' 60 ', 60],
    ['idle.stopAfterSeconds', '1e3', '1e3'],
    ['courtesy.foreignVramGigabytes', '1.5', 1.5],
    ['idle.stopAfterSeconds', '5 minutes', '5 minutes'],
    ['idle.everyRequestCounts', 'Yes', true],
    ['idle.everyRequestCounts', 'off', false],
    ['idle.everyRequestCounts', 'perhaps', 'perhaps'],
    ['network.allowedHosts', 'a.local, b.local,', ['a.local', 'b.local']],
    ['network.allowedHosts', '["a.local"]', ['a.local']],
    ['network.allowedHosts', '["a.local"', '["a.local"'],
    ['installation.arguments', '["--preview-method", "a,b"]', ['--preview-method', 'a,b']],
    ['installation.environment', 'A=1, B=x=y', { A: '1', B: 'x=y' }],
    ['installation.environment', '{"A":"1,2"}', { A: '1,2' }],
    ['installation.environment', 'A', 'A'],
    ['installation.commandLine', ' python main.py ', 'python main.py'],
    ['network.whenAsleepShow', 'dashboard', 'dashboard'],
  ])('reads %s=%s', (key, text, value) => {
    expect(read(key, text)).toEqual(value);
  });

  test('reads back every list and record written as JSON', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.dictionary(fc.string(), fc.string()), (list, record) => {
        expect(read('installation.arguments', JSON.stringify(list))).toEqual(list);
        expect(read('installation.environment', JSON.stringify(record))).toEqual(JSON.parse(JSON.stringify(record)));
      }),
    );
  });
});

describe('readEnvironmentSettings', () => {
  test("takes the reference system's variables as they are", () => {
    const { values, problems } = readEnvironmentSettings({
      COMFYUI_HOST: '127.0.0.1',
      COMFYUI_PORT: '8189',
      COMFYUI_START_CMD: 'python main.py',
      MANAGER_PORT: '9000',
      IDLE_TIMEOUT_SECONDS: '600',
    });
    expect(Object.fromEntries([...values].map(([key, { value }]) => [key, value]))).toEqual({
      'installation.host': '127.0.0.1',
      'installation.port': 8189,
      'installation.commandLine': 'python main.py',
      'network.port': 9000,
      'idle.stopAfterSeconds': 600,
    });
    expect(problems).toEqual([]);
  });

  test('says that the poll interval is no longer needed', () => {
    expect(readEnvironmentSettings({ IDLE_CHECK_INTERVAL: '30' }).problems).toEqual([
      'IDLE_CHECK_INTERVAL is no longer needed (Stoker sleeps at the exact time and does not poll); it is ignored.',
    ]);
  });

  test('lets its own name go before a reference name, and says so', () => {
    const { values, problems } = readEnvironmentSettings({ MANAGER_PORT: '1', STOKER_NETWORK_PORT: '2' });
    expect(values.get('network.port')?.value).toBe(2);
    expect(problems).toEqual(['MANAGER_PORT is ignored: STOKER_NETWORK_PORT is set too.']);
  });

  test('names a misspelt setting and leaves alone what is not a setting', () => {
    const { values, problems } = readEnvironmentSettings(
      { STOKER_IDLE_STOP_AFTER: '1', STOKER_DATA_DIR: '/x', PATH: '/bin', constructor: '1' },
      '/data/config.env',
    );
    expect(values.size).toBe(0);
    expect(problems).toEqual([
      'STOKER_IDLE_STOP_AFTER in /data/config.env is not a setting of this version; it is ignored.',
    ]);
  });

  test('takes an empty variable for unset', () => {
    expect(readEnvironmentSettings({ STOKER_NETWORK_TOKEN: ' ', MANAGER_PORT: '' }).values.size).toBe(0);
  });
});
