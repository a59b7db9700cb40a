/** What the command line of the desktop application may say. Pure; words it does not know are Chromium's and are left to it. */
import type { LinkTarget } from '../../contract/desktop.ts';
import { linkAmong } from './links.ts';

export interface ShellArguments {
  readonly demo: boolean;
  readonly dataDir: string | null;
  /** null: as the engine's settings say; 0: a free one. */
  readonly port: number | null;
  /** Started by the login: opens no window. */
  readonly atLogin: boolean;
  readonly link: LinkTarget | null;
}

/** The switch of a start by the login. */
export const AT_LOGIN = '--at-login';
const WITH_VALUE = ['--data-dir', '--port'];

/** @param words of the command line without the program (and without the folder of the app, in development) */
export function parseArguments(words: readonly string[]): ShellArguments {
  const port = valueAfter(words, '--port');
  return {
    demo: words.includes('--demo'),
    dataDir: valueAfter(words, '--data-dir'),
    port: port !== null && /^\d{1,5}$/.test(port) && Number(port) <= 65_535 ? Number(port) : null,
    atLogin: words.includes(AT_LOGIN),
    link: linkAmong(words),
  };
}

/** `--name value` and `--name=value`; the last one counts. */
function valueAfter(words: readonly string[], name: string): string | null {
  let value: string | null = null;
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    if (word.startsWith(`${name}=`)) value = word.slice(name.length + 1);
    else if (word === name && next !== undefined && !next.startsWith('--')) value = next;
  }
  return value === '' ? null : value;
}

/** The same words with every value bound to its name by `=`: Chromium, when it starts a program anew, puts all switches first. */
export function bindValues(words: readonly string[]): string[] {
  const bound: string[] = [];
  for (const word of words) {
    const name = bound.at(-1);
    if (name !== undefined && WITH_VALUE.includes(name) && !word.startsWith('--'))
      bound[bound.length - 1] = `${name}=${word}`;
    else bound.push(word);
  }
  return bound;
}
