/** What was edited and not saved yet: which fields differ, which are wrong, and the patch that saves them. */
import type { Settings, SettingsAnswer, SettingsPatch } from '../../contract/settings.ts';
import { SETTING_FIELDS, type SettingField } from './setting-fields.ts';
import { readTyped, type Typed, typedOf } from './setting-value.ts';

/** By dotted key; only fields that were touched. */
export type Draft = Readonly<Record<string, Typed>>;

export interface DraftReview {
  /** Fields whose typed value differs from the saved one. */
  readonly changed: ReadonlySet<string>;
  /** By dotted key, in words. */
  readonly problems: Readonly<Record<string, string>>;
  readonly patch: SettingsPatch;
}

export function settingValue(settings: Settings, field: SettingField): unknown {
  const group: Readonly<Record<string, unknown>> = settings[field.group];
  return group[field.name];
}

/** Why a field cannot be edited here: it was set where the file has no say. */
export function isLocked(answer: SettingsAnswer, field: SettingField): boolean {
  const origin = answer.origins[field.key];
  return origin === 'environment' || origin === 'commandLine' || origin === 'demo';
}

export function reviewDraft(settings: Settings, draft: Draft): DraftReview {
  const changed = new Set<string>();
  const problems: Record<string, string> = {};
  const patch: Partial<Record<SettingField['group'], Record<string, unknown>>> = {};
  for (const field of SETTING_FIELDS) {
    const typed = draft[field.key];
    if (typed === undefined) continue;
    const reading = readTyped(field, typed);
    if (reading.kind === 'problem') {
      changed.add(field.key);
      problems[field.key] = reading.problem;
    } else if (!sameValue(reading.value, settingValue(settings, field))) {
      changed.add(field.key);
      patch[field.group] = { ...patch[field.group], [field.name]: reading.value };
    }
  }
  return { changed, problems, patch };
}

/** The draft that puts one field back to its default. */
export function draftOfDefault(defaults: Settings, field: SettingField): Typed {
  return typedOf(field, settingValue(defaults, field));
}

/** Settings are JSON: equal when they are written equally, whatever the order of names. */
export function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
