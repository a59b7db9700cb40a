/** The words of this page in its language, chosen once at page load. */
import { dashboardWords } from '../strings/dashboard-words.ts';
import type { SettingWords } from '../strings/vocabulary.ts';
import { desktop } from './desktop.ts';
import { keptLanguage } from './lib/browser-choice.ts';
import { languageOf, localeOf } from './lib/language.ts';

const preferred = typeof navigator === 'undefined' ? [] : (navigator.languages ?? []);

export const language = desktop?.info.language ?? languageOf(keptLanguage(), preferred);
/** With the country, where the system names one: a Briton's clock is not an American's. */
export const locale = localeOf(language, preferred);
export const words = dashboardWords(language);

/** For the `lang` of sentences that the engine tells in English. */
export const engineLanguage = language === 'en' ? undefined : 'en';

/** Settings by dotted key; a setting newer than the catalogue has none. */
export const settingWordsOf = (key: string): SettingWords | undefined =>
  (words.setting as Readonly<Record<string, SettingWords>>)[key];
