import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, findSettingField, SETTING_FIELDS } from '../../../../engine/platform/setting-fields.ts';
import { settingValue } from '../../../../engine/platform/settings-layers.ts';

test('every default is the one the whole schema fills in', () => {
  for (const { key, defaultValue } of SETTING_FIELDS) {
    expect(settingValue(DEFAULT_SETTINGS, key), key).toEqual(defaultValue);
  }
});

test.each([
  ['idle.stopAfterSeconds', 'number', 'a whole number from 0 to 604800'],
  ['courtesy.foreignVramGigabytes', 'number', 'a number from 0 to 1024'],
  ['installation.port', 'number', 'a whole number from 1 to 65535, or null'],
  ['network.token', 'text', 'a text of 16 to 4096 characters, or null'],
  ['network.whenAsleepShow', 'choice', 'one of wake, dashboard'],
  ['network.allowedHosts', 'list', 'a list of at most 50 texts'],
  ['installation.environment', 'record', 'an object of texts by name'],
  ['supervision.restartAfterCrash', 'boolean', 'true or false'],
])('%s is a %s that must be %s', (key, kind, expectation) => {
  expect(findSettingField(key)).toMatchObject({ kind, expectation });
});

test('no bound is left out of the words', () => {
  for (const { key, expectation } of SETTING_FIELDS) expect(expectation, key).not.toMatch(/undefined|null characters/);
});
