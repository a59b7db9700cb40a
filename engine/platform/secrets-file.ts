/** `secrets.json`: read, its rights mended, written as a whole. Nothing told about it ever repeats what it holds. */

import { chmodSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SecretsFromShellSchema } from '../../contract/secrets.ts';
import type { AppError } from './app-error.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { dataFolderUnusable } from './data-folder.ts';
import { isMissing } from './error-code.ts';

export interface LoadedSecrets {
  readonly values: ReadonlyMap<string, string>;
  /** What was wrong and what became of it, in words. */
  readonly problems: readonly string[];
  /** Why a bad file could not be kept aside; it must then not be overwritten. */
  readonly atRisk: AppError | null;
}

const OTHERS_RIGHTS = 0o077;
const OWN_RIGHTS = 0o600;

/** Never throws. @param now epoch milliseconds, for the name of a bad file */
export function loadSecretsFile(file: string, now: number): LoadedSecrets {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { values: new Map(), problems: isMissing(error) ? [] : keepAside(file, now).problems, atRisk: null };
  }
  const problems = mendRights(file);
  const values = parse(text);
  if (values !== null) return { values, problems, atRisk: null };
  const aside = keepAside(file, now);
  return { values: new Map(), problems: [...problems, ...aside.problems], atRisk: aside.atRisk };
}

/** @throws AppError data_folder_unusable; the file is then as it was */
export function saveSecretsFile(file: string, values: ReadonlyMap<string, string>): void {
  writeFileAtomically(file, `${JSON.stringify({ secrets: Object.fromEntries(values) }, null, 2)}\n`);
}

function parse(text: string): ReadonlyMap<string, string> | null {
  try {
    const checked = SecretsFromShellSchema.safeParse(JSON.parse(text));
    return checked.success ? new Map(Object.entries(checked.data.secrets)) : null;
  } catch {
    return null;
  }
}

/** Windows has no such rights: there the data folder lies in the user's own profile. */
function mendRights(file: string): string[] {
  if (process.platform === 'win32' || (statSync(file).mode & OTHERS_RIGHTS) === 0) return [];
  const found = `${file} could be read by other users of this computer`;
  try {
    chmodSync(file, OWN_RIGHTS);
    return [`${found}; its rights are mended. If others use this computer, renew the secrets in it.`];
  } catch (error) {
    const { message } = dataFolderUnusable(error, file);
    return [`${found}, and that cannot be mended: ${message} Run "chmod 600" on it as its owner.`];
  }
}

function keepAside(file: string, now: number): Pick<LoadedSecrets, 'problems' | 'atRisk'> {
  const kept = join(dirname(file), `secrets.bad-${new Date(now).toISOString().replaceAll(':', '-')}.json`);
  const what = `${file} does not hold secrets by name, so none of them is used`;
  try {
    renameSync(file, kept);
    return { problems: [`${what}; it is kept as ${kept}. Enter them again in Settings.`], atRisk: null };
  } catch (error) {
    const atRisk = dataFolderUnusable(error, kept);
    return { problems: [`${what}, and it stays where it is: ${atRisk.message}`], atRisk };
  }
}
