/** A file of the gallery as the index knows it, and which names are media at all. Pure. */
import { createHash } from 'node:crypto';
import type { MediaKind } from '../../contract/gallery.ts';
import { mediaTypeOf } from '../jobs/media-type.ts';

export interface MediaFile {
  readonly id: string;
  readonly name: string;
  /** With `/` between folders; empty at the top. */
  readonly subfolder: string;
  readonly kind: MediaKind;
  readonly mediaType: string;
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

/** @returns null for what is neither picture, video nor sound; hidden files are none either */
export function mediaKindOf(name: string): MediaKind | null {
  if (name.startsWith('.')) return null;
  const kind = mediaTypeOf(name).split('/')[0];
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : null;
}

export const placeOf = (subfolder: string, name: string): string => (subfolder === '' ? name : `${subfolder}/${name}`);

/** An id is looked up and never turned back into a path: nobody can ask for another file with one. */
export const idOf = (place: string): string => createHash('sha256').update(place).digest('base64url').slice(0, 22);

/** Newest first; what came in the same millisecond has an order too, so that pages neither repeat nor skip. */
export const byAge = (a: MediaFile, b: MediaFile): number =>
  b.modifiedAt - a.modifiedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
