/**
 * What the page is made of, compressed: once, in the background, and kept beside it. A browser that takes it moves a fifth of the bytes.
 * A copy is there whole or not at all; what is damaged counts as missing, because the original is always there.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip, constants as zlib } from 'node:zlib';
import { negotiate } from '@fastify/accept-negotiator';
import type { Log } from '../platform/log.ts';
import { fieldOf } from './send-answer.ts';
import { readWhole, sha256Of, writeWhole } from './whole-file.ts';

export interface CompressedCopy {
  readonly encoding: Encoding;
  readonly bytes: number;
  /** Rejects when it is missing or damaged; it is forgotten then. */
  read(): Promise<Buffer>;
}
export type Encoding = (typeof ENCODINGS)[number];

/** What may be compressed. */
export interface Original {
  /** Hexadecimal; another content has another one. */
  readonly id: string;
  readonly read: () => Promise<Buffer>;
}

export interface CompressedCopies {
  /** @param accepted the request's Accept-Encoding @returns null when there is none that the client takes */
  find(id: string, accepted: string | undefined): CompressedCopy | null;
  /** Makes what is missing, one after the other, and throws away what is not wanted. What cannot be made is left out. */
  keepOnly(wanted: readonly Original[], signal: AbortSignal): Promise<void>;
}

/** The better one first; a browser takes it over TLS and from its own computer alone. */
const ENCODINGS = ['br', 'gzip'] as const;
/** One packet: below it nothing is gained. */
const LEAST_BYTES = 1400;
/** A tenth of the time of the best, and a few hundredths larger. */
const BROTLI_QUALITY = 7;
const GZIP_LEVEL = 6;

const NAME = /^(?<id>[0-9a-f]+)\.(?<bytes>\d+)\.(?<sha256>[0-9a-f]{64})\.(?<encoding>br|gzip)$/;

/** @param folder made when missing */
export function createCompressedCopies({
  folder,
  log,
}: {
  readonly folder: string;
  readonly log: Log;
}): CompressedCopies {
  /** By id and encoding: the name of its file. */
  const names = new Map<string, string>(namesIn(folder).map((name) => [keyOfName(name), name]));

  async function make(id: string, encoding: Encoding, original: Buffer): Promise<void> {
    const copy = await compress(encoding, original);
    const name = `${id}.${copy.length}.${sha256Of(copy)}.${encoding}`;
    await writeWhole(folder, name, copy);
    names.set(keyOf(id, encoding), name);
  }

  async function read(name: string): Promise<Buffer> {
    const copy = await readWhole(join(folder, name), NAME.exec(name)?.groups?.sha256 ?? '');
    if (copy !== null) return copy;
    if (names.get(keyOfName(name)) === name) names.delete(keyOfName(name));
    throw new Error(`the compressed copy ${name} is missing or damaged`);
  }

  return {
    find(id, accepted) {
      if (accepted === undefined) return null;
      const there = ENCODINGS.filter((encoding) => names.has(keyOf(id, encoding)));
      const encoding = negotiate(accepted, there);
      const name = encoding === null ? undefined : names.get(keyOf(id, encoding));
      if (encoding === null || name === undefined) return null;
      return { encoding, bytes: Number(NAME.exec(name)?.groups?.bytes), read: () => read(name) };
    },
    async keepOnly(wanted, signal) {
      mkdirSync(folder, { recursive: true });
      const ids = new Set(wanted.map(({ id }) => id));
      for (const name of readdirSync(folder)) {
        if (ids.has(NAME.exec(name)?.groups?.id ?? '')) continue;
        names.delete(keyOfName(name));
        await rm(join(folder, name), { force: true });
      }
      for (const { id, read } of wanted) {
        const missing = ENCODINGS.filter((encoding) => !names.has(keyOf(id, encoding)));
        if (signal.aborted) return;
        if (missing.length === 0) continue;
        const original = await read().catch(() => null);
        if (original === null || original.length < LEAST_BYTES) continue;
        for (const encoding of missing) await make(id, encoding, original);
      }
      log.info({ copies: names.size }, "ComfyUI's page is compressed");
    },
  };
}

/** Of these types, what is compressed already is left alone. */
export function isCompressible(headers: readonly string[]): boolean {
  const type = fieldOf(headers, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return /^text\/|[/+](?:json|javascript|xml)$|^application\/wasm$/.test(type);
}

const compress = (encoding: Encoding, original: Buffer): Promise<Buffer> =>
  encoding === 'gzip'
    ? promisify(gzip)(original, { level: GZIP_LEVEL })
    : promisify(brotliCompress)(original, {
        params: {
          [zlib.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
          [zlib.BROTLI_PARAM_SIZE_HINT]: original.length,
        },
      });

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => NAME.test(name));
  } catch {
    return [];
  }
}

const keyOf = (id: string, encoding: Encoding): string => `${id}.${encoding}`;

function keyOfName(name: string): string {
  const { id = '', encoding = '' } = NAME.exec(name)?.groups ?? {};
  return `${id}.${encoding}`;
}
