import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Settings, SettingsSchema } from '../../../../contract/settings.ts';
import { SETTING_FIELDS, type SettingField } from '../../../../renderer/lib/setting-fields.ts';
import { readTyped, typedOf } from '../../../../renderer/lib/setting-value.ts';
import {
  draftOfDefault,
  isLocked,
  reviewDraft,
  sameValue,
  settingValue,
} from '../../../../renderer/lib/settings-draft.ts';
import { settingWords } from '../../../../renderer/strings/en-settings.ts';
import { settingsAnswer } from '../../../support/dashboard-fixtures.ts';

const { settings, defaults } = settingsAnswer();

function field(key: string): SettingField {
  const found = SETTING_FIELDS.find((each) => each.key === key);
  if (found === undefined) throw new Error(`no field ${key}`);
  return found;
}

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
        control.options.some((option) => settingWords[key]?.choices?.[option] === undefined),
    );
    expect(unnamed).toEqual([]);
  });
});

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

describe('the draft', () => {
  test('only what differs from the saved value is sent', () => {
    const review = reviewDraft(settings, { 'idle.stopAfterSeconds': '600', 'idle.freeAfterSeconds': '180' });
    expect(review).toEqual({
      changed: new Set(['idle.stopAfterSeconds']),
      problems: {},
      patch: { idle: { stopAfterSeconds: 600 } },
    });
  });

  test('what is wrong is named and not sent', () => {
    const review = reviewDraft(settings, { 'idle.stopAfterSeconds': 'soon', 'gpu.monitor': 'off' });
    expect(review.problems).toEqual({ 'idle.stopAfterSeconds': 'A whole number.' });
    expect(review.patch).toEqual({ gpu: { monitor: 'off' } });
  });

  test('a default is restored one field at a time', () => {
    const one = field('idle.stopAfterSeconds');
    const review = reviewDraft(settings, { [one.key]: draftOfDefault(defaults, one) });
    expect(review.patch).toEqual({ idle: { stopAfterSeconds: 300 } });
  });

  test('a token is removed by an empty text and never shown', () => {
    expect(typedOf(field('network.token'), settings.network.token)).toBe('');
    expect(reviewDraft(settings, { 'network.token': '' }).patch).toEqual({ network: { token: null } });
  });

  test('what the environment sets is locked', () => {
    const answer = settingsAnswer();
    expect(isLocked(answer, field('network.port'))).toBe(true);
    expect(isLocked(answer, field('idle.stopAfterSeconds'))).toBe(false);
  });

  test('the order of names in an environment is no change', () => {
    expect(sameValue({ A: '1', B: '2' }, { B: '2', A: '1' })).toBe(true);
  });

  test('an untouched form has nothing to save', () => {
    const untouched: Settings = settings;
    expect(reviewDraft(untouched, {}).changed.size).toBe(0);
  });
});
