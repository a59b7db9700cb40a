import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SETTING_FIELDS, type SettingField } from '../../../../renderer/lib/setting-fields.ts';
import { readTyped, typedOf } from '../../../../renderer/lib/setting-value.ts';
import { settingValue } from '../../../../renderer/lib/settings-draft.ts';
import { settingsAnswer } from '../../../support/dashboard-records.ts';

const { settings, defaults } = settingsAnswer();

function field(key: string): SettingField {
  const found = SETTING_FIELDS.find((each) => each.key === key);
  if (found === undefined) throw new Error(`no field ${key}`);
  return found;
}

describe('typing', () => {
  test.each([
    ['idle.stopAfterSeconds', '600', 600],
    ['idle.stopAfterSeconds', ' 600 ', 600],
    ['installation.port', '', null],
    ['installation.python', '', null],
    ['installation.arguments', '--lowvram\n\n  --cpu ', ['--lowvram', '--cpu']],
    ['installation.environment', 'A=1\nB=x=y', { A: '1', B: 'x=y' }],
    ['network.token', '', null],
  ])('%s: %j is %j', (key, typed, value) => expect(readTyped(field(key), typed)).toEqual({ kind: 'value', value }));

  test.each([
    ['idle.stopAfterSeconds', '-5', 'At least 0.'],
    ['idle.stopAfterSeconds', '5 min', 'A whole number.'],
    ['idle.stopAfterSeconds', '1.5', 'A whole number.'],
    ['courtesy.foreignVramGigabytes', '1,5,5', 'A number.'],
    ['courtesy.foreignVramGigabytes', '-1', 'At least 0.'],
    ['idle.stopAfterSeconds', '', 'Must not be empty.'],
    ['idle.stopAfterSeconds', '604801', 'At most 604,800.'],
    ['network.host', '', 'Must not be empty.'],
    ['network.token', 'short', 'At least 16 characters.'],
    ['installation.folder', 'x'.repeat(4097), 'At most 4096 characters.'],
    ['installation.arguments', Array(201).fill('-x').join('\n'), 'At most 200 lines.'],
    ['installation.environment', 'A=1\nB', 'Line 2 is not NAME=value.'],
    ['installation.environment', 'A=1\nA=2', 'A is named twice.'],
    ['installation.host', '0.0.0.0', 'This value is not possible.'],
  ])('%s: %j is refused in words', (key, typed, problem) =>
    expect(readTyped(field(key), typed)).toEqual({ kind: 'problem', problem }),
  );

  test.each(['1.5', '1,5'])('%s is one and a half, as people write it', (typed) =>
    expect(readTyped(field('courtesy.foreignVramGigabytes'), typed)).toEqual({ kind: 'value', value: 1.5 }),
  );

  test('what is shown reads back as what was saved, for every setting', () => {
    const readable = SETTING_FIELDS.filter(({ control }) => control.kind !== 'secret');
    for (const each of [settings, defaults]) {
      for (const one of readable) {
        const value = settingValue(each, one);
        expect([one.key, readTyped(one, typedOf(one, value))]).toEqual([one.key, { kind: 'value', value }]);
      }
    }
  });

  test('any environment survives being shown as lines', () => {
    const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/);
    const text = fc.stringMatching(/^[!-~]([ -~]{0,10}[!-~])?$/);
    fc.assert(
      fc.property(fc.dictionary(name, text), (environment) => {
        const one = field('installation.environment');
        expect(readTyped(one, typedOf(one, environment))).toMatchObject({ kind: 'value', value: environment });
      }),
    );
  });
});
