/** Where this installation reads from and saves to, as far as that is known without asking ComfyUI. Pure. */
import { resolve } from 'node:path';
import type { Settings } from '../../contract/settings.ts';

type Installation = Settings['installation'];

/** Null when only ComfyUI itself knows: a start command of one's own, or folders given as arguments. */
export function inputFolderOf(installation: Installation): string | null {
  const { commandLine, folder, inputDirectory } = installation;
  const words = [commandLine ?? '', ...installation.arguments].join(' ');
  // An argument of the user's comes after ours, and the last one counts.
  const given = /(?:^|\s)--input-directory[= ](?:"([^"]+)"|(\S+))/.exec(words);
  if (given !== null) return resolve(given[1] ?? given[2] ?? '');
  if (inputDirectory !== null) return resolve(inputDirectory);
  if (words.includes('--base-directory')) return null;
  return commandLine !== null || folder === null ? null : resolve(folder, 'input');
}
