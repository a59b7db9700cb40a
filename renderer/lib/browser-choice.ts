/** What a person chose for this browser alone, kept in it: language and appearance. In the desktop application the shell keeps them. */

import type { Language, Preferences } from '../../contract/desktop.ts';
import { LanguageSchema, PreferencesSchema } from '../../contract/desktop.ts';

type Appearance = Preferences['appearance'];

const LANGUAGE_KEY = 'stoker.language';
const APPEARANCE_KEY = 'stoker.appearance';

/** A browser may refuse its storage (private windows, policies): then nothing is remembered. */
function storage(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  if (value === 'system') storage()?.removeItem(key);
  else storage()?.setItem(key, value);
}

export function keptLanguage(): Language | 'system' {
  const parsed = LanguageSchema.safeParse(storage()?.getItem(LANGUAGE_KEY));
  return parsed.success ? parsed.data : 'system';
}

export function keptAppearance(): Appearance {
  const parsed = PreferencesSchema.shape.appearance.safeParse(storage()?.getItem(APPEARANCE_KEY));
  return parsed.success ? parsed.data : 'system';
}

export const keepLanguage = (language: Language | 'system'): void => keep(LANGUAGE_KEY, language);
export const keepAppearance = (appearance: Appearance): void => keep(APPEARANCE_KEY, appearance);
