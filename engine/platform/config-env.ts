/** Reads `config.env`: settings as environment variables in dotenv form. Knows the syntax, not the names. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ConfigEnv {
  readonly values: Readonly<Record<string, string>>;
  /** Lines that were not understood, in words. */
  readonly problems: readonly string[];
}

const NAME = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/**
 * `NAME=value` a line; `export ` before it, blank lines, `# comments` and CRLF are fine; the last of two equal names wins.
 * Unquoted: up to ` #` or the end, trimmed. 'Single quoted': as it stands. "Double quoted": `\n \r \t \" \\` are read.
 * A quoted value ends on its own line. Nothing is expanded: `$HOME` stays `$HOME`.
 */
export function parseConfigEnv(text: string): ConfigEnv {
  const values = new Map<string, string>();
  const problems: string[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const name = NAME.exec(line);
    if (name?.[1] === undefined) {
      problems.push(`line ${index + 1} is not NAME=value`);
      continue;
    }
    const value = parseValue(line.slice(name[0].length));
    if (value === null) problems.push(`line ${index + 1} (${name[1]}) has a quote that does not close`);
    else values.set(name[1], value);
  }
  return { values: Object.fromEntries(values), problems };
}

/** The value after `=`, or null when its quote does not close. */
function parseValue(text: string): string | null {
  if (text.startsWith("'")) return /^'([^']*)'\s*(?:#.*)?$/.exec(text)?.[1] ?? null;
  if (text.startsWith('"')) {
    const quoted = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(text)?.[1];
    // An unknown escape keeps its backslash: "C:\ComfyUI" is a path.
    return quoted?.replace(/\\(.)/g, (whole, letter: string) => ESCAPES[letter] ?? whole) ?? null;
  }
  return text.replace(/(^|\s)#.*$/, '').trim();
}

/** The data folder's file, else the working folder's; one alone is read, so that it is clear which. Null when neither is there. */
export function findConfigEnv(dataFolder: string, workingFolder: string): string | null {
  return [dataFolder, workingFolder].map((folder) => join(folder, 'config.env')).find(existsSync) ?? null;
}

/** A missing file (null) is empty; one that cannot be read is a problem, never an error. */
export function readConfigEnv(file: string | null): ConfigEnv {
  if (file === null) return { values: {}, problems: [] };
  try {
    const parsed = parseConfigEnv(readFileSync(file, 'utf8'));
    return { values: parsed.values, problems: parsed.problems.map((problem) => `${file}: ${problem}; it is ignored.`) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { values: {}, problems: [`${file} cannot be read, so nothing in it is used: ${reason}.`] };
  }
}
