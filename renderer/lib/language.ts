/** Which language a page speaks, from what was chosen and what the browser prefers. */
import { LANGUAGES, type Language } from '../../contract/desktop.ts';

/** The language of a tag: `de` of `de-AT`. */
const primary = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';

/**
 * @param chosen by the person in this browser, `system` for none
 * @param preferred language tags, best first
 */
export function languageOf(chosen: Language | 'system', preferred: readonly string[]): Language {
  if (chosen !== 'system') return chosen;
  for (const tag of preferred) {
    const known = LANGUAGES.find((language) => language === primary(tag));
    if (known !== undefined) return known;
  }
  return 'en';
}

/** How numbers and dates are written: the preferred country of that language, else the language alone. */
export function localeOf(language: Language, preferred: readonly string[]): string {
  return preferred.find((tag) => primary(tag) === language) ?? language;
}
