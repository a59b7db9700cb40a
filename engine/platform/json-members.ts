/**
 * Finds the members of a JSON object in its text, so that one can be changed while every other byte stays as it was sent: a seed beyond
 * 2^53 does not survive JSON.parse. For text that JSON.parse accepts; it validates nothing itself. Pure.
 */

export interface JsonMember {
  readonly name: string;
  /** Where the name begins, at its quote. */
  readonly start: number;
  readonly valueStart: number;
  /** After the last character of the value. */
  readonly end: number;
}

/** @returns the members of the outermost object in their order, one name perhaps twice; null when the text is no object */
export function jsonMembers(text: string): JsonMember[] | null {
  let at = afterSpace(text, 0);
  if (text[at] !== '{') return null;
  const members: JsonMember[] = [];
  at = afterSpace(text, at + 1);
  while (text[at] === '"') {
    const start = at;
    const nameEnd = stringEnd(text, start);
    const valueStart = afterSpace(text, afterSpace(text, nameEnd) + 1);
    const end = valueEnd(text, valueStart);
    members.push({ name: JSON.parse(text.slice(start, nameEnd)), start, valueStart, end });
    at = afterSpace(text, end);
    if (text[at] === ',') at = afterSpace(text, at + 1);
  }
  return members;
}

/** @returns the same object with these members first, and without any earlier ones of their names and of `without` */
export function withMembers(
  text: string,
  added: Readonly<Record<string, unknown>>,
  without: readonly string[] = [],
): string {
  const dropped = new Set([...Object.keys(added), ...without]);
  const kept = (jsonMembers(text) ?? []).filter(({ name }) => !dropped.has(name));
  const written = Object.entries(added).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${[...written, ...kept.map(({ start, end }) => text.slice(start, end))].join(',')}}`;
}

const SPACE = new Set([' ', '\t', '\n', '\r']);

function afterSpace(text: string, from: number): number {
  let at = from;
  while (SPACE.has(text[at] ?? '')) at += 1;
  return at;
}

/** @param start at the opening quote; @returns after the closing one */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

const SCALAR_END = /[,}\]\s]/g;

function valueEnd(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return stringEnd(text, start);
  if (first !== '{' && first !== '[') {
    SCALAR_END.lastIndex = start;
    return SCALAR_END.exec(text)?.index ?? text.length;
  }
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const character = text[at];
    if (character === '"') {
      at = stringEnd(text, at);
      continue;
    }
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    at += 1;
    if (depth === 0) break;
  }
  return at;
}
