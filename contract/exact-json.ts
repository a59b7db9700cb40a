/**
 * JSON whose whole numbers are kept digit for digit: ComfyUI's seeds go up to 2^64, a JavaScript number is exact up to 2^53. What does not
 * fit is a bigint between reading and writing. Both are as fast as JSON itself where there is no such number.
 */

const MANY_DIGITS = /\d{16}/;
/** A string begins, or a number is there; within a string nothing is looked for. */
const TOKEN = /"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Whether it may hold a number that JSON.parse would round. */
export const hasLongNumber = (text: string): boolean => MANY_DIGITS.test(text);

/** @throws SyntaxError as JSON.parse does */
export function parseExactly(text: string): unknown {
  if (!hasLongNumber(text)) return JSON.parse(text);
  // Nobody can guess it, so that no string of somebody else's is taken for a number.
  const mark = `integer ${Math.random()} `;
  const { marked, count } = markIntegers(text, mark);
  if (count === 0) return JSON.parse(text);
  return JSON.parse(marked, (_key, value) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}

/** As JSON.stringify of plain data; a bigint is written as the number it is. */
export function stringifyExactly(value: unknown): string {
  return holdsBigint(value) ? write(value) : JSON.stringify(value);
}

function markIntegers(text: string, mark: string): { readonly marked: string; readonly count: number } {
  const parts: string[] = [];
  let from = 0;
  let count = 0;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found !== null; found = TOKEN.exec(text)) {
    const [token] = found;
    if (token === '"') TOKEN.lastIndex = endOfString(text, found.index + 1);
    else if (/^-?[1-9]\d*$/.test(token) && !Number.isSafeInteger(Number(token))) {
      parts.push(text.slice(from, found.index), `"${mark}${token}"`);
      from = found.index + token.length;
      count += 1;
    }
  }
  parts.push(text.slice(from));
  return { marked: parts.join(''), count };
}

/** Behind the closing quote; the end of the text where there is none, which JSON.parse then tells. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

function holdsBigint(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsBigint);
}

function write(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${write(field)}`).join(',')}}`;
}
