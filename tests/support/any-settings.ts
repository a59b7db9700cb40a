/** Every valid value of every setting, for property tests: derived from the schema's own bounds. */
import fc from 'fast-check';
import { type Settings, SettingsSchema } from '../../contract/settings.ts';
import { SETTING_FIELDS, type SettingField } from '../../engine/platform/setting-fields.ts';
import { nestValues } from '../../engine/platform/settings-layers.ts';

const text = fc
  .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
  .map((value) => value.trim())
  .filter((value) => value !== '');

/** What the words of the bounds do not tell; an address that others reach would need a token as well. */
const SPECIAL: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  'network.token': fc.option(fc.stringMatching(/^[!-~]{16,64}$/), { nil: null }),
  'network.host': fc.constantFrom('127.0.0.1', '::1', 'localhost', '127.0.0.2'),
  'page.openingWakes': fc.boolean(),
  'page.writesWhileAsleep': fc.constantFrom('wake', 'keep'),
  'network.whenAsleepShow': fc.constantFrom('wake', 'dashboard'),
  'installation.host': fc.constantFrom('127.0.0.1', '::1', 'localhost'),
  'gpu.monitor': fc.constantFrom('auto', 'off'),
};

function anyValue(field: SettingField): fc.Arbitrary<unknown> {
  const special = SPECIAL[field.key];
  if (special !== undefined) return special;
  switch (field.kind) {
    case 'boolean':
      return fc.boolean();
    case 'number': {
      const bounds = /from (\d+) to (\d+)/.exec(field.expectation);
      const number = fc.integer({ min: Number(bounds?.[1]), max: Number(bounds?.[2]) });
      return field.defaultValue === null ? fc.option(number, { nil: null }) : number;
    }
    case 'list':
      return fc.array(text, { maxLength: 5 });
    case 'record':
      return fc.dictionary(fc.stringMatching(/^[A-Z_]{1,12}$/), fc.string(), { maxKeys: 5 });
    case 'text':
    case 'choice':
      return field.defaultValue === null ? fc.option(text, { nil: null }) : text;
  }
}

/** Any subset differs from the defaults; the rest is as the schema fills it in. */
export const anySettings: fc.Arbitrary<Settings> = fc
  .record(Object.fromEntries(SETTING_FIELDS.map((field) => [field.key, anyValue(field)])), { requiredKeys: [] })
  .map((values) => SettingsSchema.parse(nestValues(new Map(Object.entries(values)))));
