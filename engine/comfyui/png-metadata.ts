/** Puts texts into a PNG the way ComfyUI's SaveImage does (`tEXt` chunks before the pixels), without touching the pixels. Pure. */
import { crc32 } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const TEXT_CHUNKS = new Set(['tEXt', 'zTXt', 'iTXt']);

export interface PngHead {
  /** What comes in the place of the first `replacedBytes` of the file. */
  readonly head: Buffer;
  readonly replacedBytes: number;
}

/**
 * @param start of the file, with all before the first pixels; texts of the same name in it are replaced
 * @param texts by keyword; ASCII alone
 * @returns null when it is no PNG, or the pixels begin after `start`
 */
export function withTexts(start: Buffer, texts: Readonly<Record<string, string>>): PngHead | null {
  if (!start.subarray(0, 8).equals(SIGNATURE)) return null;
  const kept: Buffer[] = [SIGNATURE];
  for (let at = 8; at + 12 <= start.length; ) {
    const type = start.toString('latin1', at + 4, at + 8);
    const added = Object.entries(texts).map(([keyword, text]) => chunk('tEXt', `${keyword}\0${text}`));
    if (type === 'IDAT') return { head: Buffer.concat([...kept, ...added]), replacedBytes: at };
    const end = at + 12 + start.readUInt32BE(at);
    if (end > start.length) return null;
    if (!(TEXT_CHUNKS.has(type) && keywordOf(start.subarray(at + 8, end)) in texts)) kept.push(start.subarray(at, end));
    at = end;
  }
  return null;
}

const keywordOf = (data: Buffer): string => data.toString('latin1', 0, Math.max(0, data.indexOf(0)));

function chunk(type: string, data: string): Buffer {
  const body = Buffer.from(type + data, 'latin1');
  const bytes = Buffer.alloc(body.length + 8);
  bytes.writeUInt32BE(body.length - 4, 0);
  body.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(body), body.length + 4);
  return bytes;
}

/** JSON as Python's `json.dumps` writes it for a text of a PNG: nothing beyond ASCII. */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
