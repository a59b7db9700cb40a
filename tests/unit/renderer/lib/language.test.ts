import { describe, expect, test } from 'vitest';
import { languageOf, localeOf } from '../../../../renderer/lib/language.ts';

describe('the language of a page', () => {
  test.each([
    ['the first of ours that the browser prefers', 'system', ['pt-BR', 'de-AT', 'en'], 'de'],
    ['English when none is', 'system', ['pt-BR', 'ja'], 'en'],
    ['English when nothing is known', 'system', [], 'en'],
    ['what was chosen, whatever is preferred', 'en', ['de'], 'en'],
    ['no other language that begins alike', 'system', ['den-CA'], 'en'],
  ] as const)('%s', (_name, chosen, preferred, language) => expect(languageOf(chosen, preferred)).toBe(language));
});

describe('how numbers and dates are written', () => {
  test('as in the country of that language', () => expect(localeOf('de', ['en-US', 'de-AT'])).toBe('de-AT'));
  test('as the language alone, when the country speaks another', () => expect(localeOf('en', ['de-DE'])).toBe('en'));
});
