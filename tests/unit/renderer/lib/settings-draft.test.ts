import { describe, expect, test } from 'vitest';
import { SETTING_FIELDS, type SettingField } from '../../../../renderer/lib/setting-fields.ts';
import { typedOf } from '../../../../renderer/lib/setting-value.ts';
import { draftOfDefault, isLocked, reviewDraft, sameValue } from '../../../../renderer/lib/settings-draft.ts';
import { settingsAnswer } from '../../../support/dashboard-records.ts';

const { settings, defaults } = settingsAnswer();

function field(key: string): SettingField {
  const found = SETTING_FIELDS.find((each) => each.key === key);
  if (found === undefined) throw new Error(`no field ${key}`);
  return found;
}

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
    expect(reviewDraft(settings, {}).changed.size).toBe(0);
  });
});
