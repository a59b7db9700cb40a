/** Which bytes of a file a request asks for, by its `Range` header (RFC 9110, one range). Pure. */

export type ByteRange =
  | { readonly kind: 'whole' }
  /** Both ends are in it. */
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' };

/** Several ranges, and other units, are answered with the whole file, as the standard allows. */
export function byteRange(header: string | undefined, bytes: number): ByteRange {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, first = '', last = ''] = found ?? [];
  if (found === null || (first === '' && last === '')) return { kind: 'whole' };
  if (first === '') {
    const start = Math.max(0, bytes - Number(last));
    return Number(last) === 0 || bytes === 0 ? { kind: 'unsatisfiable' } : { kind: 'part', start, end: bytes - 1 };
  }
  const start = Number(first);
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== '' && Number(last) < start) return { kind: 'whole' };
  return start >= bytes ? { kind: 'unsatisfiable' } : { kind: 'part', start, end };
}
