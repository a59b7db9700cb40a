/**
 * What the conditions and the range of a request make of a file, as aiohttp (ComfyUI's server) decides it, so that an answer from here
 * and one from ComfyUI are the same. Pure.
 */
import type { IncomingHttpHeaders } from 'node:http';

export interface FileValidators {
  /** Without quotes; null when the answer came without one. */
  readonly etag: string | null;
  /** Epoch milliseconds, whole seconds as HTTP has them; null when it came without. */
  readonly modified: number | null;
  readonly bytes: number;
}

export type FileVerdict =
  | { readonly kind: 'whole' }
  /** Both ends are in it. */
  | { readonly kind: 'part'; readonly first: number; readonly last: number }
  | { readonly kind: 'notModified' }
  | { readonly kind: 'preconditionFailed' }
  | { readonly kind: 'unsatisfiable' };

export function judgeFile(asked: IncomingHttpHeaders, file: FileValidators): FileVerdict {
  if (isPreconditionFailed(asked, file)) return { kind: 'preconditionFailed' };
  if (isNotModified(asked, file)) return { kind: 'notModified' };
  return rangeOf(asked, file);
}

function isPreconditionFailed(asked: IncomingHttpHeaders, { etag, modified }: FileValidators): boolean {
  const wanted = asked['if-match'];
  if (wanted !== undefined) return etag === null || !strongTags(wanted).some((tag) => tag === '*' || tag === etag);
  return modified !== null && modified > Date.parse(asked['if-unmodified-since'] ?? '');
}

function isNotModified(asked: IncomingHttpHeaders, { etag, modified }: FileValidators): boolean {
  const known = asked['if-none-match'];
  if (known !== undefined) return etag !== null && tags(known).some((tag) => tag === '*' || tag === etag);
  return modified !== null && modified <= Date.parse(asked['if-modified-since'] ?? '');
}

function rangeOf(asked: IncomingHttpHeaders, { modified, bytes }: FileValidators): FileVerdict {
  const { range } = asked;
  if (range === undefined) return { kind: 'whole' };
  // A date that is older than the file; a tag there says nothing to aiohttp.
  if (modified !== null && modified > Date.parse(String(asked['if-range'] ?? ''))) return { kind: 'whole' };
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(range) ?? [];
  if (from === '' && to === '') return { kind: 'unsatisfiable' };
  if (from === '') {
    const count = Number(to);
    if (bytes === 0) return { kind: 'unsatisfiable' };
    // The last none of them are all of them, to aiohttp.
    return { kind: 'part', first: count === 0 ? 0 : Math.max(0, bytes - count), last: bytes - 1 };
  }
  const first = Number(from);
  const last = to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  return first >= bytes || last < first ? { kind: 'unsatisfiable' } : { kind: 'part', first, last };
}

const tags = (field: string): string[] =>
  field.split(',').map((tag) =>
    tag
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1'),
  );

const strongTags = (field: string): string[] =>
  tags(
    field
      .split(',')
      .filter((tag) => !tag.trim().startsWith('W/'))
      .join(','),
  );
