/** Splits a start command that a person typed into program and arguments. Pure. A shell is used only for steps joined by `&&`. */

export interface CommandLine {
  /** `NAME=value` words in front of the program, as people write them. */
  readonly environment: Readonly<Record<string, string>>;
  readonly words: readonly string[];
}

export type CommandLineProblem =
  | { readonly kind: 'empty' }
  | { readonly kind: 'openQuote'; readonly quote: string }
  /** `|`, `>`, `;` … would reach ComfyUI as arguments. */
  | { readonly kind: 'shellSyntax'; readonly word: string };

export type CommandLineReading =
  | { readonly kind: 'read'; readonly line: CommandLine }
  | { readonly kind: 'problem'; readonly problem: CommandLineProblem };

interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

const SHELL_WORD = /^(?:&&|\|\|?|;|&|[0-9]*(?:>>?|<<?)(?:&[0-9])?)$/;
const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s;

/**
 * Quotes keep words together as in sh: nothing is special inside '…', and a backslash protects the next character
 * outside them. On Windows a backslash is part of a path and means nothing else, except before a double quote.
 */
export function readCommandLine(text: string, platform: NodeJS.Platform): CommandLineReading {
  const words = splitWords(text, platform === 'win32');
  if (!Array.isArray(words)) return { kind: 'problem', problem: words };
  const shell = words.filter((word) => !word.quoted && SHELL_WORD.test(word.text));
  if (shell.length > 0 && platform !== 'win32' && shell.every(({ text: word }) => word === '&&')) {
    return { kind: 'read', line: shellLine(text) };
  }
  const refused = shell.find(({ text: word }) => word !== '&&') ?? shell[0];
  if (refused !== undefined) return { kind: 'problem', problem: { kind: 'shellSyntax', word: refused.text } };

  const environment: Record<string, string> = {};
  let first = 0;
  for (const word of words) {
    const [, name, value] = ASSIGNMENT.exec(word.text) ?? [];
    if (name === undefined || value === undefined) break;
    environment[name] = value;
    first += 1;
  }
  const rest = words.slice(first).map((word) => word.text);
  if (rest.length === 0) return { kind: 'problem', problem: { kind: 'empty' } };
  return { kind: 'read', line: { environment, words: rest } };
}

/**
 * `cd folder && python main.py` and `source venv/bin/activate && …` are how many start ComfyUI, and what other managers
 * accept: bash runs them. `"$@"` hands what Stoker adds to the last step; behind a pipe or `;` it would reach another program.
 */
function shellLine(text: string): CommandLine {
  return { environment: {}, words: ['bash', '-c', `${text} "$@"`, 'comfyui'] };
}

function splitWords(text: string, windows: boolean): Word[] | CommandLineProblem {
  const words: Word[] = [];
  let current: string | null = null;
  let quoted = false;
  let quote: string | null = null;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    const following = text.charAt(index + 1);
    if (character === '\\' && escapes(following, quote, windows)) {
      current = (current ?? '') + following;
      index += 1;
    } else if (quote !== null) {
      if (character === quote) quote = null;
      else current = (current ?? '') + character;
    } else if (character === '"' || (character === "'" && !windows)) {
      quote = character;
      quoted = true;
      current ??= '';
    } else if (/\s/.test(character)) {
      if (current !== null) words.push({ text: current, quoted });
      current = null;
      quoted = false;
    } else {
      current = (current ?? '') + character;
    }
  }
  if (quote !== null) return { kind: 'openQuote', quote };
  if (current !== null) words.push({ text: current, quoted });
  return words;
}

function escapes(following: string, quote: string | null, windows: boolean): boolean {
  if (following === '' || quote === "'") return false;
  if (windows) return following === '"';
  return quote === null || following === '"' || following === '\\' || following === '$' || following === '`';
}
