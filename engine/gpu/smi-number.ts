/** Numbers as the vendors' tools print them: with or without unit, or some words for "not told". */

const NUMBER = /^(-?\d+(?:[.,]\d+)?)\s*(?:MiB|MB|%|W|C|Mhz)?$/;

/**
 * Null for `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `[Insufficient Permissions]`, an empty field and whatever else is no number:
 * the words change with every driver, so none of them is listed.
 */
export function parseSmiNumber(text: string): number | null {
  const digits = NUMBER.exec(text.trim())?.[1];
  if (digits === undefined) return null;
  const value = Number(digits.replace(',', '.'));
  return Number.isFinite(value) ? value : null;
}

const BYTES_PER_MIB = 1024 * 1024;

/** A field in MiB as bytes. */
export function parseMib(text: string): number | null {
  const mib = parseSmiNumber(text);
  return mib === null || mib < 0 ? null : Math.round(mib * BYTES_PER_MIB);
}
