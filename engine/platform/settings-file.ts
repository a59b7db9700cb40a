/** `settings.json`: read with everything bad in it told and kept aside, written as a whole. Never loses what a person wrote. */

import { constants, copyFileSync, readFileSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isNativeError } from 'node:util/types';
import type { AppError } from './app-error.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { dataFolderUnusable } from './data-folder.ts';
import { isMissing } from './error-code.ts';
import { findSettingField } from './setting-fields.ts';
import { nestValues } from './settings-layers.ts';

export interface LoadedSettings {
  /** Good values by dotted key. */
  readonly values: ReadonlyMap<string, unknown>;
  /** What was bad and what became of it, in words. */
  readonly problems: readonly string[];
  /** Why a bad file could not be kept aside; it must then not be overwritten. Null when nothing is at risk. */
  readonly atRisk: AppError | null;
}

const NOTHING: LoadedSettings = { values: new Map(), problems: [], atRisk: null };

/**
 * Never throws. A file with something bad in it is kept as `settings.bad-<time>.json` beside a new one with its good values.
 * @param now epoch milliseconds, for the name of a bad file
 */
export function loadSettingsFile(file: string, now: number): LoadedSettings {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return NOTHING;
    return keepAside(file, now, new Map(), [`${file} cannot be read: ${String(error)}; the defaults are used.`]);
  }
  const { values, problems } = parseSettings(text, basename(file));
  return problems.length === 0 ? { values, problems, atRisk: null } : keepAside(file, now, values, problems);
}

/** @throws AppError data_folder_unusable; the file is then as it was. */
export function saveSettingsFile(file: string, values: ReadonlyMap<string, unknown>): void {
  writeFileAtomically(file, `${JSON.stringify(nestValues(values), null, 2)}\n`);
}

/** The good values of a settings file's text, and a sentence for each thing that is not good. Pure. */
function parseSettings(text: string, name: string): Pick<LoadedSettings, 'values' | 'problems'> {
  const values = new Map<string, unknown>();
  const problems: string[] = [];
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = isNativeError(error) ? withoutExcerpt(error.message) : String(error);
    return { values, problems: [`${name} is not valid JSON (${reason}); the defaults are used.`] };
  }
  if (!isRecord(content)) {
    return { values, problems: [`${name} must hold settings by group; the defaults are used.`] };
  }
  for (const [group, members] of Object.entries(content)) {
    if (!isRecord(members)) {
      problems.push(`${name}: "${group}" is not a group of settings; it is ignored.`);
      continue;
    }
    for (const [member, value] of Object.entries(members)) {
      const key = `${group}.${member}`;
      const field = findSettingField(key);
      const checked = field?.schema.safeParse(value);
      if (field === undefined) problems.push(`${name}: ${key} is not a setting of this version; it is ignored.`);
      else if (checked?.success) values.set(key, checked.data);
      else problems.push(`${name}: ${key} must be ${field.expectation}; its default is used.`);
    }
  }
  return { values, problems };
}

/** `Unexpected token 'x', "…what the file holds…" is not valid JSON`: the file may hold a secret, and this is told and logged. */
const withoutExcerpt = (message: string): string => message.replace(/, (\.\.\.)?".*"(\.\.\.)? is/s, ' is');

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What can be read is copied, so that there is no moment without a settings file; what cannot be read is moved. */
function keepAside(
  file: string,
  now: number,
  values: ReadonlyMap<string, unknown>,
  problems: readonly string[],
): LoadedSettings {
  const kept = join(dirname(file), `settings.bad-${new Date(now).toISOString().replaceAll(':', '-')}.json`);
  try {
    if (values.size === 0) renameSync(file, kept);
    else {
      copyFileSync(file, kept, constants.COPYFILE_EXCL);
      saveSettingsFile(file, values);
    }
    return { values, problems: [...problems, `The settings file as it was is kept as ${kept}.`], atRisk: null };
  } catch (error) {
    const atRisk = dataFolderUnusable(error, kept);
    return { values, problems: [...problems, `The bad settings file stays where it is: ${atRisk.message}`], atRisk };
  }
}
