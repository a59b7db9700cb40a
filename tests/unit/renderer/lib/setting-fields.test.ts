import { describe, expect, test } from 'vitest';
import { SettingsSchema } from '../../../../contract/settings.ts';
import { SETTING_FIELDS } from '../../../../renderer/lib/setting-fields.ts';
import { settingWords } from '../../../../strings/en/settings.ts';
import type { SettingWords } from '../../../../strings/vocabulary.ts';

describe('the fields', () => {
  test('every setting of the contract has a field, and each is explained', () => {
    const keys = Object.entries(SettingsSchema.parse({})).flatMap(([group, values]) =>
      Object.keys(values).map((name) => `${group}.${name}`),
    );
    expect(SETTING_FIELDS.map(({ key }) => key).sort()).toEqual(keys.sort());
    expect(Object.keys(settingWords).sort()).toEqual(keys.sort());
  });

  test('every choice has words or is its own word', () => {
    const unnamed = SETTING_FIELDS.filter(({ control }) => control.kind === 'choice').filter(
      ({ key, control }) =>
        control.kind === 'choice' &&
        key !== 'installation.host' &&
        control.options.some(
          (option) => (settingWords as Readonly<Record<string, SettingWords>>)[key]?.choices?.[option] === undefined,
        ),
    );
    expect(unnamed).toEqual([]);
  });
});
