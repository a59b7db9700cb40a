/**
 * The shell's own preferences, kept beside the engine's data. Checked against the contract: a file that cannot be read is kept aside
 * and told of, one wrong value falls back to its default alone.
 */
import { readFileSync, renameSync } from 'node:fs';
import { z } from 'zod';
import {
  DEFAULT_PREFERENCES,
  LANGUAGES,
  type Language,
  type Preferences,
  type PreferencesPatch,
  PreferencesPatchSchema,
  PreferencesSchema,
} from '../contract/desktop.ts';

/** What electron-store is asked for. */
export interface PreferenceFile {
  store: Record<string, unknown>;
}

export interface PreferencesDeps {
  readonly file: string;
  /** Opens the file; called after one that cannot be read was put aside. */
  readonly open: () => PreferenceFile;
  readonly now: () => number;
}

export interface PreferenceStore {
  get(): Preferences;
  /** @throws ZodError for what the contract does not allow */
  change(patch: PreferencesPatch): Preferences;
  onChange(listener: () => void): () => void;
  /** Where the unreadable file of before lies now; null when all was well. */
  readonly keptAside: string | null;
}

/** These are read only at the start of the shell. */
const NEEDS_RESTART: readonly (keyof Preferences)[] = ['hardwareAcceleration'];

export function createPreferences({ file, open, now }: PreferencesDeps): PreferenceStore {
  const keptAside = putAsideUnreadable(file, now);
  const kept = open();
  const listeners = new Set<() => void>();
  let current = mend(kept.store);
  return {
    keptAside,
    get: () => current,
    change(patch) {
      const next = PreferencesSchema.parse({ ...current, ...PreferencesPatchSchema.parse(patch) });
      kept.store = { ...next };
      current = next;
      for (const listener of [...listeners]) listener();
      return next;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export function needsRestart(before: Preferences, after: Preferences): boolean {
  return NEEDS_RESTART.some((name) => before[name] !== after[name]);
}

/** @param preferred languages of the system, best first, for example `de-AT` */
export function chooseLanguage(preference: Preferences['language'], preferred: readonly string[]): Language {
  if (preference !== 'system') return preference;
  const codes = preferred.map((tag) => tag.toLowerCase().split(/[-_]/)[0]);
  const known = codes.find((code) => LANGUAGES.some((language) => language === code));
  return LANGUAGES.find((language) => language === known) ?? 'en';
}

function mend(stored: Record<string, unknown>): Preferences {
  const right: Record<string, unknown> = { ...DEFAULT_PREFERENCES };
  for (const [name, schema] of Object.entries(PreferencesSchema.shape)) {
    const value = (schema as z.ZodType).safeParse(stored[name]);
    if (value.success) right[name] = value.data;
  }
  return PreferencesSchema.parse(right);
}

function putAsideUnreadable(file: string, now: () => number): string | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  try {
    if (z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).success) return null;
  } catch {
    // Not JSON: put aside as well.
  }
  const aside = `${file}.unreadable-${now()}`;
  renameSync(file, aside);
  return aside;
}
