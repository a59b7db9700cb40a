/**
 * The workflow that ComfyUI wrote into a picture: text chunks of PNG (`SaveImage`, `SaveAnimatedPNG`), EXIF of WebP (`SaveAnimatedWEBP`).
 * Only the pieces that may hold it are read. Pure but for the reader it is given.
 */
import { inflateSync } from 'node:zlib';
import type { EmbeddedWorkflow } from '../../contract/gallery.ts';

/** Reads at most `length` bytes from `position`; fewer at the end of the file. */
export type ReadAt = (position: number, length: number) => Promise<Buffer>;

const NAMES = ['workflow', 'prompt'] as const;
type Name = (typeof NAMES)[number];
type Found = Partial<Record<Name, string>>;

/** A workflow with its pictures inside; more is no workflow. */
const MOST_BYTES = 32 * 1024 * 1024;
/** A broken file must not be read for ever. */
const MOST_CHUNKS = 100_000;

/** @returns null when it holds none, or is no picture that could */
export async function embeddedWorkflow(read: ReadAt): Promise<EmbeddedWorkflow | null> {
  const head = await read(0, 12);
  if (head.length < 12) return null;
  const found: Found = {};
  if (head.readUInt32BE(0) === 0x89504e47) await readPng(read, found);
  else if (head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP') {
    await readWebp(read, found);
  }
  const { workflow = null, prompt = null } = found;
  return workflow === null && prompt === null ? null : { workflow, prompt };
}

async function readPng(read: ReadAt, found: Found): Promise<void> {
  let at = 8;
  for (let count = 0; count < MOST_CHUNKS; count += 1) {
    const start = await read(at, 8);
    if (start.length < 8) return;
    const length = start.readUInt32BE(0);
    const kind = start.toString('latin1', 4, 8);
    if (kind === 'IEND') return;
    // `comf` is ComfyUI's own, of its animated PNG, and is written as tEXt is.
    if (['tEXt', 'zTXt', 'iTXt', 'comf'].includes(kind) && length <= MOST_BYTES) {
      keep(found, textOf(kind, await read(at + 8, length)));
    }
    at += 12 + length;
  }
}

function textOf(kind: string, chunk: Buffer): readonly [string, string] | null {
  const end = chunk.indexOf(0);
  if (end < 1) return null;
  const name = chunk.toString('latin1', 0, end);
  if (!isName(name)) return null;
  const rest = chunk.subarray(end + 1);
  if (kind === 'zTXt') return inflated(name, rest.subarray(1), 'latin1');
  if (kind !== 'iTXt') return [name, rest.toString('latin1')];
  // Compressed or not, how, language, translated name: each ends with a zero.
  const language = rest.indexOf(0, 2);
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (translated < 0) return null;
  const text = rest.subarray(translated + 1);
  return rest[0] === 1 ? inflated(name, text, 'utf8') : [name, text.toString('utf8')];
}

function inflated(name: string, packed: Buffer, encoding: 'latin1' | 'utf8'): readonly [string, string] | null {
  try {
    return [name, inflateSync(packed, { maxOutputLength: MOST_BYTES }).toString(encoding)];
  } catch {
    return null;
  }
}

async function readWebp(read: ReadAt, found: Found): Promise<void> {
  let at = 12;
  for (let count = 0; count < MOST_CHUNKS; count += 1) {
    const start = await read(at, 8);
    if (start.length < 8) return;
    const length = start.readUInt32LE(4);
    if (start.toString('latin1', 0, 4) === 'EXIF') {
      if (length <= MOST_BYTES) for (const text of exifTexts(await read(at + 8, length))) keep(found, named(text));
      return;
    }
    at += 8 + length + (length % 2);
  }
}

/** The ASCII values of the first directory; ComfyUI uses those of maker and model and below, as `name:json`. */
function exifTexts(exif: Buffer): string[] {
  const tiff = exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif;
  const order = tiff.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return [];
  const little = order === 'II';
  const short = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const long = (at: number): number => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  try {
    const directory = long(4);
    return Array.from({ length: short(directory) }, (_, n) => directory + 2 + n * 12).flatMap((entry) => {
      const ASCII = 2;
      const length = long(entry + 4);
      if (short(entry + 2) !== ASCII || length <= 4) return [];
      const at = long(entry + 8);
      return [tiff.toString('utf8', at, at + length).replace(/\0+$/, '')];
    });
  } catch {
    // An offset that leads out of the block: no text.
    return [];
  }
}

function named(text: string): readonly [string, string] | null {
  const colon = text.indexOf(':');
  return colon < 0 ? null : [text.slice(0, colon), text.slice(colon + 1)];
}

function keep(found: Found, text: readonly [string, string] | null): void {
  if (text === null) return;
  const [name, value] = text;
  if (isName(name) && found[name] === undefined && value.trim() !== '') found[name] = value;
}

const isName = (name: string): name is Name => (NAMES as readonly string[]).includes(name);
